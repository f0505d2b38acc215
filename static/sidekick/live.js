// Asks for what may have changed: soon after something happened, less and less often while nothing
// does, and not at all in a tab that nobody sees. Unchanged costs an empty answer (304).
"use strict";

const SOON_MS = 2000;
const LATEST_MS = 30000;
const SLOWER = 1.5;
const PEACE_MS = 30000;

const live = document.querySelector("[data-live]");
let tag = live?.dataset.tag || "";
let wait = SOON_MS;
let timer = 0;
let isOver = false;
let markedAt = 0;
// Whose answer is being taken, and whether a part of one was left out.
let answered = null;
let isIncomplete = false;

function later(ms) {
  clearTimeout(timer);
  if (!isOver) timer = setTimeout(look, ms);
}

function look() {
  if (document.hidden) return;
  const headers = tag ? { "If-None-Match": tag } : {};
  htmx.ajax("GET", live.dataset.live, { source: live, swap: "none", headers }).catch(() => {});
}

function soon() {
  wait = SOON_MS;
  later(wait);
}

function lost() {
  isOver = true;
  clearTimeout(timer);
  tell(live.dataset.lost);
}

// What was erased leaves the screen; what is being written stays, to be copied. The list lives on.
function leave(gone) {
  const thread = document.getElementById("thread");
  thread?.replaceChildren(gone.content);
  document.getElementById("panel")?.replaceChildren();
  tell(thread?.querySelector("p")?.textContent);
  gone.remove();
  live.dataset.live = live.dataset.list;
  tag = "";
  soon();
}

function tell(sentence) {
  const line = document.getElementById("said");
  if (line) line.textContent = sentence;
}

// Whoever waits for customers must not take a desk that hears nothing for a quiet one.
const BEHIND = "No news reach the desk at present; trying again.";
let before = [];

function fallBehind() {
  const line = document.getElementById("said");
  if (!line || line.textContent === BEHIND) return;
  before = [...line.childNodes];
  line.textContent = BEHIND;
}

// What was said before stands again: it may hold the button that undoes.
function catchUp() {
  const line = document.getElementById("said");
  if (line?.textContent === BEHIND) line.replaceChildren(...before);
}

// The session has ended when the answer is a page of its own, the log-in form.
const isElsewhere = (xhr) => xhr.status === 200 && /\/login\//.test(xhr.responseURL);

function heard(event) {
  const { xhr, requestConfig } = event.detail;
  const wasIncomplete = isIncomplete;
  isIncomplete = false;
  const gone = requestConfig.elt === live && xhr.status === 404 && document.getElementById("gone");
  if (gone) {
    leave(gone);
    return;
  }
  if (isElsewhere(xhr) || [401, 403, 404].includes(xhr.status)) {
    if (requestConfig.elt === live || isElsewhere(xhr) || !live.dataset.refused) lost();
    else if (!isUnasked(requestConfig.elt)) tell(live.dataset.refused);
    return;
  }
  if (requestConfig.elt !== live) {
    if (!xhr.status) tell("The desk was not reached; try again.");
    else if (!event.detail.successful) tell("That did not work. Nothing was done; try again.");
    if (wasIncomplete) tag = "";
    soon();
    return;
  }
  const isNews = xhr.status === 200;
  if (isNews || xhr.status === 304) catchUp();
  else fallBehind();
  if (isNews) tag = wasIncomplete ? "" : xhr.getResponseHeader("ETag") || "";
  wait = isNews ? SOON_MS : Math.min(wait * SLOWER, LATEST_MS);
  later(wait);
}

// Where the keyboard stood, from the element outwards: what is there anew may lack some of it.
let keyboardAt = [];

function idsFrom(element) {
  const ids = [];
  for (let each = element; each; each = each.parentElement) if (each.id) ids.push(each.id);
  return ids;
}

// Nobody who works by keys is thrown back to the top of the page by what they have just done.
function standAgain() {
  const ids = keyboardAt;
  keyboardAt = [];
  if (!ids.length || (document.activeElement && document.activeElement !== document.body)) return;
  for (const id of [...ids, "said"]) {
    const element = document.getElementById(id);
    const target = element?.matches("details") ? element.querySelector("summary") : element;
    target?.focus({ preventScroll: true });
    if (target && document.activeElement === target) return;
  }
}

// What the page asks by itself: for news, and that what is open has been read.
const isUnasked = (element) => element === live || element?.matches('[hx-trigger^="load"]');

// Whoever marks words to copy them is left in peace for a while.
function isMarking(target) {
  const marked = document.getSelection();
  if (marked.isCollapsed || !target.contains(marked.anchorNode)) return false;
  return performance.now() - markedAt < PEACE_MS;
}

// What is as it was stays as it is: nobody loses a selection or a place for nothing.
function keep(event) {
  const { target, fragment } = event.detail;
  const next = fragment.firstElementChild?.id === target.id ? fragment.firstElementChild : fragment;
  const stamp = next.dataset?.stamp;
  if (stamp && stamp === target.dataset.stamp) event.detail.shouldSwap = false;
  // Whoever has asked and waits must still stand there when the answer comes.
  else if (
    [...target.querySelectorAll(".htmx-request")].some((one) => one !== answered)
    || (isUnasked(answered) && isMarking(target))
  ) {
    event.detail.shouldSwap = false;
    isIncomplete = true;
  } else if (target.contains(document.activeElement)) keyboardAt = idsFrom(document.activeElement);
}

if (live) {
  // A button that waits for its answer is disabled, and loses the keyboard before that comes.
  document.body.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.elt.contains(document.activeElement) && detail.elt !== live) {
      keyboardAt = idsFrom(document.activeElement);
    }
  });
  // The second click of a double one is not meant for what the first has put in its place.
  document.addEventListener("click", (event) => {
    if (event.detail < 2 || !event.target.closest("button, a.btn")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  document.body.addEventListener("htmx:afterRequest", heard);
  document.body.addEventListener("htmx:afterRequest", standAgain);
  document.addEventListener("selectionchange", () => { markedAt = performance.now(); });
  document.body.addEventListener("htmx:beforeSwap", ({ detail }) => { answered = detail.requestConfig.elt; });
  document.body.addEventListener("htmx:oobBeforeSwap", keep);
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : look()));
  for (const name of ["pointerdown", "keydown"]) {
    document.addEventListener(name, () => { if (wait > SOON_MS) soon(); }, { passive: true });
  }
  document.addEventListener("DOMContentLoaded", () => later(SOON_MS));
}
