// Marking by keyboard: levels, verdict, comments, the next work. What changed is saved before the screen does.
import { csrf } from "./csrf.js";

const OFF = "ownpace:no-single-keys";
const STALE = [409, 422];
const part = (selector) => document.querySelector(`#screen ${selector}`);
const form = () => document.getElementById("mark");
const said = document.getElementById("marking-said");
const keys = document.getElementById("keys");
const bank = document.getElementById("bank");
const say = (words) => {
  said.textContent = "";
  said.textContent = words;
};

const valuesOf = (one) => JSON.stringify([...new FormData(one)].filter(([name]) => !/^(draft_|csrf)/.test(name)));
// As the server has it; what a draft brought back is not saved yet.
let saved = null;
let savedForm = null;

const begin = () => {
  const now = form();
  if (now === savedForm) return;
  savedForm = now;
  saved = now && !("unsaved" in now.dataset) && !document.querySelector("[data-draft-resumed]") ? valuesOf(now) : null;
  for (const button of document.querySelectorAll("[data-open-keys]")) button.hidden = false;
  if (open()) current(open());
  sum();
};

// --- the criteria -------------------------------------------------------------------------------

const criteria = () => [...document.querySelectorAll("#mark [data-criterion]")];
const open = () => criteria().find((one) => !one.querySelector(":checked")) ?? criteria()[0];
const current = (one) => {
  for (const other of criteria()) delete other.dataset.current;
  one.dataset.current = "";
};

const sum = (typed) => {
  const place = part("[data-sum]");
  if (!place) return;
  const chosen = [...form().querySelectorAll("[data-points]:checked")].map((one) => Number(one.dataset.points));
  const points = chosen.reduce((all, one) => all + one, 0);
  place.textContent = chosen.length ? place.dataset.words.replace("{points}", points) : "";
  const field = form().elements.points;
  // What somebody typed themselves stays.
  if (typed && chosen.length && (!field.value || field.dataset.summed === field.value)) {
    field.value = points;
    field.dataset.summed = field.value;
  }
};

const choose = (number) => {
  const one = document.activeElement.closest?.("[data-criterion]") ?? part("[data-criterion][data-current]") ?? open();
  const level = one?.querySelectorAll("input[type=radio]")[number - 1];
  if (!level) return;
  level.checked = true;
  level.dispatchEvent(new Event("input", { bubbles: true }));
  const title = (node) => node.textContent.trim();
  const words = said.dataset.chosen.replace("{criterion}", title(one.querySelector("legend")));
  say(words.replace("{level}", title(level.labels[0].querySelector("strong"))));
  const following = criteria()[criteria().indexOf(one) + 1];
  const next = following?.querySelector("input:checked, input") ?? level;
  current(following ?? one);
  next.focus({ preventScroll: true });
  (following ?? one).scrollIntoView({ block: "nearest" });
};

const verdict = (value) => {
  const box = form()?.querySelector(`[name=good_enough][value=${value}]`);
  if (!box) return;
  box.checked = true;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
  say(said.dataset.verdict.replace("{verdict}", box.labels[0].firstChild.textContent.trim()));
};

// --- saving, and going on -----------------------------------------------------------------------

const isChanged = () => form() && valuesOf(form()) !== saved;

// True when the server has what stands here. Two versions, or a mistake, are shown by sending the form itself.
const keep = async () => {
  if (!isChanged()) return true;
  const now = form();
  now.dispatchEvent(new CustomEvent("draft:stamp"));
  const sent = new FormData(now);
  const values = valuesOf(now);
  sent.set("csrfmiddlewaretoken", csrf(sent.get("csrfmiddlewaretoken")));
  try {
    const answer = await fetch(now.action, { method: "POST", body: sent, headers: { Accept: "application/json" }, redirect: "manual" });
    if (answer.ok) {
      saved = values;
      const { revision } = await answer.json();
      if (valuesOf(now) === values) now.dispatchEvent(new CustomEvent("draft:sent", { detail: { base: revision } }));
    } else if (STALE.includes(answer.status)) form().requestSubmit(part("[data-save]"));
    else say(said.dataset.offline);
    return answer.ok && (valuesOf(now) === values || keep());
  } catch {
    say(said.dataset.offline);
    return false;
  }
};

document.addEventListener("htmx:confirm", async (event) => {
  if (!event.detail.elt.matches?.("[data-go]")) return;
  event.preventDefault();
  if (await keep()) event.detail.issueRequest(true);
});
// Two versions beside each other, and what is wrong, are pages to be shown.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (STALE.includes(detail.xhr.status)) Object.assign(detail, { shouldSwap: true, isError: false });
  // htmx would go on in the field of the same name, which is that of other work.
  if (detail.target.id === "screen") document.activeElement.blur();
});
document.addEventListener("htmx:afterSettle", ({ target }) => {
  begin();
  const screen = document.getElementById("screen");
  if (target !== screen && !target.contains?.(screen)) return;
  const first = screen.querySelector("[data-focus], [data-first]") ?? screen.querySelector("[data-screen-title]");
  // Whoever has pressed a key meanwhile is further on.
  if (screen.contains(document.activeElement)) return;
  first?.focus();
  scrollTo(0, 0);
});
// The list itself may be gone from the bottom of the history: the browser loads it as it does any page.
htmx.config.refreshOnHistoryMiss = true;
// What is there can be used at once.
htmx.config.defaultSettleDelay = 0;

const go = (where) => {
  const link = part(`[data-go=${where}]`);
  if (link) link.click();
  else say(said.dataset.none);
};
const submit = (selector) => part(selector)?.click();

// --- the bank -----------------------------------------------------------------------------------

let into = null;
// Where it was written last: a browser forgets that while a dialog is open.
let spot = [0, 0];
const openBank = () => {
  const at = document.activeElement;
  into = at.matches("[data-bank]") ? at : into?.isConnected ? into : form()?.elements.source;
  if (!into) return;
  spot = at === into ? [into.selectionStart, into.selectionEnd] : [into.value.length, into.value.length];
  bank.showModal();
  const words = bank.querySelector("input");
  words.value = "";
  words.focus();
  words.dispatchEvent(new Event("bank:open"));
};
const insert = (text) => {
  bank.close();
  into.focus();
  const gap = spot[0] && !/\s$/.test(into.value.slice(0, spot[0])) ? " " : "";
  into.setRangeText(gap + text, ...spot, "end");
  into.dispatchEvent(new Event("input", { bubbles: true }));
};
bank?.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-insert]");
  if (button) insert(button.dataset.insert);
});
bank?.addEventListener("keydown", (event) => {
  const found = [...bank.querySelectorAll("[data-insert]")];
  const at = found.indexOf(document.activeElement);
  if (event.key === "Enter" && at < 0 && event.target.matches("input")) {
    event.preventDefault();
    if (found.length) insert(found[0].dataset.insert);
  }
  if (!["ArrowDown", "ArrowUp"].includes(event.key) || !found.length) return;
  event.preventDefault();
  const to = at + (event.key === "ArrowDown" ? 1 : -1);
  (found[to] ?? (to < 0 ? bank.querySelector("input") : found.at(-1))).focus();
});
// "Keep for later" answers in place.
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-keep]");
  if (!button || !button.formAction) return;
  event.preventDefault();
  const body = new FormData(button.form);
  body.set("source", button.value);
  body.set("csrfmiddlewaretoken", csrf(body.get("csrfmiddlewaretoken")));
  const answer = await fetch(button.formAction, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => null);
  const place = document.getElementById("kept");
  place.textContent = "";
  place.textContent = answer?.ok ? (await answer.text()).trim() : said.dataset.offline;
});

// --- the keys -----------------------------------------------------------------------------------

const TYPED = "textarea, select, input:not([type=radio], [type=checkbox], [type=button], [type=submit])";
const isOff = () => localStorage.getItem(OFF) !== null;
const box = document.getElementById("single-keys");
if (box) {
  box.checked = !isOff();
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "")));
}
document.addEventListener("click", ({ target }) => target.closest?.("[data-open-keys]") && keys.showModal());

const comment = () => document.dispatchEvent(new CustomEvent("marking:comment"));
const write = () => form()?.elements.source.focus();
const SINGLE = {
  j: () => go("after"),
  n: () => go("after"),
  k: () => go("before"),
  p: () => go("before"),
  g: () => verdict("yes"),
  y: () => verdict("no"),
  c: comment,
  w: write,
  b: openBank,
  s: () => submit("[data-save]"),
  r: () => submit("[data-release]"),
  "?": () => keys.showModal(),
};

const whileTyping = (event) => {
  const { key, ctrlKey, metaKey, altKey, target } = event;
  if ((ctrlKey || metaKey) && key === "Enter") {
    const own = target.form?.querySelector("[data-save], button:not([type=button])");
    return own ? () => own.click() : null;
  }
  if (altKey && key === "ArrowDown") return () => go("after");
  if (altKey && key === "ArrowUp") return () => go("before");
  if (altKey && key.toLowerCase() === "b") return openBank;
  if (key === "Escape" && target.matches?.(TYPED)) return () => target.blur();
  return null;
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]") || !document.getElementById("screen")) return;
  let act = whileTyping(event);
  const isSingle = !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.matches?.(`${TYPED}, [contenteditable]`);
  if (!act && isSingle && !isOff()) act = /^[1-8]$/.test(event.key) ? () => choose(Number(event.key)) : SINGLE[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
document.addEventListener("focusin", ({ target }) => {
  const one = target.closest?.("[data-criterion]");
  if (one) current(one);
  if (target.matches?.("[data-bank]")) into = target;
});
document.addEventListener("input", ({ target }) => target.matches?.("#mark [data-points]") && sum(true));
document.addEventListener("htmx:load", begin);
document.addEventListener("draft:filled", () => (saved = null));
begin();
