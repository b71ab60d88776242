// Before somebody signs out, what is on this device alone is handed to the server, and asked about where it can't be.
// Then this person's copies are deleted: others may use the same browser.
import { csrf } from "./csrf.js";
import { copies, settle, stored } from "./draft_copies.js";

const NOTE = /^ownpace:note:(\d+):(\d+):([0-9a-f-]{36})$/;
const FORBIDDEN = 403;
const area = document.querySelector("[data-signing-out]");
const form = area.querySelector("form");
const question = area.querySelector("[data-left]");

// Notes beside a lecture (js/notes.js) have no address in their copy, but all that makes one.
const settleNote = async (name) => {
  const [, writer, activity, id] = name.match(NOTE);
  const copy = stored(name);
  const body = new FormData();
  for (const [field, value] of Object.entries({ ...copy, writer })) if (value !== undefined) body.set(field, value);
  body.set("csrfmiddlewaretoken", csrf(form.elements.csrfmiddlewaretoken.value));
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(`/lessons/${activity}/notes/${id}/`, { method: "POST", body, headers });
    if (answer.ok) localStorage.removeItem(name);
    // Somebody else wrote it in this browser: it is theirs to send.
    return answer.ok || answer.status === FORBIDDEN ? null : { name, words: copy.text };
  } catch {
    return { name, words: copy.text };
  }
};

// What the server did not take, with its first words.
const leftOver = async () => {
  const left = [];
  for (const name of await copies(area.dataset.signingOut, true)) {
    const { copy, answer } = await settle(name, area.dataset.address);
    if (answer.status === 200) continue;
    left.push({ name, page: copy.page, words: Object.values(copy.fields).join(" · ") });
  }
  for (const name of Object.keys(localStorage).filter((one) => NOTE.test(one))) left.push(await settleNote(name));
  return left.filter(Boolean);
};

const ask = (left) => {
  const rows = left.map(({ page, words }) => {
    const row = document.createElement("li");
    // Within this site, whatever this browser's store says.
    const link = document.createElement(page?.match(/^\/(?![/\\])/) ? "a" : "span");
    if (page) link.href = page;
    link.textContent = words.slice(0, 200);
    link.dir = "auto";
    row.append(link);
    return row;
  });
  question.querySelector("ul").replaceChildren(...rows);
  question.hidden = false;
  question.focus();
};

let left = [];
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  left = await leftOver();
  if (left.length) ask(left);
  // Past this listener, and also while the press is still being told about.
  else form.submit();
});
question.querySelector("[data-delete]").addEventListener("click", () => {
  for (const { name } of left) localStorage.removeItem(name);
  form.submit();
});
