// Comments beside the words that they are about: marked in the text, found from either side, and made of a selection.
import { find, paint, selected } from "./quotes.js";

const text = () => document.querySelector('[data-work="text"]');
const composer = () => document.getElementById("composer");
const rows = () => [...document.querySelectorAll("[data-comment]")];

const rangeOf = (row) => {
  const { quote, before, after, start } = row.dataset;
  return quote && !row.dataset.file && text() ? find(text(), { quote, before, after, start: Number(start) }) : null;
};

let ranges = new Map();
const mark = () => {
  if (!text()) return;
  ranges = new Map();
  // Elements around words move what is looked for next: all are found first.
  for (const row of rows()) {
    const range = rangeOf(row);
    if (range) ranges.set(row, range);
  }
  paint("comments", [...ranges.values()]);
};

const show = (row) => {
  for (const one of rows()) delete one.dataset.shown;
  if (row) row.dataset.shown = "";
  const range = row && ranges.get(row);
  paint("comment-shown", range ? [range] : []);
  return range;
};

// Opens the form with what is selected, or with the page of a document that the focus is in.
export const compose = () => {
  const place = text() && selected(text());
  const details = composer();
  if (!details) return;
  const form = details.querySelector("form");
  details.open = true;
  if (place) {
    for (const [name, value] of Object.entries(place)) form.elements[name].value = value;
    if (form.elements.file) form.elements.file.value = "";
  }
  (form.elements.quote.value || !text() ? form.elements.source : form.elements.quote).focus();
  form.dispatchEvent(new Event("input", { bubbles: true }));
};

const placeOf = (part) => ({
  ofFile: part.closest("[data-work-file]").dataset.workFile,
  ofPage: part.dataset.page ?? part.dataset.line,
});

const onPage = ({ ofFile, ofPage }) => {
  const form = composer().querySelector("form");
  composer().open = true;
  form.elements.file.value = ofFile;
  form.elements.page.value = ofPage;
  form.elements.quote.value = "";
  form.elements.source.focus();
  form.dispatchEvent(new Event("input", { bubbles: true }));
};

// A page of a document has a button of its own.
const offer = () => {
  const words = composer()?.dataset.onPage;
  if (!words) return;
  for (const page of document.querySelectorAll("[data-work-file] img[data-page]")) {
    if (page.dataset.offered) continue;
    page.dataset.offered = "";
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button quiet" });
    button.textContent = words.replace("{number}", page.dataset.page);
    Object.assign(button.dataset, placeOf(page));
    page.after(button);
  }
};

const begin = () => {
  offer();
  mark();
};

document.addEventListener("click", (event) => {
  const page = event.target.closest?.("[data-of-page]");
  if (page) return onPage(page.dataset);
  // A line of a text file is commented on by its number.
  const line = event.target.closest?.("[data-work-file] [data-line]");
  if (line && getSelection().isCollapsed && composer()) return onPage(placeOf(line));
  const row = event.target.closest?.("[data-comment]");
  if (row && !event.target.closest("a, button, textarea")) show(row)?.startContainer.parentElement.scrollIntoView({ block: "nearest" });
  if (text()?.contains(event.target) && getSelection().isCollapsed) {
    const at = document.caretPositionFromPoint?.(event.clientX, event.clientY);
    const hit = at && [...ranges].find(([, range]) => range.isPointInRange(at.offsetNode, at.offset));
    if (hit) {
      show(hit[0]);
      hit[0].scrollIntoView({ block: "nearest" });
    }
  }
});
// Words that somebody pastes in the place of those that were selected stand somewhere else.
document.addEventListener("input", ({ target, isTrusted }) => {
  if (!isTrusted || !target.matches?.("[data-quote]")) return;
  const { start, before, after } = target.form.elements;
  const range = text() && find(text(), { quote: target.value });
  start.value = before.value = after.value = "";
  paint("comment-shown", range ? [range] : []);
});
document.addEventListener("htmx:load", begin);
document.addEventListener("htmx:afterSettle", ({ target }) => {
  begin();
  const fresh = document.querySelector("#comments[data-fresh]");
  if (target.id !== "comments" || !fresh) return;
  const row = document.getElementById(`comment-${fresh.dataset.fresh}`);
  if (!row) return;
  show(row);
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
});
document.addEventListener("marking:comment", compose);
begin();
