// What HTML cannot do beside a lecture: take down what was played, go on where it was left, keep speed and captions,
// follow in the transcript. Playing, captions, transcript and notes work without it.
import "./transcript.js";
import { clock, union, Watching } from "./watching.js";

const SEND_EVERY = 10_000;
// Browsers tell the time about four times a second, and later when they are busy: this much more than has passed is
// still playing, and beyond it lies a jump.
const SLACK = 0.5;
const KEPT = "ownpace:player";

const media = document.getElementById("player");
const told = JSON.parse(document.querySelector("script#watching").textContent);
const opening = JSON.parse(document.querySelector("script#opening")?.textContent ?? "{}");
const root = document.querySelector("[data-lecture]");
const find = (name) => root.querySelector(`[data-${name}]`);
const clockAhead = told.now - Date.now();
const now = () => Date.now() + clockAhead;
const ms = (seconds) => Math.round(seconds * 1000);

// ---- what people chose, kept on this device; what they did not choose here comes from their settings

const chosen = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
const kept = { speed: told.speed, captions: told.captions, volume: 1, muted: false, ...chosen };
const keep = (values) => {
  // Setting them tells of itself, too.
  if (Object.entries(values).every(([name, value]) => kept[name] === value)) return;
  Object.assign(kept, values);
  try {
    localStorage.setItem(KEPT, JSON.stringify(Object.assign(chosen, values)));
  } catch {
    // Then it holds for this page.
  }
};
const speed = find("speed");
const spoken = () => [...media.textTracks].filter((track) => track.kind === "captions");
const useKept = () => {
  media.playbackRate = media.defaultPlaybackRate = kept.speed;
  media.volume = kept.volume;
  media.muted = kept.muted;
};
const showCaptions = () => {
  const among = spoken();
  const track = [kept.language, told.language].map((tag) => among.find((one) => one.language === tag)).find(Boolean);
  for (const one of among) one.mode = kept.captions && one === (track ?? among[0]) ? "showing" : "disabled";
};
const showSpeed = () => {
  const value = String(media.playbackRate);
  if (![...speed.options].some((option) => option.value === value)) speed.add(new Option(`${value}×`, value));
  speed.value = value;
};
speed.addEventListener("change", () => (media.playbackRate = media.defaultPlaybackRate = Number(speed.value)));
media.addEventListener("ratechange", () => {
  showSpeed();
  keep({ speed: media.playbackRate });
});
media.addEventListener("volumechange", () => keep({ volume: media.volume, muted: media.muted }));
useKept();
showSpeed();
// Hours of captions come when they are needed, not with the page.
if (told.light) showCaptions();
else media.addEventListener("play", showCaptions, { once: true });
// Choosing a track for the first time is the browser's doing, not the student's.
setTimeout(() => {
  media.textTracks.addEventListener("change", () => {
    const shown = spoken().find((track) => track.mode === "showing");
    keep({ captions: Boolean(shown), ...(shown && { language: shown.language }) });
  });
}, 0);

// ---- what was played

const watching = told.key
  ? new Watching(localStorage, { key: told.key, address: told.address, token: opening.token, csrf: opening.csrf })
  : null;
let from = null;
let to = null;
let looked = performance.now();
// The clock on the wall at `from` and at `to`.
let begun = null;
let heard = null;
let covered = told.covered;

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

const draw = () => {
  const all = union([...covered, ...(watching?.read()?.ranges ?? []), ...(from === null ? [] : [[ms(from), ms(to)]])]);
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
  find("watched").textContent = find("watched").dataset.words.replace("0", Math.floor(share(played)));
  find("parts").textContent = all.map(([start, end]) => `${clock(start / 1000)}–${clock(end / 1000)}`).join(", ");
};

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

const say = (name) => {
  const words = root.querySelector("[data-waiting-words]");
  const told = words.dataset[name] ?? "";
  // The same words again would be read out again.
  if (words.textContent !== told) words.textContent = told;
  find("sign-in").hidden = name !== "away";
};

let sending = false;
let more = false;
const send = async () => {
  more = sending;
  if (!watching || sending) return;
  sending = true;
  const answer = await watching.send();
  sending = false;
  // What was added on the way, such as the last second before a pause, need not wait for the next turn.
  if (more) send();
  say(answer === 0 ? "kept" : [401, 403, 409].includes(answer) ? "away" : "");
  if (!answer?.covered) return;
  covered = answer.covered;
  draw();
  const standing = document.querySelector("section#standing[data-waiting]");
  if (answer.done && standing) htmx.ajax("GET", standing.dataset.address, { target: standing, swap: "outerHTML" });
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

// ---- where to begin, and where to go

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
const small = find("pip");
if (small && document.pictureInPictureEnabled && media.matches("video")) {
  small.hidden = false;
  small.addEventListener("click", () =>
    (document.pictureInPictureElement ? document.exitPictureInPicture() : media.requestPictureInPicture()).catch(() => {}),
  );
}
find("tools").hidden = false;

// ---- the notes' script comes when somebody turns to them, or plays: a line may break at any time after that

const notes = document.querySelector("[data-notes]");
if (notes) {
  const come = () => import("./notes.js");
  if (Object.keys(localStorage).some((name) => name.startsWith(`ownpace:note:${told.key}:`))) come();
  notes.addEventListener("focusin", come, { once: true });
  notes.addEventListener("pointerenter", come, { once: true });
  media.addEventListener("playing", come, { once: true });
}
