// Colours that follow the system go on following it while a screen is open; the frame asks only once.
"use strict";

addEventListener("DOMContentLoaded", () => {
  const frame = Alpine.$data(document.documentElement);
  const system = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const isDark = frame.adminTheme === "dark" || (frame.adminTheme === "auto" && system.matches);
    document.documentElement.classList.toggle("dark", isDark);
  };
  // A choice that is kept as nothing, which followed nothing.
  frame.adminTheme ||= "auto";
  system.addEventListener("change", paint);
  // After the frame's own colouring, which knows nothing of this one.
  Alpine.effect(() => { frame.adminTheme; Alpine.nextTick(paint); });
});
