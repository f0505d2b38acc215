// Single keys lead to what is marked with data-shortcut; none of them posts anything by itself.
"use strict";

const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";

// The first of each key that can be reached; links that stand for the whole console come last.
function marked() {
  const found = new Map();
  const all = [...document.querySelectorAll("[data-shortcut]")];
  for (const element of [...all.filter((e) => !e.hidden), ...all.filter((e) => e.hidden)]) {
    const isReachable = element.hidden || element.getClientRects().length > 0;
    if (isReachable && !found.has(element.dataset.shortcut)) found.set(element.dataset.shortcut, element);
  }
  return found;
}

function leadTo(element) {
  if (element.matches("a[href]")) {
    location.assign(element.href);
    return;
  }
  element.focus();
  element.scrollIntoView({ block: "nearest" });
}

function words(element) {
  return (element.dataset.shortcutWords || element.textContent || element.ariaLabel).trim();
}

function rows() {
  const listed = [...marked()].map(([key, element]) => [key, words(element)]);
  if (document.querySelector("[data-keys]")) listed.push(["Ctrl + Enter", "do what the blue button says"]);
  if (document.querySelector("[data-keys] [data-keeps]")) listed.push(["Ctrl + Shift + Enter", "post without changing the status"]);
  listed.push(["Esc", "leave a text field"], ["?", "show this list"]);
  return listed;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.target.closest?.(TYPING)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (!keysDialog.areOn()) return;
  const element = marked().get(event.key);
  if (event.key !== "?" && !element) return;
  event.preventDefault();
  if (element) leadTo(element);
  else keysDialog.show(rows());
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-show-keys]")) keysDialog.show(rows());
});

// The theme hides the page until its own script has run, and what is hidden takes no focus.
function focusFirst(triesLeft) {
  const first = document.querySelector("[autofocus]");
  if (!first || location.hash || document.activeElement !== document.body) return;
  if (first.getClientRects().length) first.focus();
  else if (triesLeft) requestAnimationFrame(() => focusFirst(triesLeft - 1));
}

document.addEventListener("DOMContentLoaded", () => focusFirst(60));
