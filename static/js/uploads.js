// Each file is sent when it is chosen, and again whole after a lost line. The form names what arrived, and so its draft keeps it.
import { csrf } from "./csrf.js";

const PAUSES = [1000, 3000, 8000, 20000, 60000];
const MOST = 10;
const LARGEST = 50 * 1024 * 1024;

class Files {
  constructor(box) {
    this.box = box;
    this.form = box.closest("form");
    this.list = box.querySelector("[data-files-list]");
    this.input = box.querySelector("[type=file]");
    this.queue = [];
    const drop = box.querySelector("[data-files-drop]");
    drop.hidden = false;
    for (const row of this.list.children) this.offerRemoval(row);
    this.input.addEventListener("change", () => {
      this.add([...this.input.files]);
      this.input.value = "";
    });
    const over = (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      drop.classList.toggle("over", event.type === "dragover");
      if (event.type === "drop") this.add([...event.dataTransfer.files]);
    };
    for (const type of ["dragover", "dragleave", "drop"]) box.addEventListener(type, over);
    this.list.addEventListener("click", ({ target }) => {
      const row = target.closest("[data-file-remove]")?.closest("li");
      if (row) this.remove(row);
    });
    this.form.addEventListener("draft:filled", ({ detail }) => this.relist(detail.files ?? []));
    // Still writing: what was pressed before is not what would be sent.
    this.form.addEventListener("input", ({ isTrusted }) => isTrusted && (this.pressed = null));
  }

  say(words) {
    this.box.querySelector("[data-files-said]").textContent = words;
  }

  part(row, name) {
    return row.querySelector(`[data-file-${name}]`);
  }

  newRow(name) {
    const row = this.box.querySelector("template").content.firstElementChild.cloneNode(true);
    this.name(row, { name });
    this.list.append(row);
    this.offerRemoval(row);
    return row;
  }

  offerRemoval(row) {
    this.part(row, "remove").hidden = false;
  }

  name(row, { name, size = "", address }) {
    for (const place of row.querySelectorAll("[data-file-name]")) place.textContent = name;
    this.part(row, "size").textContent = size;
    if (address) this.part(row, "name").href = address;
  }

  add(files) {
    for (const file of files) {
      if (this.list.children.length >= MOST) return this.say(this.box.dataset.full);
      if (file.size > LARGEST) {
        this.say(`${file.name} ${this.box.dataset.large}`);
        continue;
      }
      this.queue.push({ file, row: this.newRow(file.name), tries: 0 });
    }
    this.next();
  }

  // One at a time: over a thin line, two would both take twice as long.
  next() {
    if (this.busy || !this.queue.length) return;
    clearTimeout(this.timer);
    const [item] = this.queue;
    this.busy = item;
    this.send(item);
  }

  send(item) {
    const { row, file } = item;
    const bar = this.part(row, "progress");
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.set("csrfmiddlewaretoken", csrf(this.form.elements.csrfmiddlewaretoken.value));
    body.set("file", file);
    item.request = request;
    bar.hidden = false;
    bar.value = 0;
    bar.setAttribute("aria-label", `${this.box.dataset.sending}: ${file.name}`);
    this.part(row, "said").textContent = this.box.dataset.sending;
    request.upload.onprogress = ({ loaded, total }) => (bar.value = total ? loaded / total : 0);
    request.onloadend = () => this.answered(item, request.status, request.response);
    request.open("POST", this.box.dataset.bring);
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    request.send(body);
  }

  answered(item, status, answer) {
    if (item.isGone) return;
    this.busy = null;
    this.part(item.row, "progress").hidden = true;
    const made = status === 200 && answer?.files?.[0];
    if (made) this.taken(item, made);
    else if (answer?.error && status >= 400 && status < 500) this.refused(item, answer.error);
    else return this.later(item, status > 0 && status < 500 && status !== 429);
    this.queue.shift();
    if (this.queue.length) this.next();
    else this.submit();
  }

  taken({ row }, made) {
    this.hold(row, made.key);
    this.name(row, made);
    this.part(row, "said").textContent = this.box.dataset.there;
    this.say(`${made.name}: ${this.box.dataset.there}`);
    this.changed();
  }

  refused({ row, file }, error) {
    this.pressed = null;
    this.part(row, "said").textContent = error;
    this.say(`${file.name}: ${error}`);
  }

  // The line is down, or the sign-in has ended: the file is here still, and goes again whole.
  later(item, isAway) {
    const words = isAway ? this.box.dataset.away : this.box.dataset.waits;
    this.part(item.row, "said").textContent = words;
    this.say(words);
    this.timer = setTimeout(() => this.next(), PAUSES[Math.min(item.tries, PAUSES.length - 1)]);
    item.tries += 1;
  }

  hold(row, key) {
    row.dataset.file = key;
    const held = Object.assign(document.createElement("input"), { type: "hidden", name: "files", value: key });
    row.prepend(held);
  }

  changed() {
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  remove(row) {
    const { file: key } = row.dataset;
    const place = row.nextElementSibling ?? row.previousElementSibling;
    const name = this.part(row, "name").textContent;
    const item = this.queue.find((one) => one.row === row);
    if (item) {
      item.isGone = true;
      this.queue = this.queue.filter((one) => one !== item);
      item.request?.abort();
      if (this.busy === item) this.busy = null;
      this.next();
    }
    row.remove();
    (place ? this.part(place, "remove") : this.input).focus();
    this.say(`${this.box.dataset.removed}: ${name}`);
    if (key) this.forget(key);
    if (!this.queue.length) this.submit();
  }

  forget(key) {
    this.changed();
    const body = new FormData();
    body.set("csrfmiddlewaretoken", csrf(this.form.elements.csrfmiddlewaretoken.value));
    body.set("remove", key);
    // Lost on the way, it goes by itself once no draft names it.
    fetch(this.box.dataset.bring, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } }).catch(() => {});
  }

  // A draft from elsewhere names these: they are held at once, and called by their names when the server has told them.
  relist(keys) {
    const rows = new Map([...this.list.children].filter(({ dataset }) => dataset.file).map((row) => [row.dataset.file, row]));
    for (const [key, row] of rows) if (!keys.includes(key)) row.remove();
    this.unnamed = keys.filter((key) => !rows.has(key));
    for (const key of this.unnamed) this.hold(this.newRow(this.box.dataset.unnamed), key);
    this.learn();
  }

  async learn() {
    const asked = this.unnamed ?? [];
    if (!asked.length) return;
    const query = new URLSearchParams(asked.map((key) => ["files", key]));
    try {
      const answer = await fetch(`${this.box.dataset.bring}?${query}`, { headers: { Accept: "application/json" } });
      const { files } = await answer.json();
      this.unnamed = [];
      for (const key of asked) {
        const row = this.list.querySelector(`[data-file="${key}"]`);
        const found = files.find((one) => one.key === key);
        if (row && found) this.name(row, found);
        else if (row) this.lose(row);
      }
    } catch {
      // Asked again when the line is back.
    }
  }

  lose(row) {
    row.remove();
    this.say(this.box.dataset.gone);
    this.changed();
  }

  press(event) {
    if (!this.queue.some(({ row }) => row.isConnected)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.pressed = { button: event.submitter ?? undefined };
    this.say(this.box.dataset.held);
    this.form.dispatchEvent(new CustomEvent("files:held", { bubbles: true }));
  }

  submit() {
    const { pressed } = this;
    this.pressed = null;
    if (pressed) this.form.requestSubmit(pressed.button);
  }

  again() {
    this.learn();
    this.next();
  }
}

const boxes = new Map();

const care = () => {
  for (const box of boxes.keys()) if (!box.isConnected) boxes.delete(box);
  for (const box of document.querySelectorAll("[data-files]")) if (!boxes.has(box)) boxes.set(box, new Files(box));
};
const again = () => document.visibilityState === "visible" && boxes.forEach((one) => one.again());

addEventListener("submit", (event) => [...boxes.values()].find(({ form }) => form === event.target)?.press(event), true);
addEventListener("online", again);
document.addEventListener("visibilitychange", again);
addEventListener("beforeunload", (event) => {
  if ([...boxes.values()].some(({ queue }) => queue.length)) event.preventDefault();
});
document.addEventListener("htmx:load", care);
care();
