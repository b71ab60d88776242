// Asking about a second of a lecture, and “lost here”: both take the second at which the player stands.
import { clock } from "./watching.js";
import { media } from "./player/page.js";

const form = document.querySelector("form[data-asking]");
if (form) {
  const words = form.querySelector("[data-ask]");
  const lost = form.querySelector("[data-lost]");
  const take = () => {
    const at = clock(media.currentTime);
    if (form.elements.at.value === at && words.dataset.said) return;
    words.dataset.said = form.elements.at.value = at;
    words.textContent = words.dataset.ask.replace("{time}", at);
  };
  for (const name of ["timeupdate", "seeked", "loadedmetadata"]) media.addEventListener(name, take);
  // Before anybody else hears of the press.
  form.addEventListener("click", take, true);
  take();
  // Whoever was on “Undo” goes on at what it took back.
  document.addEventListener("htmx:afterSettle", ({ target }) => {
    if (target.matches(".lost-said") && document.activeElement === document.body) lost.focus();
  });
}
