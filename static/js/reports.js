// What was seen and not yet acknowledged, kept across reloads, lost connections and expired sign-ins.
const PREFIX = "ownpace:seen:";
const LONGEST = 200;
// What can never be taken: too old, or not a report. Anything else (signed out, somebody else's turn at this computer,
// an error on the server) is sent again when a lesson is next opened.
const FINAL = 400;
const GONE = 410;

// Reports go to lessons of this site and nowhere else, whatever a page or this browser's store says.
export const isOurs = (address) => /^\/lessons\/\d+\/(beacon|watch)\/$/.test(address);

// What is no report of ours must not keep the others from being sent.
const read = (entry) => {
  try {
    return JSON.parse(entry) ?? {};
  } catch {
    return {};
  }
};

// Said once on a page, where it is seen and where it is heard.
export const tellGone = (words) => {
  if (!words || document.querySelector("[data-gone]")) return;
  const notice = document.createElement("p");
  notice.className = "notice warning";
  notice.dataset.gone = "";
  notice.textContent = words;
  document.querySelector("main").prepend(notice);
  document.getElementById("live").textContent = words;
};

export class Reports {
  constructor(store, post) {
    this.store = store;
    this.post = post;
  }

  keep(token, address, ranges) {
    const entry = JSON.stringify({ address, visible: ranges.slice(-LONGEST) });
    try {
      this.store.setItem(PREFIX + token, entry);
    } catch {
      // Storage is full or forbidden: this report is still sent from memory.
      this.unsaved = { [PREFIX + token]: entry };
    }
  }

  // True when the server says that the activity is done. `more` is what is so now, and not worth keeping.
  async send(token, more) {
    const key = PREFIX + token;
    const entry = this.store.getItem(key) ?? this.unsaved?.[key];
    if (entry == null) return false;
    const { address, visible } = read(entry);
    if (!isOurs(address)) {
      this.store.removeItem(key);
      return false;
    }
    try {
      const answer = await this.post(address, JSON.stringify({ opening: token, visible, ...more }));
      // Deleted meanwhile. The report stays, in case that is taken back.
      if (answer.status === GONE) tellGone((await answer.json()).gone);
      if (!answer.ok && answer.status !== FINAL) return false;
      if (this.store.getItem(key) === entry) this.store.removeItem(key);
      return answer.ok && !answer.redirected && (await answer.json()).done;
    } catch {
      return false;
    }
  }

  async sendAll() {
    const tokens = Object.keys(this.store).filter((key) => key.startsWith(PREFIX));
    for (const key of tokens) await this.send(key.slice(PREFIX.length));
  }
}

