// A field for a time zone: the place of this device comes first in its list, and one press chooses it.
const here = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
const city = here.split("/").pop().replaceAll("_", " ");

for (const field of document.querySelectorAll("[data-zone-field]")) {
  const options = [...field.list.options];
  // A browser may know an older name: the server takes that, too.
  const own = options.find((one) => one.value.startsWith(`${city},`)) ?? new Option("", here);
  if (!city || field.value === own.value) continue;
  field.list.prepend(own);
  const offer = field.parentElement.querySelector("[data-own-zone]");
  offer.querySelector("[data-place]").textContent = city;
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", () => {
    field.value = own.value;
    offer.hidden = true;
    field.focus();
  });
  // A list shows what begins like the field: with a whole place in it, that would be this place alone.
  field.addEventListener("focus", () => field.select());
}
