"""The window of planned work as mails say it. Pure: zone and present moment are given."""

from datetime import datetime
from zoneinfo import ZoneInfo


def clock(at: datetime | None, zone: ZoneInfo) -> str:
    """Write a moment as people read it, its zone included; None is empty."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}" if at else ""


def window_words(start: datetime | None, end: datetime | None, zone: ZoneInfo) -> str:
    """`2026-11-03 02:00 – 04:00 UTC`; day and zone are said twice where they differ."""
    if start is None or end is None:
        return f"from {clock(start, zone)}, until further notice" if start else ""
    first, last = start.astimezone(zone), end.astimezone(zone)
    if (first.date(), first.tzname()) != (last.date(), last.tzname()):
        return f"{clock(start, zone)} – {clock(end, zone)}"
    return f"{first:%Y-%m-%d %H:%M} – {last:%H:%M %Z}"


def start_words(start: datetime, zone: ZoneInfo, now: datetime) -> str:
    """`tomorrow at 02:00 CET`; further ahead the day by name and date."""
    local = start.astimezone(zone)
    days = (local.date() - now.astimezone(zone).date()).days
    day = {0: "today", 1: "tomorrow"}.get(days, f"on {local:%a} {local.day} {local:%b}")
    return f"{day} at {local:%H:%M %Z}"
