// Colours that follow the system go on following it while a screen is open; the frame asks only once.
"use strict";

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  const frame = Alpine.$data(document.documentElement);
  if (frame.adminTheme !== "auto") return;
  // It asks again as the choice changes, and only then.
  frame.adminTheme = "";
  Alpine.nextTick(() => { frame.adminTheme = "auto"; });
});
