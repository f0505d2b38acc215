"""The record's words, tags and times as staff read them."""

from datetime import datetime

from django.utils import timezone
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
