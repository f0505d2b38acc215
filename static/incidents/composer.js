// What the public will read, while one types. Without this file the button “Preview” shows it.
"use strict";

const HIGHEST = 416;

// A frame is as high as its story, up to a limit from which it scrolls.
function fit(frame) {
  const page = frame.contentDocument;
  if (!page || !page.body) return;
  frame.style.height = "0";
  frame.style.height = `${Math.min(page.documentElement.scrollHeight + 2, HIGHEST)}px`;
}

function fitAll() {
  for (const frame of document.querySelectorAll("iframe.public")) fit(frame);
}

// Written into the frame that is there, since a frame that is loaded anew flickers.
function retell(frame, fresh) {
  const story = new DOMParser().parseFromString(fresh.srcdoc, "text/html").body;
  const page = frame.contentDocument;
  if (!page || !page.body) return false;
  if (page.body.innerHTML !== story.innerHTML) page.body.innerHTML = story.innerHTML;
  fit(frame);
  return true;
}

function showFrames(place, fresh) {
  const now = [...place.querySelectorAll("iframe")];
  const next = [...fresh.querySelectorAll("iframe")];
  const isSame = now.length === next.length && now.every((frame, i) => frame.title === next[i].title);
  if (now.length && isSame && now.every((frame, i) => retell(frame, next[i]))) return;
  place.innerHTML = fresh.innerHTML;
}

// Parts of the answer take the place of those with the same id; what is equal stays untouched.
function show(html) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  for (const fresh of answer.querySelectorAll("[data-part]")) {
    const place = document.getElementById(fresh.id);
    if (!place) continue;
    if (place.matches("[data-frames]")) showFrames(place, fresh);
    else if (place.innerHTML !== fresh.innerHTML) place.innerHTML = fresh.innerHTML;
  }
}

// Fetched here and not by htmx, which would send a focused button's own address instead of the
// preview's: looking must never post.
const waiting = new WeakMap();

async function refresh(form) {
  waiting.get(form)?.request?.abort();
  const request = new AbortController();
  waiting.set(form, { request });
  try {
    const answer = await fetch(form.dataset.live, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Fragment": "yes" },
      signal: request.signal,
    });
    if (answer.ok) show(await answer.text());
  } catch (error) {
    if (error.name !== "AbortError") console.warn("The preview is not up to date:", error.message);
  }
}

function refreshSoon(form, delay) {
  clearTimeout(waiting.get(form)?.timer);
  waiting.set(form, { ...waiting.get(form), timer: setTimeout(refresh, delay, form) });
}

for (const [type, delay] of [["input", 350], ["change", 50]]) {
  document.addEventListener(type, (event) => {
    const form = event.target.form;
    if (form?.matches("form[data-live]")) refreshSoon(form, delay);
  });
}

// A template that was filled in brings the whole form anew.
document.addEventListener("htmx:afterSwap", () => {
  for (const form of document.querySelectorAll("form[data-live]")) refreshSoon(form, 0);
});

// The preview is that of the button under consideration; of the blue one when none is.
function consider(event) {
  const button = event.target.closest?.("button[name=status]");
  const form = button?.form;
  if (!form?.elements.considered) return;
  const isLeft = event.type === "focusout" || event.type === "pointerout";
  const status = button.hasAttribute("data-keeps") ? "keep" : button.value === "another" ? "" : button.value;
  const considered = isLeft ? "" : status;
  if (form.elements.considered.value === considered) return;
  form.elements.considered.value = considered;
  refreshSoon(form, 80);
}

for (const type of ["focusin", "focusout", "pointerover", "pointerout"]) document.addEventListener(type, consider);
document.addEventListener("toggle", (event) => event.target.querySelectorAll("iframe.public").forEach(fit), true);
document.addEventListener("load", (event) => event.target.matches?.("iframe.public") && fit(event.target), true);
window.addEventListener("resize", fitAll);
document.addEventListener("DOMContentLoaded", () => {
  fitAll();
  for (const form of document.querySelectorAll("form[data-live-now]")) refresh(form);
});
