"""Placeholders: a fixed list of names in double braces, each replaced by a text from the record.

Plain replacement and nothing else: no expressions, no attributes, no filters, and what was put in
is never read again. Pure: no record, no clock of its own.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from atender.console.spans import length_in_full
from atender.refusals import Refused
from atender.zones import zone_name
from incidents.models.vocabulary import Severity, Status

BRACES = re.compile(r"\{\{([^{}]*)\}\}")
# What each stands for, in words that also say what is missing while it is not filled in.
KNOWN: dict[str, str] = {
    "component": "the first component affected",
    "components": "all components affected",
    "title": "the incident's title",
    "severity": "the severity, where there is one",
    "status": "the status",
    "started_at": "when it began",
    "duration": "how long it has lasted",
    "page": "the page on which it is published",
    "next_update_by": "the time promised for the next update",
}
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The values of placeholders; an empty value leaves its placeholder unfilled."""

    title: str = ""
    severity: str | None = None
    status: str | None = None
    components: Sequence[str] = ()
    pages: Sequence[str] = ()
    started_at: datetime | None = None
    ended_at: datetime | None = None
    next_update_by: datetime | None = None
    # Where the text will be read: the same times stand beside it there.
    zone: tzinfo = UTC

    def words(self, *, now: datetime) -> dict[str, str]:
        """Return the text of every placeholder that can be filled in."""
        began, promised = self.started_at, self.next_update_by
        texts = {
            "component": self.components[0] if self.components else "",
            "components": listed(self.components),
            "title": self.title,
            "severity": Severity(self.severity).label.lower() if self.severity else "",
            "status": Status(self.status).label.lower() if self.status else "",
            "started_at": moment_words(began, self.zone) if began else "",
            "duration": span_words((self.ended_at or now) - began) if began else "",
            "page": self.pages[0] if self.pages else "",
            "next_update_by": moment_words(promised, self.zone) if promised else "",
        }
        return {name: text for name, text in texts.items() if text}


def fill(text: str, words: Mapping[str, str]) -> str:
    """Replace the placeholders that `words` has a text for; anything else stays as it is."""
    return BRACES.sub(lambda found: words.get(_name(found), found[0]), text)


def names_in(text: str) -> list[str]:
    """Return what stands in double braces, each once, in its order."""
    return list(dict.fromkeys(_name(found) for found in BRACES.finditer(text)))


def unfilled(text: str) -> list[str]:
    """Return the known placeholders that a text still holds."""
    return [name for name in names_in(text) if name in KNOWN]


def check_known(text: str, *, field: str) -> None:
    """Raise Refused for a placeholder that nothing will ever fill in."""
    for name in names_in(text):
        if name not in KNOWN:
            raise Refused(
                f"“{braced(name[:40])}” is no placeholder; those known are "
                f"{', '.join(map(braced, KNOWN))}.",
                field=field,
            )


def check_filled(text: str, *, field: str) -> None:
    """Raise Refused for a text that is meant for readers and still has a gap."""
    for name in unfilled(text):
        raise Refused(
            f"{braced(name)} is not filled in; it stands for {KNOWN[name]}. Write it in its "
            "place, or take it out.",
            field=field,
        )


def braced(name: str) -> str:
    return f"{{{{{name}}}}}"


def listed(names: Iterable[str]) -> str:
    """`API`, `API and Payments`, `API, Payments and Web app`."""
    *others, last = [*names] or [""]
    return f"{', '.join(others)} and {last}" if others else last


def moment_words(at: datetime, zone: tzinfo) -> str:
    """`14:05 UTC on 3 November 2026`: right on whichever day it is read."""
    local = at.astimezone(zone)
    return f"{local:%H:%M} {zone_name(local)} on {local.day} {local:%B %Y}"


def span_words(span: timedelta) -> str:
    """`2 hours 5 minutes`: the two largest units; less than a minute counts as one."""
    return length_in_full(max(span, MINUTE))


def _name(found: re.Match[str]) -> str:
    return found[1].strip().lower()
