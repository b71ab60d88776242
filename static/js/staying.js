// What a page asks for by itself leads nobody away from it: whoever is signed out reads and writes on until they press
// something, or what they write is to be saved.
const PRESSED = ["click", "submit"];

document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { xhr, requestConfig } = event.detail;
  if (xhr.getResponseHeader("HX-Redirect") && !PRESSED.includes(requestConfig.triggeringEvent?.type)) event.preventDefault();
});
