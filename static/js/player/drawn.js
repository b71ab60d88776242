// What was watched, as a bar and in words.
import { clock, union } from "../watching.js";
import { find, told, watching } from "./page.js";

// What the server has.
let covered = told.covered;

export const cover = (ranges) => {
  covered = ranges;
  draw();
};

export const draw = () => {
  const all = union([...covered, ...(watching?.read()?.ranges ?? [])]);
  const share = (part) => (part / told.duration) * 100;
  const bar = find("drawn");
  bar.querySelectorAll(".bar-done").forEach((part) => part.remove());
  for (const [start, end] of all) {
    const part = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const box = { class: "bar-done", x: share(start), width: share(end - start), height: 4 };
    for (const [name, value] of Object.entries(box)) part.setAttribute(name, value);
    bar.append(part);
  }
  const played = all.reduce((sum, [start, end]) => sum + end - start, 0);
  if (!played) return;
  const words = find("watched-words").content.cloneNode(true);
  words.querySelector("[data-percent]").textContent = Math.floor(share(played));
  find("watched").replaceChildren(words);
  find("parts").textContent = all.map(([start, end]) => `${clock(start / 1000)}–${clock(end / 1000)}`).join(", ");
};
