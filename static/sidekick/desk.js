// The desk by keys, and replies that are inserted into the editor: everything works without it too.
"use strict";

const SETTING = "atender.keys";
const KEYS = [
  ["j / k", "next, previous conversation"],
  ["o", "open it"],
  ["l", "link & subscribe"],
  ["i", "insert reply"],
  ["d", "dismiss: not this"],
  ["u", "undo"],
  ["r", "to the reply"],
  ["/", "to the search"],
  ["Ctrl + Enter", "send the reply"],
  ["Esc", "leave a text field"],
  ["?", "show this list"],
];
const TYPING = "textarea, input:not([type=checkbox])";

const editor = document.getElementById("editor");
const text = document.getElementById("text");
const takeBack = document.getElementById("take-back");
// What the editor held before a reply was inserted.
let before = null;

const areOn = () => localStorage.getItem(SETTING) !== "off";
const shown = (element) => element && element.getClientRects().length > 0;
const keyed = (key) => [...document.querySelectorAll(`[data-key="${key}"]`)].find(shown);

function say(sentence) {
  document.getElementById("said").textContent = sentence;
}

function move(step) {
  const rows = [...document.querySelectorAll("[data-row]")].filter(shown);
  if (!rows.length) return;
  const from = rows.indexOf(document.activeElement);
  const current = from >= 0 ? from : rows.findIndex((row) => row.ariaCurrent || row.hasAttribute("aria-current"));
  const next = current < 0 ? 0 : Math.min(Math.max(current + step, 0), rows.length - 1);
  rows[next].focus();
}

function keepDraft() {
  if (text.value) sessionStorage.setItem(`draft.${editor.dataset.conversation}`, text.value);
  else sessionStorage.removeItem(`draft.${editor.dataset.conversation}`);
}

async function insertReply(link) {
  const answer = await fetch(link.dataset.insert, { headers: { "HX-Request": "true" } });
  const said = await answer.json().catch(() => ({}));
  if (!said.text) {
    say(said.refusal || "That did not work. Nothing was inserted.");
    return;
  }
  before = text.value;
  text.value = before.trim() ? `${before.trimEnd()}\n\n${said.text}` : said.text;
  text.lang = said.language;
  takeBack.hidden = false;
  keepDraft();
  text.focus();
  say("Inserted: read it, change it, send it.");
}

function undoInsert() {
  text.value = before;
  before = null;
  takeBack.hidden = true;
  keepDraft();
  text.focus();
  say("Taken out.");
}

function undo() {
  if (before !== null) undoInsert();
  else keyed("u")?.click();
}

function part(name, words, ...children) {
  const element = document.createElement(name);
  if (words) element.textContent = words;
  element.append(...children);
  return element;
}

function showKeys() {
  const last = document.activeElement;
  const list = part("dl", "");
  for (const [key, meaning] of KEYS) list.append(part("dt", "", part("kbd", key)), part("dd", meaning));
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
    last?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
}

const ACTS = {
  j: () => move(1),
  k: () => move(-1),
  o: () => document.activeElement.closest("[data-row]")?.click(),
  l: () => keyed("l")?.click(),
  i: () => keyed("i")?.click(),
  d: () => keyed("d")?.click(),
  u: undo,
  r: () => text?.focus(),
  "/": () => keyed("/")?.focus(),
  "?": showKeys,
};

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]") || event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target === text) {
    event.preventDefault();
    editor.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.(TYPING)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const act = ACTS[event.key];
  if (!act || !(areOn() || event.key === "?")) return;
  event.preventDefault();
  act();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-insert]");
  if (link && text && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    insertReply(link);
  }
  if (event.target.closest("[data-show-keys]")) showKeys();
});

// The newest is what one reads; whoever reads further up stays there.
const scroller = () => document.getElementById("thread");
const isAtEnd = (pane) => pane.scrollHeight - pane.scrollTop - pane.clientHeight < 80;
const toEnd = () => scroller()?.scrollTo(0, scroller().scrollHeight);
let place = null;
document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, shouldSwap } = event.detail;
  if (shouldSwap && target.id === "thread") place = isAtEnd(target) ? Infinity : target.scrollTop;
});
document.body.addEventListener("htmx:oobAfterSwap", () => {
  if (place === Infinity) toEnd();
  else if (place !== null) scroller()?.scrollTo(0, place);
  place = null;
});

document.querySelector("[data-show-keys]").hidden = false;
toEnd();
document.querySelector("[data-row][aria-current]")?.scrollIntoView({ block: "nearest" });
if (editor) {
  text.value ||= sessionStorage.getItem(`draft.${editor.dataset.conversation}`) || "";
  text.addEventListener("input", keepDraft);
  takeBack.addEventListener("click", undoInsert);
  editor.addEventListener("sent", () => {
    [text.value, before, takeBack.hidden] = ["", null, true];
    keepDraft();
    toEnd();
  });
}
