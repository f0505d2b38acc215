// A button beside a text that people take elsewhere. Without this, they select the text themselves.
"use strict";

for (const button of document.querySelectorAll("[data-copies]")) {
  const source = document.getElementById(button.dataset.copies);
  const words = button.innerHTML;
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  source.addEventListener("focus", () => source.select());
  button.addEventListener("click", async () => {
    source.select();
    try {
      await navigator.clipboard.writeText(source.value);
      button.textContent = "Copied";
    } catch {
      // Where pages are not secure there is no clipboard; the text stands selected.
      button.textContent = document.execCommand("copy") ? "Copied" : "Selected";
    }
    setTimeout(() => { button.innerHTML = words; }, 2000);
  });
}
