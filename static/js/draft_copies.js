// Copies of texts on this device, and handing them to the server.
// A copy belongs to one opening of a form (its writer), and is there while the server lacks something.
import { csrf } from "./csrf.js";

export const PREFIX = "ownpace:draft:";
const PATIENCE = 20000;
// More may not outlive its page.
const OUTLIVES = 60000;

// The answer's words and status: 0 where there was none, 401 where a sign-in page came in its place.
export const post = async (address, said) => {
  const body = JSON.stringify(said);
  const token = csrf(document.querySelector("[name=csrfmiddlewaretoken]")?.value);
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  const keepalive = new Blob([body]).size < OUTLIVES;
  try {
    const signal = AbortSignal.timeout?.(PATIENCE);
    const answer = await fetch(address, { method: "POST", body, headers, keepalive, signal, redirect: "manual" });
    if (answer.type === "opaqueredirect") return { status: 401 };
    const words = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    return { ...words, status: answer.status };
  } catch {
    return { status: 0 };
  }
};

const names = (person) => Object.keys(localStorage).filter((name) => name.startsWith(`${PREFIX}${person}:`));

// Of one person; not what another tab is at, unless `all`.
export const copies = async (person, all) => {
  if (all) return names(person);
  const held = (await navigator.locks?.query())?.held.map((lock) => lock.name) ?? [];
  return names(person).filter((name) => !held.includes(name));
};

export const stored = (name) => {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
};

// The server alone knows whether a copy is news; once it has the words they are not needed here.
export const settle = async (name, address) => {
  const entry = localStorage.getItem(name);
  const copy = stored(name);
  const answer = copy ? await post(address, copy) : { status: 200 };
  if (answer.status === 200 && localStorage.getItem(name) === entry) localStorage.removeItem(name);
  return { copy, answer };
};
