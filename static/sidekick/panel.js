// Hands a suggested reply to the help desk around the frame; to exactly the site that was signed.
"use strict";

const frame = document.querySelector("[data-origin]");
const host = window.parent !== window && frame.dataset.origin ? window.parent : null;

function post(type, box) {
  host.postMessage({
    type,
    conversation: frame.dataset.conversation,
    incident: box.dataset.incident,
    text: box.value,
    language: box.lang,
  }, frame.dataset.origin);
}

const parts = () => {
  const reply = document.getElementById("reply");
  return {
    box: reply.querySelector("textarea"),
    insert: reply.querySelector("[data-hand-over]"),
    back: reply.querySelector("[data-take-back]"),
    copy: reply.querySelector("[data-copy]"),
  };
};

function say(sentence) {
  document.getElementById("said").textContent = sentence;
}

function insert() {
  const { box, insert, back } = parts();
  post("atender.insert-reply", box);
  [insert.hidden, back.hidden] = [true, false];
  say("In your editor: read it, change it, send it.");
}

function takeBack() {
  const { box, insert, back } = parts();
  post("atender.remove-reply", box);
  [insert.hidden, back.hidden] = [false, true];
  say("Taken out of your editor.");
}

async function copy() {
  const { box } = parts();
  box.select();
  try {
    await navigator.clipboard.writeText(box.value);
  } catch {
    document.execCommand("copy");
  }
  say("Copied.");
}

// Called for what the server has just put there, and for what a page without scripts left.
function offer() {
  const { box, copy } = parts();
  if (!box || box.dataset.isOffered) return;
  box.dataset.isOffered = "1";
  if (host) insert();
  else copy.hidden = false;
}

document.body.addEventListener("click", (event) => {
  if (event.target.closest("[data-hand-over]")) insert();
  else if (event.target.closest("[data-take-back]")) takeBack();
  else if (event.target.closest("[data-copy]")) copy();
});
document.body.addEventListener("htmx:afterSettle", offer);
document.body.addEventListener("htmx:oobAfterSwap", offer);
offer();
