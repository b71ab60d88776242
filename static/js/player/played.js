// What is played is taken down, second by second.
import { draw } from "./drawn.js";
import { media, ms, now, told, watching } from "./page.js";
import { send } from "./sending.js";

const SEND_EVERY = 10_000;
// Browsers tell the time about four times a second, and later when they are busy: this much more than has passed is
// still playing, and beyond it lies a jump.
const SLACK = 0.5;

let from = null;
let to = null;
let looked = performance.now();
// The clock on the wall at `from` and at `to`.
let begun = null;
let heard = null;

// Whether playing on has led to `at`; then it was played.
const reaches = (at) => {
  const possible = ((performance.now() - looked) / 1000) * media.playbackRate + SLACK;
  if (to === null || at < to || at - to > possible) return false;
  [to, looked, heard] = [at, performance.now(), now()];
  return true;
};
const start = (at) => {
  [from, to, looked] = [at, at, performance.now()];
  begun = heard = now();
};
const wall = () => [[Math.floor(begun / 1000), Math.ceil(heard / 1000)]];

const take = () => {
  if (!watching) return;
  // What was played since the time was last told.
  if (from !== null && !media.seeking) reaches(media.currentTime);
  if (from !== null && media.ended) to = told.duration / 1000;
  const played = from !== null && to > from;
  watching.add(played ? [[ms(from), ms(to)]] : [], played ? wall() : [], ms(media.currentTime), now());
  [from, to] = media.seeking ? [null, null] : [to, to];
  begun = heard;
  draw();
};

const report = () => {
  take();
  send();
};

// Browsers play on for a moment after they have told of a pause: "play" closes that gap.
for (const name of ["play", "playing", "timeupdate"])
  media.addEventListener(name, () => {
    if (media.seeking || (media.paused && !media.ended)) return;
    const at = media.currentTime;
    if (!reaches(at)) {
      take();
      start(at);
    } else if (to - from >= 1) {
      // At once into the browser's store: a tab may end without a word.
      take();
    }
  });
media.addEventListener("seeking", () => {
  if (watching && from !== null && to > from) watching.add([[ms(from), ms(to)]], wall(), ms(media.currentTime), now());
  [from, to] = [null, null];
});
// At the end of a lecture it pauses, too.
for (const name of ["seeked", "pause"]) media.addEventListener(name, report);
setInterval(() => {
  if (!media.paused) report();
  else if (watching?.read()) send();
}, SEND_EVERY);
const leave = () => {
  if (!watching || (from === null && !watching.read())) return;
  if (from !== null) take();
  watching.flush();
};
addEventListener("pagehide", leave);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave());
addEventListener("online", async () => {
  if (!watching) return;
  await watching.sendOthers();
  send();
});
if (watching) {
  watching.sendOthers().then(send);
  draw();
}
