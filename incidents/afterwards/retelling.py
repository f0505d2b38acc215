"""The first draft of a post-mortem: what the record knows, under the usual headings.

Pure. It is given only public texts and no names, since all of it may be published; what monitors
suggest is marked, and a marked text is not.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from atender.console.spans import length_in_full
from incidents.afterwards.hindsight import Hindsight
from incidents.models.vocabulary import Severity, Status
from incidents.texts.wording import shortened

LONGEST_QUOTE = 600
# Together the quotes leave room for what people write; later steps are named without their text.
QUOTED_AT_MOST = 10_000
HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
# A line that begins so is a guess that nobody has reviewed.
LIKELY = "Likely:"
END = HEADING.match("# end")
SPECIAL = re.compile(r"[\\`*\[\]~]|(?<!\w)_|_(?!\w)")


def draft_of(past: Hindsight, *, likely_cause: str = "") -> str:
    """Return Markdown; people fill the headings without a text, and review the likely cause."""
    sections = {
        "Summary": _summary(past),
        "Impact": _impact(past),
        "Root cause": f"{LIKELY} {plain(likely_cause)}" if likely_cause else "",
        "Detection": _detection(past),
        "Resolution": _resolution(past),
        "Timeline": _timeline(past),
    }
    return "\n\n".join(f"## {name}\n\n{text}".rstrip() for name, text in sections.items())


def _summary(past: Hindsight) -> str:
    loudness = f"{Severity(past.severity).label} incident" if past.severity else "Incident"
    until = _time(past.resolved_at, past)
    return f"{loudness} from {moment(past.started_at)} to {until}: {length_in_full(past.duration)}."


def _impact(past: Hindsight) -> str:
    return "\n".join(f"- {plain(each.name)}: {each.worst.label.lower()}" for each in past.suffered)


def _detection(past: Hindsight) -> str:
    until, taken = past.to_detect, past.to_acknowledge
    noticed = f"Noticed {length_in_full(until)} after it began" if until else "Noticed as it began"
    return f"{noticed}." if taken is None else f"{noticed}, taken up after {length_in_full(taken)}."


def _resolution(past: Hindsight) -> str:
    known = past.to_identify
    cause = f"The cause was known after {length_in_full(known)}. " if known else ""
    return f"{cause}Resolved after {length_in_full(past.duration)}."


def _timeline(past: Hindsight) -> str:
    return "\n".join([f"- {_time(past.started_at, past)}: it began.", *_said(past)])


def _said(past: Hindsight) -> Iterator[str]:
    room = QUOTED_AT_MOST
    for update in past.said:
        word = f"**{Status(update.status).label}**" if update.changes_status else ""
        text = quote_of(update.public_body) if room > 0 else ""
        room -= len(text)
        words = " – ".join(part for part in (word, text) if part)
        if words:
            yield f"- {_time(update.posted_at, past)}: {words}"


def quote_of(text: str) -> str:
    """An update's text as the draft's timeline repeats it."""
    return plain(shortened(text, LONGEST_QUOTE))


def _time(at: datetime, past: Hindsight) -> str:
    """The time of day; on another day than the beginning the date as well."""
    is_same_day = at.astimezone(UTC).date() == past.started_at.astimezone(UTC).date()
    return f"{at.astimezone(UTC):%H:%M} UTC" if is_same_day else moment(at)


def plain(text: str) -> str:
    """One line of plain text that Markdown leaves as it is."""
    return SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def guesses_in(body: str) -> list[str]:
    """Return the lines that are marked as guesses."""
    return [line.strip() for line in body.split("\n") if line.strip().startswith(LIKELY)]


def empty_sections(body: str) -> list[str]:
    """Return the headings that nothing stands below, in their order."""
    lines = [line for line in body.split("\n") if line.strip()]
    found = [HEADING.match(line.strip()) for line in lines]
    return [
        here[2]
        for here, below in zip(found, [*found[1:], END], strict=True)
        if here and below and len(below[1]) <= len(here[1])
    ]
