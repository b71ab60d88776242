// What HTML cannot do in a forum: telling what was read, quoting what was selected, and a small toolbar.
import { csrf } from "./reports.js";

const posts = document.querySelector("ol.posts[data-read]");
const area = document.querySelector("textarea[data-write]");

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

const insert = (text, at = area.selectionStart, to = area.selectionEnd) => {
  area.focus();
  area.setRangeText(text, at, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
};

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

// Each tool wraps what is selected in its two signs.
const TOOLS = document.querySelector("template#write-tools");
if (area && TOOLS) {
  const bar = TOOLS.content.firstElementChild.cloneNode(true);
  area.before(bar);
  bar.addEventListener("click", ({ target }) => {
    const tool = target.closest("button");
    if (!tool) return;
    const { selectionStart: from, selectionEnd: to } = area;
    const { before = "", after = "", line = "" } = tool.dataset;
    const chosen = area.value.slice(from, to);
    const text = line ? (chosen || " ").split("\n").map((one) => line + one.trim()).join("\n") : before + chosen + after;
    insert(text, from, to);
    if (!chosen && after) area.setSelectionRange(from + before.length, from + before.length);
  });
}
