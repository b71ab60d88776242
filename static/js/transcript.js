// A transcript is walked with the arrows: one stop for the Tab key, however long it is. Beside a player it follows.
const media = document.getElementById("player");
const lines = () => [...document.querySelectorAll("[data-lines] a")];
let current = null;

const stop = (link) => {
  for (const one of document.querySelectorAll('[data-lines] a[tabindex="0"]')) one.tabIndex = -1;
  link.tabIndex = 0;
};

const follow = () => {
  if (!media) return;
  const at = media.currentTime * 1000;
  if (current && at >= Number(current.dataset.from) && at < Number(current.dataset.to)) return;
  const link = lines().findLast((one) => Number(one.dataset.from) <= at);
  if (!link || link === current) return;
  current?.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  current = link;
  const list = link.closest("[data-lines]");
  // Not while somebody reads in it.
  if (list.matches(":hover, :focus-within")) return;
  stop(link);
  list.scrollTop = link.parentElement.offsetTop - list.clientHeight / 3;
};

const ready = () => {
  current = null;
  const all = lines();
  if (!all.length) return;
  for (const link of all) link.tabIndex = -1;
  stop(all[0]);
  all[0].closest("[data-lines]").setAttribute("aria-describedby", "lines-help");
  follow();
};

media?.addEventListener("timeupdate", follow);
document.addEventListener("keydown", (event) => {
  const link = event.target.closest?.("[data-lines] a");
  if (!link) return;
  const all = lines();
  const place = all.indexOf(link);
  const wanted = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: all.length - 1 }[event.key];
  if (wanted === undefined || !all[wanted]) return;
  event.preventDefault();
  stop(all[wanted]);
  all[wanted].focus();
});

// Whoever was in what is replaced, such as on the link to it or on "Show all", goes on at the search.
let within = false;
document.addEventListener("htmx:beforeSwap", (event) => (within = event.target.contains(document.activeElement)));
document.addEventListener("htmx:afterSettle", (event) => {
  if (!event.target.querySelector?.("[data-lines]")) return;
  ready();
  if (within && document.activeElement === document.body) document.querySelector("input#words").focus();
  within = false;
});
ready();
