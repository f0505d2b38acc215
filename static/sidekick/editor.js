// The reply that is being written: kept as a draft, suggestions put into it and taken out again.
"use strict";

const replyEditor = (() => {
  const form = document.getElementById("editor");
  const box = document.getElementById("text");
  const takeBack = document.getElementById("take-back");
  // The suggestion that stands in the reply, and what stood there before; what an undo took out.
  let inserted = null;
  let takenOut = null;
  let isAsking = false;
  let underWay = "";

  function say(sentence) {
    document.getElementById("said").textContent = sentence;
  }

  function keepDraft() {
    const key = `draft.${form.dataset.conversation}`;
    if (box.value) sessionStorage.setItem(key, box.value);
    else sessionStorage.removeItem(key);
  }

  function offerUndo() {
    takeBack.hidden = !inserted && takenOut === null;
    takeBack.textContent = takenOut === null ? "Undo insert" : "Put it back";
  }

  function fill(words) {
    box.value = words;
    offerUndo();
    keepDraft();
  }

  const ask = async (address) => (await fetch(address, { headers: { "HX-Request": "true" } })).json();

  async function insert(address) {
    // Twice in one reply is never meant.
    if (inserted?.address === address && box.value.includes(inserted.text)) {
      box.focus();
      say("It stands in your reply already.");
      return;
    }
    if (isAsking) return;
    isAsking = true;
    const said = await ask(address).catch(() => ({}));
    isAsking = false;
    if (!said.text) {
      say(said.refusal || "That did not work. Nothing was inserted.");
      return;
    }
    const before = box.value;
    [inserted, takenOut] = [{ address, text: said.text, before }, null];
    fill(before.trim() ? `${before.trimEnd()}\n\n${said.text}` : said.text);
    box.lang = said.language;
    box.focus();
    say("Inserted: read it, change it, send it.");
  }

  // What was written besides stays; what was changed in it goes along, and can be put back.
  function without({ text, before }) {
    const [ahead, ...behind] = box.value.split(text);
    if (!behind.length) return before;
    const more = behind.join(text).trim();
    if (!more && ahead.trim() === before.trim()) return before;
    return [ahead.trim(), more].filter(Boolean).join("\n\n");
  }

  function undo() {
    takenOut = box.value;
    const rest = without(inserted);
    inserted = null;
    fill(rest);
    say("Taken out.");
  }

  function putBack() {
    const words = takenOut;
    takenOut = null;
    fill(words);
    say("Put back.");
  }

  if (form) {
    box.value ||= sessionStorage.getItem(`draft.${form.dataset.conversation}`) || "";
    box.addEventListener("input", () => {
      takenOut = null;
      offerUndo();
      keepDraft();
    });
    takeBack.addEventListener("click", () => {
      if (takenOut === null) undo();
      else putBack();
      box.focus();
    });
    form.addEventListener("htmx:beforeRequest", () => { underWay = box.value; });
    // Whoever writes on while it is sent loses none of it; what was changed in its midst stays whole.
    form.addEventListener("sent", () => {
      const isGoneOn = box.value.startsWith(underWay);
      inserted = takenOut = null;
      fill(isGoneOn ? box.value.slice(underWay.length).trimStart() : box.value);
    });
  }

  return { form, box, say, insert, undo, hasInserted: () => inserted !== null };
})();
