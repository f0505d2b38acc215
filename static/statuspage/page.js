// The page is complete without this. With it, times are the visitor's own, and what is shown keeps
// itself fresh without moving what is being read.
"use strict";
(() => {
  const main = document.querySelector("main");
  const every = Number(main.dataset.live) * 1000;
  const language = document.documentElement.lang;
  const theirs = main.dataset.zone;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const HALF_A_YEAR_MS = 180 * 24 * 3600 * 1000;
  const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const DAY = { day: "numeric", month: "short" };

  function written(at, shape, zone = own, locale = language === "en" ? "en-GB" : language) {
    return new Intl.DateTimeFormat(`${locale}-u-nu-latn`, { ...shape, timeZone: zone }).format(at);
  }

  const isSame = (at) => written(at, { ...DAY, ...CLOCK }) === written(at, { ...DAY, ...CLOCK }, theirs);

  // No single English knows the names of all zones; the others say GMT and a number, where the
  // server says UTC-03.
  function zoneName(at) {
    const shape = { timeZone: own, timeZoneName: "short" };
    const names = ["en-GB", "en-US", "en-AU", "en-IN"].map((locale) => {
      const parts = new Intl.DateTimeFormat(locale, shape).formatToParts(at);
      return parts.find((part) => part.type === "timeZoneName").value;
    });
    const known = names.find((name) => !/^GMT[+-]/.test(name));
    return known ?? names[0].replace(/^GMT(.)(\d+):?/, (_, sign, hours) => `UTC${sign}${hours.padStart(2, "0")}`);
  }

  function told(at, isDated) {
    const isToday = written(at, { dateStyle: "short" }) === written(new Date(), { dateStyle: "short" });
    const isLongAgo = Math.abs(Date.now() - at) > HALF_A_YEAR_MS;
    const day = isToday && !isDated ? {} : { ...DAY, ...((isLongAgo || isDated) && { year: "numeric" }) };
    return `${written(at, { ...day, ...CLOCK })} ${zoneName(at)}`;
  }

  function span(from, until) {
    const shape = { weekday: "short", ...DAY, ...CLOCK, timeZone: own };
    const locale = `${language === "en" ? "en-GB" : language}-u-nu-latn`;
    return `${new Intl.DateTimeFormat(locale, shape).formatRange(from, until)} ${zoneName(from)}`;
  }

  // What the page said in its own zone stays where one points at it.
  function retell(element, text) {
    element.title = element.textContent;
    element.textContent = text;
  }

  function tellOwnTimes(root) {
    for (const period of root.querySelectorAll(".period")) {
      const [from, until] = [...period.querySelectorAll("time")].map((time) => new Date(time.dateTime));
      if (!isSame(from) || !isSame(until)) retell(period, span(from, until));
    }
    for (const time of root.querySelectorAll("time[datetime]")) {
      const at = new Date(time.dateTime);
      if (!isSame(at)) retell(time, told(at, "dated" in time.dataset));
      else time.title = written(at, { dateStyle: "full", timeStyle: "short" });
    }
  }

  function nameZone() {
    const said = document.querySelector(".zone");
    const words = (zone) => zone.replaceAll("_", " ");
    if (said && !isSame(new Date())) said.textContent = said.textContent.replace(words(theirs), words(own));
  }

  const storyOf = (element) => element.closest("article")?.querySelector("a")?.getAttribute("href");
  const nameOf = (element) => element.localName + (element.getAttribute("href") ?? storyOf(element));

  // The topmost thing in sight that has a name; nothing where one reads the beginning.
  function placeOf(root) {
    if (!window.scrollY) return null;
    const seen = [...root.querySelectorAll("main [id], .subscribe")].find((e) => e.getBoundingClientRect().bottom > 0);
    return seen && { id: seen.id, top: seen.getBoundingClientRect().top };
  }

  function put(content) {
    const place = placeOf(document);
    const open = new Set([...main.querySelectorAll("details[open]")].map(nameOf));
    const focused = main.contains(document.activeElement) ? nameOf(document.activeElement) : "";
    if (theirs) tellOwnTimes(content);
    main.replaceChildren(...content.childNodes);
    for (const details of main.querySelectorAll("details")) details.open ||= open.has(nameOf(details));
    if (focused) {
      const same = [...main.querySelectorAll("a, summary")].find((each) => nameOf(each) === focused);
      same?.focus({ preventScroll: true });
    }
    const now = place && document.getElementById(place.id);
    if (now) window.scrollBy({ top: now.getBoundingClientRect().top - place.top, behavior: "instant" });
  }

  function isMarked() {
    const marked = getSelection();
    return !marked.isCollapsed && main.contains(marked.anchorNode);
  }

  async function refresh() {
    if (document.hidden || isMarked()) return;
    const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const content = fresh.querySelector("main");
    if (!content || isMarked()) return;
    document.title = fresh.title;
    put(content);
  }

  if (every) setInterval(() => refresh().catch(() => {}), every);
  document.addEventListener("visibilitychange", () => { if (every) refresh().catch(() => {}); });
  if (theirs && own) {
    tellOwnTimes(document);
    nameZone();
  }
})();
