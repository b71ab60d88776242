// While "@" and a part of a name are typed, names are offered in a list below the text: a listbox whose options the
// arrows reach while the focus stays in the text. Nothing is chosen unasked: whoever types on just types.
// js/forum.js loads it at the first "@".
const TYPED = /(?:^|[^\p{L}\p{N}_@/.])@([\p{L}\p{N}_][^\n@]{0,40})$/u;
const PAUSE = 150;

const offer = (area, { names, people, offered }) => {
  const list = Object.assign(document.createElement("ul"), { id: "names", className: "names", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", people);
  const said = Object.assign(document.createElement("p"), { className: "unseen" });
  said.setAttribute("role", "status");
  area.after(list, said);
  area.setAttribute("aria-autocomplete", "list");
  let at, timer, asked, nobody;

  const typed = () => area.selectionStart === area.selectionEnd && area.value.slice(0, area.selectionEnd).match(TYPED)?.[1];
  const chosen = () => list.querySelector("[aria-selected]");

  const close = () => {
    clearTimeout(timer);
    asked = null;
    list.hidden = true;
    said.textContent = "";
    for (const name of ["aria-controls", "aria-activedescendant"]) area.removeAttribute(name);
  };

  const show = async (words) => {
    asked = words;
    const answer = await fetch(`${names}?q=${encodeURIComponent(words)}`).catch(() => null);
    const options = answer?.ok ? await answer.text() : "";
    if (asked !== words) return;
    if (!options.trim()) {
      nobody = answer?.ok && words;
      return close();
    }
    at = area.selectionEnd - words.length;
    list.innerHTML = options;
    list.hidden = false;
    list.style.insetBlockStart = `${area.offsetTop + area.offsetHeight}px`;
    list.scrollIntoView({ block: "nearest" });
    said.textContent = offered;
    area.setAttribute("aria-controls", list.id);
    area.removeAttribute("aria-activedescendant");
  };

  const look = () => {
    const words = typed();
    close();
    // Where nobody is called so, nobody is called more.
    if (words && !(nobody && words.startsWith(nobody))) timer = setTimeout(show, PAUSE, words);
  };

  const move = (step) => {
    const options = [...list.children];
    const next = options.at((options.indexOf(chosen()) + step) % options.length);
    chosen()?.removeAttribute("aria-selected");
    next.setAttribute("aria-selected", "true");
    area.setAttribute("aria-activedescendant", next.id);
  };

  const choose = (option) => {
    area.setRangeText(`${option.textContent} `, at, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    close();
  };

  area.addEventListener("input", look);
  area.addEventListener("blur", close);
  area.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const { key } = event;
    if (key === "ArrowDown") move(1);
    else if (key === "ArrowUp") move(chosen() ? -1 : 0);
    else if (key === "Escape") close();
    else if ((key === "Enter" || key === "Tab") && chosen()) choose(chosen());
    else return;
    event.preventDefault();
  });
  // Before the text loses the focus.
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
  look();
};

offer(document.querySelector("textarea[data-write]"), document.querySelector("template#write-tools").dataset);
