// What the page says of its lecture, for every module of the player.
import { Watching } from "../watching.js";

export const media = document.getElementById("player");
export const told = JSON.parse(document.querySelector("script#watching").textContent);
export const root = document.querySelector("[data-lecture]");
export const find = (name) => root.querySelector(`[data-${name}]`);
export const ms = (seconds) => Math.round(seconds * 1000);

const clockAhead = told.now - Date.now();
export const now = () => Date.now() + clockAhead;

// What was played and is not acknowledged yet; null for everybody who does not study here.
const opening = JSON.parse(document.querySelector("script#opening")?.textContent ?? "{}");
export const watching = told.key
  ? new Watching(localStorage, { key: told.key, address: told.address, token: opening.token, csrf: opening.csrf })
  : null;
