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
  for (const fresh of answer.querySelectorAll("[data-live]")) {
    const place = document.getElementById(fresh.id);
    if (!place) continue;
    if (place.matches("[data-frames]")) showFrames(place, fresh);
    else if (place.innerHTML !== fresh.innerHTML) place.innerHTML = fresh.innerHTML;
  }
}

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.matches("form[hx-post]") && event.detail.successful) show(event.detail.xhr.responseText);
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
  htmx.trigger(form, "consider");
}

for (const type of ["focusin", "focusout", "pointerover", "pointerout"]) document.addEventListener(type, consider);
document.addEventListener("load", (event) => event.target.matches?.("iframe.public") && fit(event.target), true);
window.addEventListener("resize", fitAll);
document.addEventListener("DOMContentLoaded", fitAll);
