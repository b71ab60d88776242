// What HTML cannot do beside a lecture: take down what was played, go on where it was left, keep speed and captions,
// follow in the transcript. Playing, captions, transcript and notes work without it.
import "./transcript.js";
import "./player/choices.js";
import "./player/played.js";
import "./player/places.js";
import { find, media, told } from "./player/page.js";

const small = find("pip");
if (small && document.pictureInPictureEnabled && media.matches("video")) {
  small.hidden = false;
  small.addEventListener("click", () =>
    (document.pictureInPictureElement ? document.exitPictureInPicture() : media.requestPictureInPicture()).catch(() => {}),
  );
}
find("tools").hidden = false;

// The notes' script comes when somebody turns to them, or plays: a line may break at any time after that.
const notes = document.querySelector("[data-notes]");
if (notes) {
  const come = () => import("./notes.js");
  if (Object.keys(localStorage).some((name) => name.startsWith(`ownpace:note:${told.key}:`))) come();
  notes.addEventListener("focusin", come, { once: true });
  notes.addEventListener("pointerenter", come, { once: true });
  media.addEventListener("playing", come, { once: true });
}
