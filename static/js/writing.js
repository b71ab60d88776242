// A small toolbar for a text, and files that are put into it.
import { csrf } from "./csrf.js";

export const area = document.querySelector("textarea[data-write]");

export const insert = (text, at = area.selectionStart, to = area.selectionEnd) => {
  area.focus();
  area.setRangeText(text, at, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
};

// Each tool wraps what is selected in its two signs.
const TOOLS = document.querySelector("template#write-tools");
const use = ({ before = "", after = "", line = "" }) => {
  const { selectionStart: from, selectionEnd: to } = area;
  const chosen = area.value.slice(from, to);
  const lines = () => (chosen || " ").split("\n").map((one) => line + one.trim());
  insert(line ? lines().join("\n") : before + chosen + after, from, to);
  if (!chosen && after) area.setSelectionRange(from + before.length, from + before.length);
};

// Lessons may be written in HTML instead, into which none of the signs go.
const format = () => area.form.elements.format;
const isHtml = () => format()?.value === "html";
const inHtml = (markdown) => {
  const [, words, address] = markdown.match(/^!\[(.*)\]\((.*)\)$/);
  // In a document that fetches nothing.
  const picture = document.implementation.createHTMLDocument("").createElement("img");
  picture.setAttribute("src", address);
  picture.setAttribute("alt", words);
  return picture.outerHTML;
};

// A file that nothing else holds yet is named by the form.
const keep = (key) => {
  if (!key) return;
  const kept = Object.assign(document.createElement("input"), { type: "hidden", name: "files", value: key });
  area.form.append(kept);
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
    insert(`${isHtml() ? inHtml(markdown) : markdown}\n\n`);
    keep(markdown.match(/\/files\/([0-9a-f-]{36})\//)?.[1]);
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
  const fit = () => {
    for (const tool of bar.querySelectorAll("[data-after], [data-line]")) tool.hidden = isHtml();
  };
  format()?.addEventListener("change", fit);
  fit();
  // Names are offered once "@" is typed; until then nothing is loaded for it.
  const mention = () => {
    if (!area.value.includes("@")) return;
    area.removeEventListener("input", mention);
    document.head.append(Object.assign(document.createElement("script"), { type: "module", src: TOOLS.dataset.mentions }));
  };
  if (TOOLS.dataset.mentions) area.addEventListener("input", mention);
  // Return would send the whole form.
  drawer.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.matches("button")) return;
    event.preventDefault();
    bring(bar);
  });
  // A picture that is pasted waits for the words that say what it shows.
  area.addEventListener("paste", (event) => {
    if (![...event.clipboardData.files].some(({ type }) => type.startsWith("image/"))) return;
    event.preventDefault();
    bar.querySelector("[data-file]").files = event.clipboardData.files;
    open(true);
    bar.querySelector("[data-alternative]").focus();
  });
}
