// A text that was not saved is not lost by a wrong click.
"use strict";

for (const form of document.querySelectorAll("[data-unsaved]")) {
  const text = form.querySelector("textarea");
  const saved = text.value;
  window.addEventListener("beforeunload", (event) => {
    if (text.value !== saved && !form.dataset.sent) event.preventDefault();
  });
}
