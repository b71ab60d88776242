// Marks the words that each comment is about, and leads from one to the other.
import { find, paint } from "./quotes.js";

const text = document.querySelector("[data-work=text]");
const places = new Map();

const lead = (comment, go) => {
  const link = comment.querySelector("[data-comment-place]");
  link.href = "#sent-title";
  link.addEventListener("click", (event) => {
    event.preventDefault();
    go();
  });
};

for (const comment of document.querySelectorAll("[data-comment]")) {
  const { file, page, quote, before, after, start } = comment.dataset;
  const range = !file && quote && text ? find(text, { quote, before, after, start: Number(start) }) : null;
  const place = file && document.querySelector(`[data-work-file="${file}"] :is([data-page="${page}"], [data-line="${page}"])`);
  if (range) {
    places.set(comment, range);
    lead(comment, () => {
      paint("comment-now", [range]);
      range.startContainer.parentElement.scrollIntoView({ block: "center" });
    });
  } else if (place) {
    lead(comment, () => place.scrollIntoView({ block: "start" }));
  }
}
paint("commented", [...places.values()]);

// Words that were marked lead to what was said of them.
text?.addEventListener("click", ({ clientX: x, clientY: y }) => {
  const holds = ({ left, right, top, bottom }) => left <= x && x <= right && top <= y && y <= bottom;
  const found = [...places].find(([, range]) => [...range.getClientRects()].some(holds));
  if (!found) return;
  paint("comment-now", [found[1]]);
  found[0].scrollIntoView({ block: "nearest" });
});
