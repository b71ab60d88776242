// Two versions of one text beside each other, until their writer has chosen. js/drafts.js loads it when they meet.
const meetings = new WeakMap();

const lay = (area, writer, { fields }) => {
  const lines = Object.entries(fields).flatMap(([name, words]) => {
    if (!words.trim()) return [];
    const label = Object.assign(document.createElement("p"), { className: "small soft" });
    label.textContent = writer.form.elements[name]?.labels?.[0]?.textContent.trim() ?? "";
    const text = Object.assign(document.createElement("p"), { className: "draft-words", dir: "auto" });
    text.textContent = words;
    return [label, text];
  });
  area.replaceChildren(...lines);
};

const show = (writer, others) => {
  const section = writer.area.querySelector("[data-draft-two]");
  section.hidden = !others.length;
  if (section.hidden) return;
  lay(section.querySelector("[data-draft-mine]"), writer, writer.content());
  lay(section.querySelector("[data-draft-theirs]"), writer, others[0]);
};

const together = (writer, mine, theirs) => {
  const fields = Object.entries({ ...theirs.fields, ...mine.fields }).map(([name, words]) => {
    const other = theirs.fields[name] ?? "";
    const between = writer.form.elements[name]?.matches?.("textarea") ? "\n\n" : " / ";
    return [name, words === other ? words : [words, other].filter((one) => one.trim()).join(between)];
  });
  return { ...mine, fields: Object.fromEntries(fields) };
};

const choose = (writer, others, which) => {
  const theirs = others.shift();
  if (which === "theirs") writer.fill(theirs);
  if (which === "both") writer.fill(together(writer, writer.content(), theirs));
  // Of a copy on this device, the server knows nothing.
  writer.acknowledged = "";
  if (!theirs.from) Object.assign(writer, { key: theirs.key, revision: theirs.revision });
  writer.isTwo = others.length > 0;
  writer.say(writer.isTwo ? writer.area.dataset.differs : "");
  writer.typed();
  if (theirs.from) localStorage.removeItem(theirs.from);
  show(writer, others);
  writer.send();
  writer.form.querySelector("textarea")?.focus();
};

const meet = (writer) => {
  const others = [];
  meetings.set(writer, others);
  writer.form.addEventListener("input", () => show(writer, others));
  writer.area.addEventListener("click", ({ target }) => {
    const which = target.dataset.draftKeep;
    if (which && others.length) choose(writer, others, which);
  });
  return others;
};

document.addEventListener("draft:two", ({ detail: { writer, theirs } }) => {
  const others = meetings.get(writer) ?? meet(writer);
  // The server has one version, and tells its latest.
  const known = others.findIndex((other) => other.from === theirs.from);
  others.splice(known < 0 ? others.length : known, known < 0 ? 0 : 1, theirs);
  show(writer, others);
});
