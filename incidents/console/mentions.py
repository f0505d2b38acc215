"""What an update's text mentions, as links: web addresses, and records of the floors above.

A mention is a line of its own, `Alert: Checkout is down (01J…)`: a noun, words and a record's
id. The app that owns such records registers the noun with the screen that shows one.
"""

import re

from django.urls import reverse
from django.utils.html import format_html, linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe

MENTION = re.compile(r"(?P<noun>\w+): (?P<words>.+) \((?P<key>[0-9A-HJKMNP-TV-Z]{26})\)")

_screens: dict[str, str] = {}


def register(noun: str, screen: str) -> None:
    """Link lines that begin with `noun` to the URL named `screen`, which takes the id alone."""
    _screens[noun] = screen


def linked(text: str) -> SafeString:
    """Return a text as staff read it: HTML of paragraphs, all else in it escaped."""
    lines = [_line(line) for line in text.splitlines()]
    return mark_safe(linebreaks("\n".join(lines), autoescape=False))  # noqa: S308 – each escaped


def _line(line: str) -> str:
    mention = MENTION.fullmatch(line)
    if mention is None or mention["noun"] not in _screens:
        return urlize(line, nofollow=True, autoescape=True)
    screen = reverse(_screens[mention["noun"]], args=[mention["key"]])
    return format_html('{}: <a href="{}">{}</a>', mention["noun"], screen, mention["words"])
