// What HTML cannot do in a forum: telling what was read, quoting what was selected, and a small toolbar.
import { csrf } from "./csrf.js";

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
const use = ({ before = "", after = "", line = "" }) => {
  const { selectionStart: from, selectionEnd: to } = area;
  const chosen = area.value.slice(from, to);
  const lines = () => (chosen || " ").split("\n").map((one) => line + one.trim());
  insert(line ? lines().join("\n") : before + chosen + after, from, to);
  if (!chosen && after) area.setSelectionRange(from + before.length, from + before.length);
};

// A file is sent when it is added, and its address written into the text.
const bring = async (bar) => {
  const part = (name) => bar.querySelector(`[data-${name}]`);
  const say = (words) => (part("said").textContent = words);
  const body = new FormData();
  const file = part("file").files[0];
  if (!file) return part("file").focus();
  body.set("file", file);
  body.set("alternative", part("alternative").value);
  body.set("csrfmiddlewaretoken", csrf(area.form.elements.csrfmiddlewaretoken.value));
  say("…");
  try {
    const answer = await fetch(TOOLS.dataset.bring, { method: "POST", body, headers: { Accept: "application/json" } });
    const { markdown, error } = await answer.json();
    say(error ?? "");
    if (!markdown) return part("alternative").focus();
    insert(`${markdown}\n`);
    const kept = Object.assign(document.createElement("input"), { type: "hidden", name: "files" });
    kept.value = markdown.match(/files\/([0-9a-f-]{36})\//)[1];
    area.form.append(kept);
    part("file").value = part("alternative").value = "";
  } catch {
    say(TOOLS.dataset.failed);
  }
};

if (area && TOOLS) {
  const bar = TOOLS.content.firstElementChild.cloneNode(true);
  const drawer = bar.querySelector(".write-file");
  const opener = bar.querySelector("[data-open]");
  const open = (shown) => {
    drawer.hidden = !shown;
    opener.setAttribute("aria-expanded", shown);
  };
  area.before(bar);
  area.form.querySelector(".no-script").hidden = true;
  bar.addEventListener("click", ({ target }) => {
    const tool = target.closest("button");
    if (tool === opener) open(drawer.hidden);
    else if (tool?.matches("[data-add]")) bring(bar);
    else if (tool) use(tool.dataset);
  });
  // Names are offered once "@" is typed; until then nothing is loaded for it.
  const mention = () => {
    if (!area.value.includes("@")) return;
    area.removeEventListener("input", mention);
    document.head.append(Object.assign(document.createElement("script"), { type: "module", src: TOOLS.dataset.mentions }));
  };
  area.addEventListener("input", mention);
  // A picture that is pasted waits for the words that say what it shows.
  area.addEventListener("paste", (event) => {
    if (![...event.clipboardData.files].some(({ type }) => type.startsWith("image/"))) return;
    event.preventDefault();
    bar.querySelector("[data-file]").files = event.clipboardData.files;
    open(true);
    bar.querySelector("[data-alternative]").focus();
  });
}
