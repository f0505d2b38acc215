// The desk by keys, and replies that are inserted into the editor: everything works without it too.
"use strict";

const KEYS = [
  ["j / k", "next, previous conversation"],
  ["o", "open it"],
  ["n", "open the next unread one"],
  ["1 … 6", "for people, waiting, possible match …"],
  ["/", "to the search"],
  ["Tab", "from card to card, and through their buttons"],
  ["l", "link & subscribe"],
  ["i", "insert reply"],
  ["d", "dismiss: not this"],
  ["u", "undo"],
  ["r", "to the reply"],
  ["Ctrl + Enter", "send the reply"],
  ["… with Shift", "and open the next unread one"],
  ["e", "show earlier messages"],
  ["c", "close it, or open it again"],
  ["w", "to the newest wave of complaints"],
  ["Esc", "leave a text field"],
  ["?", "show this list"],
];
const TYPING = "textarea, input:not([type=checkbox])";

const { form: editor, box: text, say } = replyEditor;
// Whether the next conversation is opened once the reply is sent.
let isGoingOn = false;

const shown = (element) => element && element.getClientRects().length > 0;
// Of several cards the one that is being looked at, else the first.
const keyed = (key) => {
  const every = [...document.querySelectorAll(`[data-key="${key}"]`)].filter(shown);
  const card = document.activeElement?.closest(".match");
  return every.find((one) => card?.contains(one)) || every[0];
};

const rows = () => [...document.querySelectorAll("[data-row]")];
const currentOf = (every) => every.findIndex((row) => row.hasAttribute("aria-current"));
// Where in the list the open conversation stands, or stood: what is done often takes it off.
let spot = currentOf(rows());

// Beside an open conversation on a narrow screen the list is not shown: one goes straight there.
function move(step) {
  const every = rows();
  if (!every.length) return;
  const from = every.indexOf(document.activeElement);
  const current = from >= 0 ? from : currentOf(every);
  const gone = step > 0 ? spot : spot - 1;
  const next = Math.max(current < 0 ? gone : current + step, 0);
  spot = Math.min(next, every.length - 1);
  const target = every[next] || document.querySelector("[data-older]") || every.at(-1);
  if (shown(target)) target.focus();
  else if (target !== every[current]) target.click();
}

function openNextUnread() {
  const every = rows();
  const current = currentOf(every);
  const [until, from] = current < 0 ? [Math.max(spot, 0), spot] : [current, current + 1];
  const ahead = [...every.slice(Math.max(from, 0)), ...every.slice(0, until)];
  const next = ahead.find((row) => row.classList.contains("unread"));
  if (next) next.click();
  else say("No other conversation here is unread.");
}

function undo() {
  if (replyEditor.hasInserted()) replyEditor.undo();
  else keyed("u")?.click();
}

const filter = (number) => document.querySelector(`[data-show="${number}"]`)?.click();

const ACTS = {
  j: () => move(1),
  k: () => move(-1),
  o: () => document.activeElement.closest("[data-row], [data-older]")?.click(),
  n: openNextUnread,
  e: () => keyed("e")?.click(),
  c: () => keyed("c")?.click(),
  w: () => keyed("w")?.focus(),
  l: () => keyed("l")?.click(),
  i: () => keyed("i")?.click(),
  d: () => keyed("d")?.click(),
  u: undo,
  r: () => text?.focus(),
  "/": () => keyed("/")?.focus(),
  "?": () => keysDialog.show(KEYS),
};

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]") || event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target === text) {
    event.preventDefault();
    isGoingOn = event.shiftKey;
    editor.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  // A key that is held down moves on; it does nothing twice.
  if (event.repeat && !["j", "k"].includes(event.key)) return;
  if (event.target.closest?.(TYPING)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const act = /^[1-6]$/.test(event.key) ? () => filter(event.key) : ACTS[event.key];
  if (!act || !(keysDialog.areOn() || event.key === "?")) return;
  event.preventDefault();
  act();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-insert]");
  if (link && text && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    replyEditor.insert(link.dataset.insert);
  }
  if (event.target.closest("[data-show-keys]")) keysDialog.show(KEYS);
});

// The newest is what one reads; whoever reads further up stays there, and so does what was unfolded.
const scroller = () => document.getElementById("thread");
const isAtEnd = (pane) => pane.scrollHeight - pane.scrollTop - pane.clientHeight < 80;
const toEnd = () => scroller()?.scrollTo(0, scroller().scrollHeight);
const depth = () => Number(new URLSearchParams(location.search).get("messages"));
const partOf = (fragment, id) => fragment.querySelector(`#${id}`) || fragment;
let place = null;
let isDeeper = false;
document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, shouldSwap, fragment } = event.detail;
  if (!shouldSwap) return;
  for (const old of target.querySelectorAll("details[id]")) {
    const next = fragment.querySelector(`#${CSS.escape(old.id)}`);
    if (next) next.open = old.open;
  }
  if (target.id !== "thread") return;
  // An answer to what was asked before more was shown: the next one has it.
  if (Number(partOf(fragment, "thread").dataset.depth) < depth()) {
    event.detail.shouldSwap = false;
    return;
  }
  const fromEnd = target.scrollHeight - target.scrollTop;
  if (isDeeper) place = (pane) => pane.scrollHeight - fromEnd;
  else if (isAtEnd(target)) place = (pane) => pane.scrollHeight;
  else place = () => target.scrollTop;
});
document.body.addEventListener("htmx:oobAfterSwap", () => {
  if (place && scroller()) scroller().scrollTo(0, place(scroller()));
  place = null;
});
// Earlier messages stay shown: what asks anew and the forms tell by the page's address how many.
document.body.addEventListener("htmx:beforeRequest", ({ detail }) => {
  isDeeper = detail.elt.matches("[data-earlier]");
});
document.body.addEventListener("htmx:afterRequest", ({ detail }) => {
  const link = detail.requestConfig.elt;
  if (!link.matches("[data-earlier]") || !detail.successful) return;
  history.replaceState(null, "", link.href);
  isDeeper = false;
  scroller()?.focus({ preventScroll: true });
});

document.querySelector("[data-show-keys]").hidden = false;
toEnd();
// From here the keys scroll what was said, and Tab leads to the cards and the reply.
const hasKeys = matchMedia("(any-pointer: fine)").matches;
if (hasKeys && document.activeElement === document.body) scroller()?.focus({ preventScroll: true });
document.querySelector("[data-row][aria-current]")?.scrollIntoView({ block: "nearest" });
if (editor) {
  editor.addEventListener("sent", () => {
    toEnd();
    if (isGoingOn) openNextUnread();
    isGoingOn = false;
  });
}
