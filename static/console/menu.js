// The menu is longer than most windows: it stays where it was scrolled to from screen to screen,
// and shows where one is.
"use strict";

const menu = document.getElementById("nav-sidebar-apps");
const KEPT = "menuScrolled";

function place() {
  const here = menu.querySelector('[aria-current="page"]');
  menu.scrollTop = Number(sessionStorage.getItem(KEPT) ?? 0);
  if (!here) return;
  const seen = menu.getBoundingClientRect();
  const at = here.getBoundingClientRect();
  if (at.top < seen.top || at.bottom > seen.bottom) {
    menu.scrollTop += at.top - seen.top - (seen.height - at.height) / 2;
  }
}

if (menu) {
  // On a narrow screen it has no height until it is opened.
  let height = 0;
  new ResizeObserver(() => {
    if (menu.clientHeight && !height) place();
    height = menu.clientHeight;
  }).observe(menu);
  menu.addEventListener("scroll", () => {
    if (menu.clientHeight) sessionStorage.setItem(KEPT, menu.scrollTop);
  }, { passive: true });
}
