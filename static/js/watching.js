// Which milliseconds of a lecture were played and not yet acknowledged, kept across reloads, lost connections and
// expired sign-ins, for each student of this browser apart. What the server answers "later" stays here until it counts.
import { csrf } from "./csrf.js";
import { isOurs, tellGone } from "./reports.js";

const PREFIX = "ownpace:watch:";
const REFUSED = 400;

// A place in a recording as people read it: 61.5 as "1:01", 3661 as "1:01:01".
export const clock = (at) => {
  const s = Math.floor(at);
  const [hours, minutes, seconds] = [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
};

export const union = (ranges) => {
  const out = [];
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else out.push([start, end]);
  }
  return out;
};

const without = (ranges, taken) =>
  taken.reduce(
    (left, [from, to]) =>
      left.flatMap(([start, end]) =>
        to <= start || from >= end
          ? [[start, end]]
          : [[start, from], [to, end]].filter(([a, b]) => a < b),
      ),
    ranges,
  );

// As much as the server takes in one report; the rest goes with the next.
const MOST = 500;
const atOnce = (entry) => entry && { ...entry, ranges: entry.ranges.slice(0, MOST), wall: entry.wall?.slice(0, MOST) };

export class Watching {
  // `page`: the key of this student and lecture, where to send, the token of this opening, and the page's CSRF token.
  constructor(store, page) {
    this.store = store;
    this.page = page;
    this.memory = {};
  }

  read(key = this.page.key) {
    const entry = JSON.parse(this.store.getItem(PREFIX + key) ?? this.memory[key] ?? "null");
    return entry && isOurs(entry.address) ? entry : null;
  }

  write(key, entry) {
    const text = JSON.stringify(entry);
    try {
      this.store.setItem(PREFIX + key, text);
      delete this.memory[key];
    } catch {
      // Storage is full or forbidden: it is still sent from memory.
      this.memory[key] = text;
    }
  }

  forget(key) {
    this.store.removeItem(PREFIX + key);
    delete this.memory[key];
  }

  // `wall`: the seconds (Unix time) in which it was played.
  add(ranges, wall, position, at) {
    const { key, address, token } = this.page;
    const kept = this.read() ?? { address, token, ranges: [] };
    // An opening that is older allows more: the first one that is not yet acknowledged stays.
    const both = { ranges: union([...kept.ranges, ...ranges]), wall: union([...(kept.wall ?? []), ...wall]) };
    this.write(key, { ...kept, ...both, position, at });
  }

  body(entry) {
    const { token, ranges, wall = [], position, at } = entry;
    return JSON.stringify({ opening: token, ranges, wall, position, at });
  }

  // The server's answer, or the status of its refusal, or 0 when there was no connection.
  async send(key = this.page.key) {
    const entry = atOnce(this.read(key));
    if (!entry) return null;
    try {
      const answer = await fetch(entry.address, {
        method: "POST",
        body: this.body(entry),
        keepalive: true,
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrf(this.page.csrf) },
      });
      if (answer.redirected) return 401;
      if (answer.status === REFUSED) return this.refuse(key, entry);
      if (answer.status === 410) tellGone((await answer.json()).gone);
      if (!answer.ok) return answer.status;
      const told = await answer.json();
      this.acknowledge(key, entry, told.later);
      return told;
    } catch {
      return 0;
    }
  }

  acknowledge(key, sent, later) {
    const now = this.read(key);
    if (!now || later) return;
    const ranges = without(now.ranges, sent.ranges);
    const wall = without(now.wall ?? [], sent.wall ?? []);
    if (ranges.length || wall.length || now.at > sent.at) this.write(key, { ...now, ranges, wall });
    else this.forget(key);
  }

  // A token that no longer counts is replaced by this page's; what even that does not carry was never ours.
  refuse(key, entry) {
    if (key !== this.page.key || entry.token === this.page.token) this.forget(key);
    else this.write(key, { ...this.read(key), token: this.page.token });
    return REFUSED;
  }

  // What other lectures of the same student left behind.
  async sendOthers() {
    const mine = PREFIX + this.page.key.split(":")[0] + ":";
    for (const name of Object.keys(this.store).filter((one) => one.startsWith(mine)))
      if (name !== PREFIX + this.page.key) await this.send(name.slice(PREFIX.length));
  }

  // While a page is being closed: a request that outlives it, else a beacon.
  flush() {
    const entry = atOnce(this.read());
    if (!entry) return;
    const form = new FormData();
    form.set("csrfmiddlewaretoken", csrf(this.page.csrf));
    form.set("report", this.body(entry));
    try {
      fetch(entry.address, { method: "POST", body: form, keepalive: true }).catch(() => {});
    } catch {
      navigator.sendBeacon?.(entry.address, form);
    }
  }
}
