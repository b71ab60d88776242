// Speed, captions and volume: what people chose, kept on this device; what they did not choose here comes from their
// settings.
import { find, media, told } from "./page.js";

const KEPT = "ownpace:player";
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
// Not there beside a lecture without captions, and without a picture to put them on.
const captions = find("captions");
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
const shown = () => spoken().find((track) => track.mode === "showing");
const showChoice = () => captions && (captions.value = shown()?.language ?? "");
if (captions) captions.closest("label").hidden = !spoken().length;
captions?.addEventListener("change", () => {
  for (const one of spoken()) one.mode = one.language === captions.value ? "showing" : "disabled";
});
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
// Hours of captions come when they are needed, not with the page; what will be shown then is said now.
if (told.light) showCaptions();
else media.addEventListener("play", showCaptions, { once: true });
if (told.light || !kept.captions) showChoice();
else if (captions) captions.value = [kept.language, told.language].find((tag) => spoken().some((one) => one.language === tag)) ?? "";
// Choosing a track for the first time is the browser's doing, not the student's.
setTimeout(() => {
  media.textTracks.addEventListener("change", () => {
    const track = shown();
    showChoice();
    keep({ captions: Boolean(track), ...(track && { language: track.language }) });
  });
}, 0);
