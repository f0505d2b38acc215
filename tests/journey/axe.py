"""axe-core over a page as it stands: what keeps somebody from reading or using it."""

from typing import Any, Literal, NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)


class Look(NamedTuple):
    scheme: Literal["light", "dark"]
    size: ViewportSize


# Two looks meet every colour and every layout; the other two meet them in all pairs.
TWO_LOOKS = [Look("light", WIDE), Look("dark", NARROW)]
ALL_LOOKS = [*TWO_LOOKS, Look("light", NARROW), Look("dark", WIDE)]
SCRIPT = Axe().axe_script
OPTIONS = {"resultTypes": ["violations"], "preload": False}
RUN = "([where, options]) => axe.run(where, options).then(found => found.violations)"
SETTLED = """() => Promise.all(
  document.getAnimations().map(each => each.finished.catch(() => {})).concat(document.fonts.ready)
).then(() => null)"""
TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const wide = [...document.querySelectorAll("body *")].filter(
    each => each.getBoundingClientRect().right > room + 1);
  return wide.slice(-1).map(each => each.outerHTML.slice(0, 200));
}"""


def complaints(page: Page, looks: list[Look] = ALL_LOOKS, *, without: str = "nothing") -> list[str]:
    """Return a line for everything that axe finds, and for what is wider than its window.

    `without` is a selector of what was looked at on another page.
    """
    page.evaluate(SCRIPT)
    return [line for look in looks for line in _in_look(page, look, without)]


def _in_look(page: Page, look: Look, without: str) -> list[str]:
    page.emulate_media(color_scheme=look.scheme)
    page.set_viewport_size(look.size)
    page.evaluate(SETTLED)
    found: list[dict[str, Any]] = page.evaluate(RUN, [{"exclude": [without]}, OPTIONS])
    where = f"{page.url} {look.scheme} {look.size['width']}"
    return [
        *(
            f"{where}: {each['id']} ({each['impact']}) {node['html'][:200]}"
            for each in found
            for node in each["nodes"]
        ),
        *(f"{where}: wider than its window {piece}" for piece in page.evaluate(TOO_WIDE)),
    ]
