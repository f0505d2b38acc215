// <script async src="https://STATUS-PAGE/embed.js"></script> places the page's state where it stands.
"use strict";
(() => {
  const script = document.currentScript;
  const origin = new URL(script.src).origin;
  const frame = document.createElement("iframe");
  const language = script.dataset.lang;
  frame.src = origin + "/embed" + (language ? "?lang=" + encodeURIComponent(language) : "");
  frame.title = script.dataset.title || "Status";
  frame.loading = "lazy";
  frame.style.cssText = "display:block;width:100%;height:3.5rem;border:0;color-scheme:normal";
  window.addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== origin) return;
    const height = Number(event.data && event.data.statusHeight);
    if (height > 0 && height < 2000) frame.style.height = height + "px";
  });
  script.after(frame);
})();
