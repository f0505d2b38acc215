// Comforts of the console's forms. Every screen works without this file.
"use strict";

// One submission a showing: a second click of the same button does nothing more.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button")) button.classList.add("sent");
});

// A page that comes back from the browser's memory can be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll(".sent")) button.classList.remove("sent");
  }
});

// Whole forms by keyboard: Ctrl + Enter is the blue button, with Shift the one that keeps the status.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  const form = event.target.closest("[data-keys]");
  if (!form) return;
  const primary = form.querySelector("[data-primary]") || form.querySelector("button.primary");
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    form.requestSubmit((event.shiftKey && form.querySelector("[data-keeps]")) || primary);
  } else if (form.querySelector("[data-preview]") && event.target.matches("input")) {
    // Enter in a line of the form posts nothing by accident.
    event.preventDefault();
  }
});

// A chosen time is what "at …" means.
document.addEventListener("input", (event) => {
  if (event.target.name !== "promised_at" || !event.target.value) return;
  event.target.form.querySelector("[name=promise][value=at]").checked = true;
});

// The button beside the list says what it would do.
document.addEventListener("change", (event) => {
  if (event.target.name !== "another_status") return;
  const button = event.target.form.querySelector("[data-another]");
  const status = event.target.selectedOptions[0].textContent.split(" – ")[0];
  button.textContent = event.target.value ? `${button.dataset.another} ${status}` : "Post as chosen";
});

// The strip that offers Undo counts down, then says that it went out.
function countDown(strip) {
  const end = Date.now() + Number(strip.dataset.held) * 1000;
  const count = strip.querySelector("[data-held-count]");
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left > 0) {
      count.textContent = `, in ${left} s`;
      return;
    }
    clearInterval(timer);
    for (const part of strip.querySelectorAll("[data-held-before]")) part.hidden = true;
    for (const part of strip.querySelectorAll("[data-held-after]")) part.hidden = false;
  };
  const timer = setInterval(tick, 250);
  tick();
}

document.addEventListener("DOMContentLoaded", () => {
  for (const strip of document.querySelectorAll("[data-held]")) countDown(strip);
});
