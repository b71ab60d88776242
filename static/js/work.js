// That work is being handed in is told at once, before its files have arrived: a due date is held against that moment.
import { csrf } from "./csrf.js";

const form = document.querySelector("form[data-work]");
const begun = new Set();

const begin = async () => {
  const key = form.elements.draft_key.value;
  if (begun.has(key)) return;
  begun.add(key);
  const body = new FormData();
  body.set("draft_key", key);
  body.set("csrfmiddlewaretoken", csrf(form.elements.csrfmiddlewaretoken.value));
  const headers = { Accept: "application/json" };
  const answer = await fetch(form.dataset.begin, { method: "POST", body, headers, keepalive: true }).catch(() => null);
  // Pressed again, or sent when the line is back, it is told again.
  if (!answer?.ok) begun.delete(key);
};

// Before js/uploads.js and js/drafts.js hold the form back.
addEventListener("submit", ({ target, submitter }) => target === form && submitter?.matches("[data-hand-in]") && begin(), true);
