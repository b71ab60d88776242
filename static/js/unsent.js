// Asks before what was typed into a form is lost, at a link or a closed tab. It keeps nothing; js/drafts.js may.
const changed = new Set();
let sending = false;

// A file that was chosen is nothing that a draft can keep.
const isKept = (form) => "kept" in form.dataset && ![...form.elements].some((field) => field.type === "file" && field.value);

const ask = (event) => {
  if (sending || [...changed].every(isKept)) return;
  event.preventDefault();
  // For browsers that ask only then.
  event.returnValue = true;
};

// Only from then on: a page that listens for this is not kept for the back button by every browser.
const change = (form) => {
  changed.add(form);
  addEventListener("beforeunload", ask);
};

// A page can't give a file back to the form that it came in.
const KEEPS = "textarea, input:not([type=hidden], [type=file], [type=checkbox], [type=radio])";
const holdsWords = (form) => [...form.elements].some((field) => field.matches(KEEPS) && field.value);

// A page that came back with a question has saved nothing, nor has one that came back with a fault in this form.
const asked = document.querySelector(".notice[data-focus]");
for (const form of document.querySelectorAll("main form.form[method=post]")) {
  form.addEventListener("input", () => change(form));
  if (asked || form.matches("[data-unsaved]") || (form.querySelector(".wrong") && holdsWords(form))) change(form);
}

// Another form of the page, such as the search in its head, would leave behind what stands in this one.
document.addEventListener("submit", ({ target, defaultPrevented }) => {
  sending = !defaultPrevented && (target.matches("[data-confirms]") || [...changed].every((form) => form === target));
});
// Still here, or here again: the request failed, or somebody went back.
addEventListener("pageshow", () => (sending = false));
