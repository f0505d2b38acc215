// The page is complete without this. With it, what is shown keeps itself fresh, and a time tells
// the visitor's own clock when pointed at.
"use strict";
(() => {
  const main = document.querySelector("main");
  const every = Number(main.dataset.live) * 1000;

  function tellLocalTimes(root) {
    for (const time of root.querySelectorAll("time[datetime]")) {
      time.title = new Date(time.dateTime).toLocaleString(document.documentElement.lang, { dateStyle: "full", timeStyle: "short" });
    }
  }

  function isBeingRead() {
    return main.contains(document.activeElement) || main.querySelector("details[open]") !== null;
  }

  async function refresh() {
    if (document.hidden || isBeingRead()) return;
    const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const content = fresh.querySelector("main");
    if (!content || isBeingRead()) return;
    document.title = fresh.title;
    main.replaceChildren(...content.childNodes);
    tellLocalTimes(main);
  }

  tellLocalTimes(document);
  if (every) setInterval(() => refresh().catch(() => {}), every);
  document.addEventListener("visibilitychange", () => { if (every) refresh().catch(() => {}); });
})();
