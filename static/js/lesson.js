// Reports in which seconds since its opening this page was visible. Reports are sets of absolute ranges: sending one
// twice or late changes nothing, so each is kept in the browser until the server has said that it has it.
import { csrf } from "./csrf.js";
import { Reports } from "./reports.js";
import "./staying.js";

const SEND_EVERY = 15_000;
// What people write can hold none of these elements, so it cannot stand in for them.
const note = document.querySelector('script#opening[type="application/json"]');
const outline = document.querySelector("nav > details#beside");

// A cookie, so that the next lesson comes with the outline as it was left and nothing moves once it is painted.
outline?.addEventListener("toggle", () => {
  const [value, age] = outline.open ? ["", 0] : ["away", 365 * 24 * 3600];
  document.cookie = `outline=${value}; max-age=${age}; path=/; samesite=lax`;
});

// A button that was pressed for nothing says so, until it is pressed again.
const unanswered = (event, hidden) => {
  const words = event.target.closest("form")?.parentElement.querySelector("[data-unanswered]");
  if (words) words.hidden = hidden;
};
for (const failed of ["htmx:sendError", "htmx:responseError"]) document.addEventListener(failed, (event) => unanswered(event, false));
document.addEventListener("htmx:beforeRequest", (event) => unanswered(event, true));

// What is done makes the next lesson the thing to press, as it does on a page that comes whole.
document.addEventListener("htmx:afterSettle", () => {
  const standing = document.querySelector("section#standing");
  const next = document.querySelector('.steps-nav a[rel="next"]');
  if (standing) next?.classList.toggle("primary", !standing.matches("[data-waiting]"));
});

if (note) {
  const { token, address, dwell, csrf: written, block } = JSON.parse(note.textContent);
  const reports = new Reports(localStorage, (path, body) =>
    fetch(path, {
      method: "POST",
      body,
      keepalive: true,
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf(written) },
    }),
  );
  // The opening is the instant at which the server made this page, not the one at which this script came.
  const opened = performance.getEntriesByType("navigation")[0]?.responseStart || performance.now();
  const ranges = [];

  // Where in the text one is: the last block that begins above the middle of the window.
  const blocks = [...document.querySelectorAll('article > .reading [id^="p-"]')];
  const here = () => blocks.findLast((one) => one.getBoundingClientRect().top < innerHeight / 2)?.id;
  // Whoever follows a link to a place, reloads or goes back is brought to theirs by the browser.
  const arrived = performance.getEntriesByType("navigation")[0]?.type === "navigate" && !location.hash && !scrollY;
  const place = arrived && blocks.find((one) => one.id === block);
  if (place && place.getBoundingClientRect().top > innerHeight) place.scrollIntoView({ block: "center" });

  let since = null;

  const now = () => (performance.now() - opened) / 1000;

  const begin = () => (since ??= now());
  const end = () => {
    if (since === null) return;
    // Both edges down: a second in which one lesson is left for another belongs to one of them alone.
    const range = [Math.floor(since), Math.floor(now())];
    const last = ranges.at(-1);
    if (last && range[0] <= last[1]) last[1] = range[1];
    else if (range[0] < range[1]) ranges.push(range);
    since = null;
  };

  const send = async () => {
    if (since !== null) {
      end();
      begin();
    }
    if (!ranges.length) return;
    reports.keep(token, address, ranges);
    if (await reports.send(token, { block: here() })) refresh();
  };

  // The tick came from the clock: show it, say it, and leave the page as it is otherwise.
  const refresh = () => {
    const standing = document.querySelector("section#standing[data-waiting]");
    if (standing) htmx.ajax("GET", standing.dataset.address, { target: standing, swap: "outerHTML" });
  };

  // The lesson has been deleted, or somebody else has signed in: the page itself says which.
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 404) location.reload();
  });

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") return begin();
    end();
    send();
  });
  addEventListener("pagehide", () => {
    end();
    send();
  });
  addEventListener("online", async () => {
    await reports.sendAll();
    send();
  });
  if (document.visibilityState === "visible") begin();
  setInterval(send, SEND_EVERY);
  if (dwell) setTimeout(send, (dwell + 1) * 1000);
  reports.sendAll();
}
