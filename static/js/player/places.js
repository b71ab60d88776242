// Where to begin, and where to go: links into the lecture, and its chapters.
import { clock } from "../watching.js";
import { find, media, root, told, watching } from "./page.js";

const go = (seconds, { play = true } = {}) => {
  media.currentTime = seconds;
  if (play) media.play().catch(() => {});
};
const asked = new URLSearchParams(location.search).get("at");
const left = watching?.read();
const begin = asked !== null ? Number(asked) : left && left.at > told.positionAt ? left.position / 1000 : told.position / 1000;
if (find("resumed") && begin > 0) find("resumed").textContent = clock(begin);
const atStart = () => {
  if (begin > 0 && begin * 1000 < told.duration - 3000 && Math.abs(media.currentTime - begin) > 0.5) media.currentTime = begin;
};
if (media.readyState >= 1) atStart();
else media.addEventListener("loadedmetadata", atStart, { once: true });

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-from]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(Number(link.dataset.from) / 1000);
});
const chapters = [...root.querySelectorAll(".chapters a")].map((link) => Number(link.dataset.from) / 1000);
for (const button of root.querySelectorAll("[data-chapter]"))
  button.addEventListener("click", () => {
    const here = media.currentTime;
    // As with songs: "before" first leads to the beginning of this one.
    const next = chapters.find((at) => at > here + 0.5);
    const before = chapters.filter((at) => at < here - 2).at(-1) ?? 0;
    go(button.dataset.chapter === "1" ? (next ?? media.duration) : before, { play: !media.paused });
  });
