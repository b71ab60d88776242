// Offers the time zone of this device, once, when it is not the one the person uses here.
const offer = document.querySelector("form#zone-offer");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const KEPT = "ownpace:zone-kept";

if (offer && here && !offer.dataset.zones.split(" ").includes(here) && localStorage.getItem(KEPT) !== here) {
  offer.elements.timezone.value = here;
  offer.querySelector("[data-place]").textContent = here.split("/").pop().replaceAll("_", " ");
  offer.querySelector("[data-keep]").addEventListener("click", () => {
    localStorage.setItem(KEPT, here);
    offer.remove();
  });
  offer.hidden = false;
}
