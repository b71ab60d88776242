// Notes save themselves: first on this device, then on the server, and stay on the device until the server has them.
import { csrf } from "./csrf.js";
import { clock } from "./watching.js";

const PREFIX = "ownpace:note:";
const IDLE = 900;
const notes = document.querySelector("[data-notes]");
const media = document.getElementById("player");
// Of this student and this lecture alone: others may use the same browser.
const OWN = `${PREFIX}${JSON.parse(document.querySelector("script#watching").textContent).key}:`;
const keyOf = (form) => OWN + form.dataset.note;

const backUp = (form) => {
  try {
    // With the version that it was written over: what was saved elsewhere meanwhile is not to be written over.
    const { text, at, version } = Object.fromEntries(new FormData(form));
    localStorage.setItem(keyOf(form), JSON.stringify({ text, at, version }));
  } catch {
    // Storage is full or forbidden: the server still gets it.
  }
};

const say = (form, words) => (form.querySelector("[data-state]").textContent = words);

// One save of a note at a time: the next has to name the version that this one makes.
const busy = new WeakSet();

const send = async (form) => {
  const sent = new FormData(form);
  if (busy.has(form)) return;
  if (!sent.get("text").trim() && !sent.get("version")) return localStorage.removeItem(keyOf(form));
  busy.add(form);
  say(form, notes.dataset.saving);
  sent.set("csrfmiddlewaretoken", csrf(sent.get("csrfmiddlewaretoken")));
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(form.action, { method: "POST", body: sent, headers, keepalive: true });
    busy.delete(form);
    // There is no more room for it: it stays here, and in the field.
    if (answer.status === 422) return say(form, (await answer.json()).error);
    if (!answer.ok) return say(form, answer.status === 401 || answer.status === 403 ? notes.dataset.away : notes.dataset.kept);
    taken(form, sent.get("text"), await answer.json());
    if (form.elements.text.value !== sent.get("text")) send(form);
  } catch {
    busy.delete(form);
    say(form, notes.dataset.kept);
  }
};

const taken = (form, text, { id, version, apart }) => {
  localStorage.removeItem(keyOf(form));
  // Words that were written over a newer state are a note of their own from here on.
  if (id !== form.dataset.note) name(form, id);
  const hidden = () => form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "version" }));
  (form.elements.version ?? hidden()).value = version;
  form.querySelector("[data-delete]").hidden = false;
  if (form.elements.text.value !== text) backUp(form);
  say(form, apart ? notes.dataset.apart : notes.dataset.saved);
};

const name = (form, id) => {
  const remove = form.querySelector("[data-delete]");
  remove.setAttribute("formaction", remove.getAttribute("formaction").replace(form.dataset.note, id));
  form.action = form.action.replace(/[^/]+\/$/, `${id}/`);
  form.dataset.note = id;
};

const care = (form) => {
  const area = form.elements.text;
  let timer = null;
  const grow = () => {
    area.style.blockSize = "auto";
    area.style.blockSize = `${area.scrollHeight + 2}px`;
  };
  area.addEventListener("input", () => {
    const at = form.querySelector("[data-at]");
    // The second of a new note is the one at which its first letter was written.
    if (at && !form.dataset.begun) at.value = clock(media.currentTime);
    form.dataset.begun = "yes";
    backUp(form);
    grow();
    clearTimeout(timer);
    timer = setTimeout(() => send(form), IDLE);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    // A note that is deleted does not come back from this device.
    if (event.submitter?.matches("[data-delete]")) return localStorage.removeItem(keyOf(form));
    event.preventDefault();
    send(form);
  });
  const given = form.querySelector("[data-at]");
  if (given && given.value !== given.defaultValue) form.dataset.begun = "yes";
  given?.addEventListener("input", () => (form.dataset.begun = "yes"));
  const kept = JSON.parse(localStorage.getItem(keyOf(form)) ?? "null");
  if (kept && kept.text !== area.value) {
    area.value = kept.text;
    if (form.elements.version) form.elements.version.value = kept.version ?? 1;
    send(form);
  } else if (kept) localStorage.removeItem(keyOf(form));
  const save = form.querySelector("[data-save]");
  // Whoever had got to it goes on at the words, not at the top of the page.
  if (save === document.activeElement) area.focus();
  save.hidden = true;
  // Typed while this module was on its way.
  if (!kept && area.value !== area.defaultValue) area.dispatchEvent(new Event("input"));
  else if (area.value) grow();
};

// A new note that never reached the server has no form on this page any more: it gets one again.
const adopt = (blank) => {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(OWN))) {
    const id = key.slice(OWN.length);
    if (!notes.querySelector(`[data-note="${id}"]`)) another(blank, id, JSON.parse(localStorage.getItem(key)));
  }
};

const another = (blank, id = crypto.randomUUID(), kept = null) => {
  const row = blank.closest("li").cloneNode(true);
  const form = row.querySelector("form");
  name(form, id);
  delete form.dataset.begun;
  form.elements.version?.remove();
  form.querySelector("[data-delete]").hidden = true;
  form.elements.text.id = `note-${id}`;
  row.querySelector("label[for]").htmlFor = `note-${id}`;
  form.elements.text.value = "";
  say(form, "");
  const at = form.querySelector("[data-at]");
  at.value = at.defaultValue = kept?.at ?? clock(media.currentTime);
  if (kept) form.dataset.begun = "yes";
  notes.querySelector("ol").append(row);
  care(form);
  if (!kept) form.elements.text.focus();
};

if (notes) {
  const blank = notes.querySelector("form:has([data-at])");
  notes.querySelectorAll("form[data-note]").forEach(care);
  adopt(blank);
  const button = notes.querySelector("[data-another]");
  button.hidden = false;
  button.addEventListener("click", () => another(blank));
  const sendKept = () => {
    for (const form of notes.querySelectorAll("form[data-note]")) if (localStorage.getItem(keyOf(form))) send(form);
  };
  addEventListener("online", sendKept);
  // Left, perhaps for good; or come back to, perhaps after signing in elsewhere.
  document.addEventListener("visibilitychange", sendKept);
  addEventListener("pagehide", sendKept);
}
