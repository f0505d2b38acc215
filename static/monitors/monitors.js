// Comforts of a monitor's screen. It works without this file.
"use strict";

// Of the parts that each kind needs, only those of the chosen one are shown.
const chosen = document.getElementById("id_kind");
function showKind() {
  for (const part of document.querySelectorAll("fieldset.of-a-kind")) {
    part.classList.toggle("not-of-this-kind", !part.classList.contains(`kind-${chosen.value}`));
  }
}
if (chosen) {
  chosen.addEventListener("change", showKind);
  showKind();
}

for (const button of document.querySelectorAll("[data-copies]")) {
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copies).textContent;
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  });
}
