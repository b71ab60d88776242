// Notes save themselves: first on this device, then on the server, and stay on the device until the server has them.
import { csrf } from "./csrf.js";

const PREFIX = "ownpace:note:";
const IDLE = 900;
const notes = document.querySelector("[data-notes]");
const media = document.getElementById("player");
// Of this student and this lecture alone: others may use the same browser.
const OWN = `${PREFIX}${JSON.parse(document.getElementById("watching").textContent).key}:`;
const keyOf = (form) => OWN + form.dataset.note;

const clock = () => {
  const s = Math.floor(media.currentTime);
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(s / 3600);
  return `${hours ? `${hours}:${two(Math.floor(s / 60) % 60)}` : Math.floor(s / 60)}:${two(s % 60)}`;
};

const backUp = (form) => {
  try {
    const { text, at } = Object.fromEntries(new FormData(form));
    localStorage.setItem(keyOf(form), JSON.stringify({ text, at }));
  } catch {
    // Storage is full or forbidden: the server still gets it.
  }
};

const say = (form, words) => (form.querySelector("[data-state]").textContent = words);

// One save of a note at a time: the next has to name the version that this one makes.
const busy = new WeakSet();

const send = async (form) => {
  const sent = new FormData(form);
  if (busy.has(form) || (!sent.get("text").trim() && !sent.get("version"))) return;
  busy.add(form);
  say(form, notes.dataset.saving);
  sent.set("csrfmiddlewaretoken", csrf(sent.get("csrfmiddlewaretoken")));
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent, headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    taken(form, sent.get("text"), await answer.json());
  } catch {
    say(form, notes.dataset.kept);
  }
  busy.delete(form);
  const again = form.elements.text.value !== sent.get("text") && form.querySelector("[data-state]").textContent !== notes.dataset.kept;
  if (again) send(form);
};

const taken = (form, text, { id, version, apart }) => {
  if (form.elements.text.value === text) localStorage.removeItem(keyOf(form));
  // Words that were written over a newer state are a note of their own from here on.
  if (id !== form.dataset.note) {
    form.action = form.action.replace(/[^/]+\/$/, `${id}/`);
    form.dataset.note = id;
  }
  const hidden = () => form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "version" }));
  (form.elements.version ?? hidden()).value = version;
  say(form, apart ? notes.dataset.apart : notes.dataset.saved);
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
    if (at && !form.dataset.begun) at.value = clock();
    form.dataset.begun = "yes";
    backUp(form);
    grow();
    clearTimeout(timer);
    timer = setTimeout(() => send(form), IDLE);
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter && !event.submitter.matches("[data-save]")) return;
    event.preventDefault();
    clearTimeout(timer);
    send(form);
  });
  const kept = JSON.parse(localStorage.getItem(keyOf(form)) ?? "null");
  if (kept && kept.text !== area.value) {
    area.value = kept.text;
    send(form);
  }
  form.querySelector("[data-save]").hidden = true;
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
  form.action = form.action.replace(/[^/]+\/$/, `${id}/`);
  form.dataset.note = id;
  delete form.dataset.begun;
  form.elements.version?.remove();
  form.elements.text.id = `note-${id}`;
  row.querySelector("label[for]").htmlFor = `note-${id}`;
  form.elements.text.value = "";
  say(form, "");
  form.querySelector("[data-at]").value = kept?.at ?? clock();
  if (kept) form.dataset.begun = "yes";
  notes.querySelector("ol").append(row);
  care(form);
  if (kept) {
    form.elements.text.value = kept.text;
    send(form);
  } else form.elements.text.focus();
};

if (notes) {
  const blank = notes.querySelector("form:has([data-at])");
  notes.querySelectorAll("form[data-note]").forEach(care);
  adopt(blank);
  const button = notes.querySelector("[data-another]");
  button.hidden = false;
  button.addEventListener("click", () => another(blank));
  addEventListener("online", () => {
    for (const form of notes.querySelectorAll("form[data-note]")) if (localStorage.getItem(keyOf(form))) send(form);
  });
}
