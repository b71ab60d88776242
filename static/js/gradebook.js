// The gradebook by keyboard: one stop for Tab, arrows from cell to cell, and marks that are typed in their place.
const table = document.querySelector("[data-gradebook]");
const cellOf = (node) => node?.closest?.("td, th");
// What stands in a cell and can be pressed; an open cell has a form instead.
const linkIn = (cell) => cell?.querySelector(":scope > a");
const opens = (link) => link?.pathname.endsWith("/cell/");

let stop = null;
const stopAt = (cell) => {
  const target = linkIn(cell) ?? cell;
  if (stop && stop !== target) stop.tabIndex = -1;
  stop = target;
  stop.tabIndex = 0;
  return target;
};
const go = (cell) => {
  if (!cell) return;
  (cell.querySelector("form input:not([type=hidden]), form select") ?? stopAt(cell)).focus();
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
};
const at = (row, column) => table.rows[row]?.cells[column];
const placeOf = (cell) => [cell.parentElement.rowIndex, cell.cellIndex];

// Each open cell with what stood there before.
const before = new Map();
const fieldOf = (cell) => cell.querySelector("input:not([type=hidden]):checked, input:not([type=hidden]):not([type=radio]), select, input[type=radio]");
const open = (cell) => {
  const [row, column] = placeOf(cell);
  htmx.ajax("GET", linkIn(cell).href, { target: cell, swap: "outerHTML" }).then(() => {
    const now = at(row, column);
    if (!now.querySelector("form")) return;
    before.set(now, cell);
    fieldOf(now)?.focus();
    fieldOf(now)?.select?.();
  });
};
const leave = (cell) => {
  // Of two marks, whoever leaves has chosen: what stands there now is not what stood there before.
  const theirs = cell.querySelector("[value=theirs]");
  if (theirs) return theirs.click();
  const closed = before.get(cell);
  if (!closed) return;
  before.delete(cell);
  cell.replaceWith(closed);
  go(closed);
};

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const sideways = () => (getComputedStyle(table).direction === "rtl" ? -1 : 1);

const begin = () => {
  for (const link of table.querySelectorAll("a")) link.tabIndex = -1;
  stopAt(at(1, 1));
  document.querySelector("[data-keys]").hidden = false;
};

table?.addEventListener("keydown", (event) => {
  const cell = cellOf(event.target);
  if (!cell || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const form = event.target.closest("form");
  if (event.key === "Escape" && before.has(cell)) leave(cell);
  else if (event.key === "Enter" && event.target.matches("form select")) form.requestSubmit();
  else if (!form && !event.target.closest("details") && event.key in MOVES) {
    const [row, column] = placeOf(cell);
    const [down, along] = MOVES[event.key];
    go(at(row + down, column + along * sideways()));
  } else return;
  event.preventDefault();
});
table?.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!opens(link) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(cellOf(link));
});
table?.addEventListener("focusin", ({ target }) => {
  if (target === stop || target.closest("form, details")) return;
  const cell = cellOf(target);
  if (cell) stopAt(cell);
});
// What is wrong with a mark, and two marks to choose from, are shown in the cell.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if ([409, 422].includes(detail.xhr.status)) Object.assign(detail, { shouldSwap: true, isError: false });
});
let saved = null;
table?.addEventListener("htmx:beforeRequest", ({ target }) => {
  const cell = cellOf(target);
  saved = target.matches("form") ? { cell, place: placeOf(cell), before: before.get(cell) } : null;
});
document.addEventListener("htmx:afterSettle", () => {
  if (!saved) return;
  const { cell, place, before: closed } = saved;
  const now = at(...place);
  if (now === cell) return;
  saved = null;
  before.delete(cell);
  if (now.querySelector("form")) {
    before.set(now, closed);
    fieldOf(now)?.focus();
    return;
  }
  go(at(place[0] + 1, place[1]) ?? now);
});
// What was typed stays where it is.
for (const failed of ["htmx:sendError", "htmx:responseError"]) {
  table?.addEventListener(failed, ({ target, detail }) => {
    // To save again helps where a connection was lost, and not where the right to it was.
    const refused = [403, 404].includes(detail.xhr?.status);
    for (const note of target.querySelectorAll?.("[data-not-saved]") ?? []) {
      note.hidden = (note.dataset.notSaved === "refused") !== refused;
    }
  });
}
if (table) begin();
