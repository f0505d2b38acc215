// Single keys lead to what is marked with data-shortcut; none of them posts anything by itself.
"use strict";

const SETTING = "atender.keys";
const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";

const areOn = () => localStorage.getItem(SETTING) !== "off";

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

function part(name, text, ...children) {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  element.append(...children);
  return element;
}

function showKeys() {
  if (document.querySelector("dialog.keys-dialog")) return;
  const before = document.activeElement;
  const list = part("dl", "");
  for (const [key, meaning] of rows()) list.append(part("dt", "", part("kbd", key)), part("dd", meaning));
  const box = part("input");
  box.type = "checkbox";
  box.checked = areOn();
  box.addEventListener("change", () => localStorage.setItem(SETTING, box.checked ? "on" : "off"));
  const close = part("button", "Close");
  close.className = "btn";
  const form = part("form", "", part("label", "", box, " Single keys work in this browser"), close);
  form.method = "dialog";
  const dialog = part("dialog", "", part("h2", "Keys"), list, form);
  dialog.className = "keys-dialog";
  dialog.setAttribute("aria-label", "Keys");
  dialog.addEventListener("close", () => {
    dialog.remove();
    before?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.target.closest?.(TYPING)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (!areOn()) return;
  const element = marked().get(event.key);
  if (event.key !== "?" && !element) return;
  event.preventDefault();
  if (element) leadTo(element);
  else showKeys();
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-show-keys]")) showKeys();
});

// The theme hides the page until its own script has run, and what is hidden takes no focus.
function focusFirst(triesLeft) {
  const first = document.querySelector("[autofocus]");
  if (!first || location.hash || document.activeElement !== document.body) return;
  if (first.getClientRects().length) first.focus();
  else if (triesLeft) requestAnimationFrame(() => focusFirst(triesLeft - 1));
}

document.addEventListener("DOMContentLoaded", () => focusFirst(60));
