"""The console's side bar: entries that apps register and a role may see."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from atender.console.shield import shielded
from atender.roles import Ability, may


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: `link` is a URL name; `badge` a short text, such as a number of open things."""

    group: str
    title: str
    link: str
    icon: str
    ability: Ability = Ability.READ
    order: int = 50
    badge: Callable[[HttpRequest], str] | None = None
    is_shown: Callable[[], bool] | None = None


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A key that leads somewhere from every screen; `link` is a URL name."""

    key: str
    words: str
    link: str
    ability: Ability = Ability.READ


_shortcuts: dict[str, Shortcut] = {"h": Shortcut("h", "go to Now", "admin:index")}
_entries: dict[str, Entry] = {"admin:index": Entry("", "Now", "admin:index", "bolt", order=0)}


def register(entry: Entry) -> None:
    """Add an entry from `AppConfig.ready`; groups stand in the order of their lowest entry."""
    _entries[entry.link] = entry


def register_shortcut(shortcut: Shortcut) -> None:
    _shortcuts[shortcut.key] = shortcut


@cache
def _address(link: str) -> str:
    """Return what never changes; each screen asks for a hundred of them."""
    return reverse(link)


def shortcuts(request: HttpRequest) -> list[tuple[str, str, str]]:
    """Return key, words and address of what this person may reach by a key."""
    allowed = [s for s in _shortcuts.values() if may(request.user, s.ability)]
    return [(s.key, s.words, _address(s.link)) for s in allowed]


def stand_at(request: HttpRequest, link: str) -> None:
    """Set the entry that a screen belongs to when its address does not tell."""
    request.stands_at = _address(link)  # type: ignore[attr-defined]


def _current(request: HttpRequest, entries: list[Entry]) -> str:
    """Return the link of the entry below which this screen stands, the nearest one."""
    path = getattr(request, "stands_at", request.path)
    index = _address("admin:index")
    below = [link for entry in entries if path.startswith(link := _address(entry.link))]
    return max((link for link in below if link != index or path == index), key=len, default="")


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the groups this person may see, in the shape the theme wants."""
    seen = [entry for entry in _entries.values() if _is_seen(entry, request)]
    first: dict[str, int] = {}
    for entry in seen:
        first[entry.group] = min(entry.order, first.get(entry.group, entry.order))
    seen.sort(key=lambda entry: (first[entry.group], entry.group, entry.order, entry.title))
    current = _current(request, seen)
    return [
        {"title": group, "items": [_item(entry, request, current) for entry in entries]}
        for group, entries in groupby(seen, key=lambda entry: entry.group)
    ]


def _is_seen(entry: Entry, request: HttpRequest) -> bool:
    return may(request.user, entry.ability) and (entry.is_shown is None or entry.is_shown())


def _item(entry: Entry, request: HttpRequest, current: str) -> dict[str, Any]:
    link = _address(entry.link)
    item: dict[str, Any] = {
        "title": entry.title,
        "icon": entry.icon,
        "link": link,
        "active": link == current,
        "has_permission": True,
    }
    badge = shielded(entry.title, partial(entry.badge, request)) if entry.badge else None
    return {**item, "badge": badge} if badge else item
