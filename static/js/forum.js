// What HTML cannot do in a forum: telling what was read, and quoting what was selected.
import { csrf } from "./csrf.js";
import { area, insert } from "./writing.js";

const posts = document.querySelector("ol.posts[data-read]");

// Posts are read once they were in view for a moment; numbers are sent together, also as the page is left.
const seen = new Set();
const tell = () => {
  if (!seen.size) return;
  const body = new FormData();
  body.set("numbers", [...seen].join(","));
  body.set("csrfmiddlewaretoken", csrf(document.querySelector("#act [name=csrfmiddlewaretoken]").value));
  seen.clear();
  fetch(posts.dataset.read, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } }).catch(() => {});
};
if (posts) {
  const waiting = new Map();
  const watch = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        clearTimeout(waiting.get(target));
        if (!isIntersecting) continue;
        const read = () => {
          seen.add(target.dataset.number);
          watch.unobserve(target);
        };
        waiting.set(target, setTimeout(read, 800));
      }
    },
    { rootMargin: "0px 0px -15% 0px" },
  );
  for (const post of posts.querySelectorAll("[data-new]")) watch.observe(post);
  setInterval(tell, 3000);
  addEventListener("pagehide", tell);
  document.addEventListener("visibilitychange", tell);
}

// A part of a post that is selected is quoted alone, into the reply below.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-quote]");
  const chosen = getSelection().toString().trim();
  const post = link?.closest(".post");
  if (!link || !area || !chosen || !post.contains(getSelection().anchorNode)) return;
  event.preventDefault();
  const name = post.querySelector("strong").textContent.trim();
  const lines = chosen.split("\n").map((line) => `> ${line}`);
  const gap = area.value && !area.value.endsWith("\n\n") ? "\n\n" : "";
  insert(`${gap}> **${name}:**\n>\n${lines.join("\n")}\n\n`, area.value.length, area.value.length);
});
