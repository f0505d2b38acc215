// The list beside what one reads: how long customers wait, and that it stays where it was read.
"use strict";

const MINUTE_MS = 60000;
const TICK_MS = 15000;

function age(ms) {
  const minutes = Math.max(Math.floor(ms / MINUTE_MS), 0);
  if (minutes < 1) return "< 1 min";
  if (minutes < 60) return `${minutes} min`;
  return minutes < 24 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} d`;
}

function tick() {
  for (const time of document.querySelectorAll("time[data-waiting]")) {
    time.title ||= `Waiting since ${time.textContent}`;
    time.textContent = age(Date.now() - Date.parse(time.dateTime));
  }
}

// The list's own bar on a wide screen, the page's on a narrow one.
const scrollerOf = (list) => (list.scrollHeight > list.clientHeight + 1 ? list : document.scrollingElement);
const topOf = (row) => row.getBoundingClientRect().top;
let standing = [];

// Whoever reads further down goes on reading the same rows, whatever comes in above them.
document.body.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  const { target, shouldSwap } = detail;
  if (!shouldSwap || target.id !== "list" || !scrollerOf(target).scrollTop) return;
  const edge = Math.max(topOf(target), 0);
  standing = [...target.querySelectorAll("[data-row]")]
    .filter((row) => row.getBoundingClientRect().bottom > edge)
    .map((row) => [row.id, topOf(row)]);
});
document.body.addEventListener("htmx:oobAfterSwap", () => {
  tick();
  const list = document.getElementById("list");
  for (const [id, top] of standing) {
    const row = document.getElementById(id);
    if (!row) continue;
    scrollerOf(list).scrollBy(0, topOf(row) - top);
    break;
  }
  standing = [];
});

tick();
setInterval(tick, TICK_MS);
