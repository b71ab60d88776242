// How many students have a line of their own, and none of these is folded away, also where a draft brought it.
const lines = [...document.querySelectorAll("[data-line]")];
const count = document.querySelector("[data-lines]");

const tally = () => {
  const written = lines.filter((line) => line.value.trim());
  if (count && count.textContent !== String(written.length)) count.textContent = written.length;
  return written;
};
document.addEventListener("input", tally);
document.addEventListener("draft:filled", () => {
  for (const line of tally()) line.closest("details").open = true;
});
