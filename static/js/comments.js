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

// Into view with as little scrolling as will do: the words that it is about are to stay in sight.
const enter = (field) => {
  field.focus({ preventScroll: true });
  field.form.scrollIntoView({ block: "nearest" });
  field.scrollIntoView({ block: "nearest" });
};

// Opens the form with what is selected, or was before the press that asks for it.
const compose = (place = text() && selected(text())) => {
  const details = composer();
  if (!details) return;
  const form = details.querySelector("form");
  details.open = true;
  if (place) {
    for (const [name, value] of Object.entries(place)) form.elements[name].value = value;
    if (form.elements.file) form.elements.file.value = "";
    paint("comment-shown", [find(text(), place)].filter(Boolean));
  }
  enter(form.elements.quote.value || !text() ? form.elements.source : form.elements.quote);
  form.dispatchEvent(new Event("input", { bubbles: true }));
};

// --- words that are selected by mouse or finger --------------------------------------------------

const OFFERS = "[data-comment-this], #composer > summary";
const button = () => document.querySelector("[data-comment-this]");
// A press may end the selection before it has become a click.
let held = null;

const beside = () => {
  const one = button();
  // While it is pressed it stays.
  if (!one || one.matches(":active")) return;
  one.hidden = !(text() && composer() && selected(text()));
  if (one.hidden) return;
  const words = [...getSelection().getRangeAt(0).getClientRects()].at(-1);
  const around = one.parentElement.getBoundingClientRect();
  const left = Math.max(0, Math.min(words.left - around.left, around.width - one.offsetWidth));
  Object.assign(one.style, { left: `${left}px`, top: `${words.bottom - around.top}px` });
};

document.addEventListener("selectionchange", beside);
document.addEventListener("pointerdown", ({ target }) => (held = target.closest?.(OFFERS) && text() && selected(text())));
document.addEventListener("mousedown", (event) => event.target.closest?.(OFFERS) && event.preventDefault());
document.addEventListener("click", (event) => {
  const offer = event.target.closest?.(OFFERS);
  const place = held ?? (text() && selected(text()));
  held = null;
  if (!offer || (composer().open && !place)) return;
  event.preventDefault();
  getSelection().removeAllRanges();
  if (button()) button().hidden = true;
  compose(place);
});

// --- pages and lines ------------------------------------------------------------------------------

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
  enter(form.elements.source);
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
document.addEventListener("marking:comment", () => compose());
begin();
