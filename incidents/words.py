"""The record's words, tags and times as staff read them."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from atender.console.signs import tag
from atender.console.times import clock
from atender.zones import zone_name
from incidents.models import Incident
from incidents.models.vocabulary import (
    CLOSED,
    ComponentStateName,
    Severity,
    Status,
)

SEVERITY_TONE = {
    Severity.MINOR: "degraded",
    Severity.MAJOR: "partial",
    Severity.CRITICAL: "major",
    Severity.MAINTENANCE: "maintenance",
}
STATE_LOOK = {
    ComponentStateName.OPERATIONAL: ("ok", "●"),
    ComponentStateName.MAINTENANCE: ("maintenance", "⚒"),
    ComponentStateName.DEGRADED: ("degraded", "◐"),
    ComponentStateName.PARTIAL_OUTAGE: ("partial", "◑"),
    ComponentStateName.MAJOR_OUTAGE: ("major", "✕"),
}
# A line never ends between a number and its unit.
UNBROKEN = "\N{NO-BREAK SPACE}"
UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))


def severity_tag(severity: str | None) -> SafeString:
    if not severity:
        return tag("No severity")
    known = Severity(severity)
    return tag(known.label, SEVERITY_TONE[known])


def status_tag(status: str) -> SafeString:
    return tag(Status(status).label, "ok" if status in CLOSED else "")


def state_tag(state: str) -> SafeString:
    known = ComponentStateName(state)
    return tag(known.label, *STATE_LOOK[known])


def status_word(status: str) -> str:
    return str(Status(status).label)


def severity_word(severity: str | None) -> str:
    return str(Severity(severity).label) if severity else "none"


def state_word(state: str) -> str:
    return str(ComponentStateName(state).label)


def shown_length(span: timedelta) -> str:
    """`2 d 4 h`, all of it in one line."""
    return length_words(span).replace(" ", UNBROKEN)


def length_words(span: timedelta) -> str:
    """`2 d 4 h`, `1 h 5 min`, `40 s`: the two largest units."""
    seconds = max(int(span.total_seconds()), 0)
    if seconds < 60:
        return f"{seconds} s"
    parts = []
    for unit, size in UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2])


def since_words(moment: datetime) -> str:
    """How long ago, in the largest unit: `12 min ago`; what lies ahead is `in 12 min`."""
    seconds = (timezone.now() - moment).total_seconds()
    if abs(seconds) < 5:
        return "just now"
    span = _largest(abs(seconds))
    return f"{span} ago" if seconds > 0 else f"in {span}"


def span_words(moment: datetime) -> str:
    """The distance from now, in the largest unit and without a direction."""
    return _largest(abs((timezone.now() - moment).total_seconds()))


def before(at: datetime, later: datetime) -> str:
    """`12 min before`, in the largest unit."""
    seconds = (later - at).total_seconds()
    return f"{_largest(seconds)} before" if seconds >= 5 else "just before"


def _largest(seconds: float) -> str:
    for unit, size in UNITS:
        if seconds >= size:
            return f"{int(seconds // size)}{UNBROKEN}{unit}"
    return f"{int(seconds)}{UNBROKEN}s"


def moment(at: datetime) -> SafeString:
    """A `<time>` that shows the distance and holds the moment itself."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        clock(at, with_seconds=True),
        since_words(at),
    )


def window_words(incident: Incident) -> str:
    """`3 Nov 02:00 to 04:00 UTC`; the day is said twice where it differs."""
    start, end = incident.scheduled_for, incident.scheduled_until
    if start is None:
        return "no time set"
    if end is None:
        return f"from {clock(start)}, until somebody completes it"
    first, last = timezone.localtime(start), timezone.localtime(end)
    if (first.date(), first.tzname()) != (last.date(), last.tzname()):
        return f"{clock(start)} to {clock(end)}"
    today = timezone.localtime()
    year = f" {first.year}" if first.year != today.year else ""
    day = "" if first.date() == today.date() else f"{first:%a} {first.day} {first:%b}{year} "
    return f"{day}{first:%H:%M} to {last:%H:%M} {zone_name(last)}"


def date_words(at: datetime) -> str:
    """`Tue 3 Nov 2026, 02:00 CET`: a date that was chosen, in the zone that it carries."""
    return f"{at:%a} {at.day} {at:%b %Y, %H:%M} {zone_name(at)}"


def zone() -> str:
    """The zone in which this screen reads and writes times."""
    return zone_name(timezone.localtime())


def is_past(at: datetime | None) -> bool:
    return at is not None and at < timezone.now()
