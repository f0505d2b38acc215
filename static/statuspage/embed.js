// Tells the framing site how high the state stands, so that it needs no scroll bar.
"use strict";
new ResizeObserver(() => {
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  parent.postMessage({ statusHeight: height }, "*");
}).observe(document.body);
