// After a form came back with errors, the reader is led to the list of them.
document.querySelector("[data-focus]")?.focus();
