// What is typed into a form with `data-draft` is kept: first on this device, then on the server, until it is sent.
import { PREFIX, copies, post, settle } from "./draft_copies.js";
import "./staying.js";

// The server has it two seconds after the last letter, and never later than five after the first.
const IDLE = 2000;
const LATEST = 5000;
const AGAIN = 15000;
const TEXTS = "textarea, [type=text], [type=search], [type=url], [type=email]";
const CHOICES = "select, [type=checkbox], [type=radio], [type=number], [type=date], [type=datetime-local]";

const valueOf = (field) => (field.type === "checkbox" && !field.checked ? "" : field.value);
// As the server wrote it, whatever was typed since.
const givenOf = (field) => {
  if (field.type === "checkbox") return field.defaultChecked ? field.value : "";
  if (field.options) return ([...field.options].find((one) => one.defaultSelected) ?? field.options[0])?.value;
  return field.defaultValue;
};

class Writer {
  constructor(form) {
    const { draft: place, person, key, revision, base, address } = form.dataset;
    const writer = crypto.randomUUID();
    Object.assign(this, { form, place, key, base, address, writer, seq: 0 });
    this.person = Number(person);
    this.revision = Number(revision);
    this.name = `${PREFIX}${person}:${place}:${writer}`;
    this.area = form.querySelector("[data-draft-area]");
    this.acknowledged = "unsaved" in form.dataset ? "" : JSON.stringify(this.content(givenOf));
    // A browser that puts back what was typed would put it into the form of another sending.
    form.autocomplete = "off";
    // As long as somebody holds it, no other tab takes the copy for one that was left behind.
    this.gone = new AbortController();
    navigator.locks?.request(this.name, () => new Promise((end) => (this.gone.signal.onabort = end))).catch(() => {});
    form.addEventListener("input", () => this.typed());
    // A script that sends the form by itself says so before, and what it is written over once the server has it.
    form.addEventListener("draft:stamp", () => this.stamp());
    form.addEventListener("draft:sent", ({ detail }) => this.sent(detail.base));
    // Typed while this module was on its way, or come back with a fault.
    if (this.isDirty) this.typed();
    this.adopt();
  }

  content(read = valueOf) {
    const files = new FormData(this.form).getAll("files").filter((one) => one.trim);
    const found = { fields: {}, choices: {}, files, weighs: "draftWeighs" in this.form.dataset };
    for (const field of this.form.elements) {
      const isText = field.matches(TEXTS);
      if (!field.name || !(isText || field.matches(CHOICES))) continue;
      if (field.type !== "radio") found[isText ? "fields" : "choices"][field.name] = read(field);
      else if (read === valueOf ? field.checked : field.defaultChecked) found.choices[field.name] = field.value;
    }
    return found;
  }

  get isDirty() {
    return JSON.stringify(this.content()) !== this.acknowledged;
  }

  record(seq) {
    const { person, place, key, revision, writer, base } = this;
    return { person, place, key, revision, writer, base, seq, page: location.pathname + location.search, ...this.content() };
  }

  keep() {
    try {
      localStorage.setItem(this.name, JSON.stringify(this.record(this.seq + 1)));
      this.form.dataset.kept = "";
    } catch {
      // Storage is full or forbidden: only the server gets it.
      delete this.form.dataset.kept;
    }
  }

  typed() {
    // Still writing: what was pressed before is not what would be sent.
    this.pressed = null;
    this.isDropped = false;
    this.saved("");
    this.keep();
    this.since ??= Date.now();
    this.later(Math.min(IDLE, this.since + LATEST - Date.now()));
  }

  later(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.again(), delay);
  }

  // True when the server has the text, or can do without. One at a time: the next names the revision that this one makes.
  async send(anyway) {
    clearTimeout(this.timer);
    while (this.busy) await this.busy;
    if (this.isDropped || this.isTwo || this.gone.signal.aborted) return false;
    if (!anyway && !this.isDirty) return true;
    this.busy = this.attempt();
    try {
      return await this.busy;
    } finally {
      this.busy = null;
    }
  }

  async attempt() {
    this.since = null;
    const content = JSON.stringify(this.content());
    const answer = await post(this.address, this.record((this.seq += 1)));
    const { status } = answer;
    if (status === 200) return this.taken(content, answer);
    if (status === 409) return this.differs(answer);
    this.isAway = status === 401 || status === 403;
    const isKept = "kept" in this.form.dataset;
    const { away, kept, unkept } = this.area.dataset;
    if (status === 422) this.say(answer.error);
    else this.say(!isKept ? unkept : this.isAway ? away : kept);
    if (status !== 422) this.later(AGAIN);
    // A fault of this service keeps nobody from sending.
    return status >= 400 && status < 502 && !this.isAway;
  }

  taken(content, { key, revision, saved, closed }) {
    Object.assign(this, { key, revision, acknowledged: content, isAway: false });
    this.form.elements.draft_key.value = key;
    this.say("");
    if (this.isDirty) {
      this.keep();
      this.later(IDLE);
    } else {
      localStorage.removeItem(this.name);
      this.form.dataset.kept = "";
      // Sent from another page, or before the browser led back to this one.
      if (closed && !this.pressed && this.form.isConnected) location.replace(location.pathname + location.search);
      else this.saved(saved);
    }
    return true;
  }

  say(words) {
    const place = this.area.querySelector("[data-draft-said]");
    if (place.textContent !== words) place.textContent = words;
    this.area.querySelector("[data-draft-sign-in]").hidden = !this.isAway;
    if (words) this.saved("");
  }

  saved(words) {
    this.area.querySelector("[data-draft-saved]").textContent = words;
  }

  // What stands elsewhere, as the server tells it or `from` a copy; js/draft_versions.js puts both beside each other.
  differs(theirs) {
    if (theirs.key && !this.isDirty && !this.pressed) return this.show(theirs);
    this.isTwo = true;
    this.pressed = null;
    this.say(this.area.dataset.differs);
    const meet = () => this.form.dispatchEvent(new CustomEvent("draft:two", { bubbles: true, detail: { writer: this, theirs } }));
    const script = document.createElement("script");
    document.head.append(Object.assign(script, { type: "module", src: this.area.dataset.versions, onload: meet }));
    return false;
  }

  // Something that the server has, over which nothing was typed here.
  show({ key, revision, saved, ...theirs }) {
    this.fill(theirs);
    return this.taken(JSON.stringify(this.content()), { key, revision, saved });
  }

  fill({ fields, choices, files }) {
    for (const [name, value] of Object.entries({ ...fields, ...choices })) {
      const field = this.form.elements[name];
      if (field?.type === "checkbox") field.checked = Boolean(value);
      else if (field) field.value = value;
    }
    this.form.dispatchEvent(new CustomEvent("draft:filled", { bubbles: true, detail: { files } }));
  }

  // What earlier openings of this form left on this device, and what waits there for other places.
  async adopt() {
    for (const name of await copies(this.person)) {
      if (name === this.name) continue;
      const { copy, answer } = await settle(name, this.address);
      if (copy?.place !== this.place || answer.closed) continue;
      if (answer.status === 409 && this.holds(copy)) localStorage.removeItem(name);
      else if (answer.status === 409) this.differs({ ...copy, key: null, from: name });
      else if (!this.isDirty && answer.status === 200) this.show({ ...copy, ...answer });
      else if (!this.isDirty && answer.status !== 200 && copy.revision === this.revision) this.takeOver(name, copy);
    }
  }

  // Every word of a copy stands here: it came before this text, and is no second version of it.
  holds({ fields, choices, files }) {
    const mine = this.content();
    return (
      Object.entries(fields).every(([name, words]) => mine.fields[name]?.includes(words.trim())) &&
      JSON.stringify(choices) === JSON.stringify(mine.choices) &&
      files.every((one) => mine.files.includes(one))
    );
  }

  // The server does not take it now: it is shown, and counts as unsaved.
  takeOver(name, copy) {
    this.fill(copy);
    this.key = copy.key;
    this.typed();
    if ("kept" in this.form.dataset) localStorage.removeItem(name);
  }

  // Sent only once the server was heard of: no press is lost to a line that is down or a sign-in that has ended.
  async press(button) {
    this.pressed = { button };
    // Whoever sends what they found here, as the server has it, loses nothing either.
    if (!("kept" in this.form.dataset)) this.keep();
    if (await this.send(true)) this.submit();
    else if (this.isAway) this.pressed = null;
    else if (this.pressed && "kept" in this.form.dataset) this.say(this.area.dataset.queued);
  }

  stamp() {
    const { key, revision, writer } = this;
    for (const [name, value] of Object.entries({ key, revision, writer, seq: (this.seq += 1) })) {
      this.form.elements[`draft_${name}`].value = value;
    }
  }

  sent(base) {
    this.base = this.form.elements.draft_base.value = base;
    this.acknowledged = JSON.stringify(this.content());
    localStorage.removeItem(this.name);
    this.form.dataset.kept = "";
  }

  submit() {
    const { pressed } = this;
    if (!pressed) return;
    this.pressed = null;
    this.stamp();
    this.goes = true;
    this.form.requestSubmit(pressed.button);
    this.goes = false;
  }

  // Later, back online, back in sight, or signed in again.
  async again() {
    if (await this.send(Boolean(this.pressed))) this.submit();
  }

  // Discarded: what was typed goes no further, unless somebody types on.
  drop() {
    this.isDropped = true;
    localStorage.removeItem(this.name);
    this.form.dataset.kept = "";
  }
}

const writers = new Map();

const care = () => {
  for (const [form, writer] of writers) {
    if (form.isConnected) continue;
    // Swapped for another: what was typed last goes along.
    writer.send().finally(() => writer.gone.abort());
    writers.delete(form);
  }
  for (const form of document.querySelectorAll("form[data-draft]")) {
    if (!writers.has(form)) writers.set(form, new Writer(form));
  }
};

const everyone = (act) => () => [...writers.values()].forEach(act);
const again = everyone((writer) => writer.again());

const pressed = (event) => {
  const writer = writers.get(event.target);
  if (event.target.matches("[data-draft-discard]")) everyone((one) => one.drop())();
  if (!writer || writer.goes) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  writer.press(event.submitter ?? undefined);
};

addEventListener("submit", pressed, true);
addEventListener("online", again);
document.addEventListener("visibilitychange", again);
addEventListener("pagehide", everyone((writer) => writer.send()));
// Kept by the browser as it was: the server knows what was sent since.
addEventListener("pageshow", ({ persisted }) => persisted && everyone((writer) => writer.send(true))());
document.addEventListener("htmx:load", care);
care();
