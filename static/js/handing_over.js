// A link that an admin hands over: a press copies it, or prints the page of slips.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const row of document.querySelectorAll("[data-copying]")) {
  // Only where the page came by a safe way does a browser have it.
  if (!navigator.clipboard) continue;
  const said = row.querySelector("[data-said]");
  const link = row.parentElement.querySelector("[data-copied]");
  row.hidden = false;
  row.querySelector("[data-copy]").addEventListener("click", async () => {
    await navigator.clipboard.writeText(link.textContent);
    said.textContent = said.dataset.said;
  });
}
