"""Moments and windows as mails say them, in the language spoken. Pure: zone and now are given."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, pgettext

from atender.languages import rules


def clock(at: datetime | None, zone: ZoneInfo) -> str:
    """`3 Nov 2026, 02:00 UTC`, by the language's own order; None is empty."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    return rules.day_with_time(rules.full_day(local.date()), rules.clock_with_zone(local))


def window_words(start: datetime | None, end: datetime | None, zone: ZoneInfo) -> str:
    """`3 Nov 2026, 02:00 – 04:00 UTC`; day and zone are said twice where they differ."""
    if start is None or end is None:
        words = gettext("from %(start)s, until further notice")
        return words % {"start": clock(start, zone)} if start else ""
    first, last = start.astimezone(zone), end.astimezone(zone)
    if (first.date(), first.tzname()) != (last.date(), last.tzname()):
        return f"{clock(start, zone)} – {clock(end, zone)}"
    times = f"{rules.clock_time(first)} – {rules.clock_with_zone(last)}"
    return rules.day_with_time(rules.full_day(first.date()), times)


def start_words(start: datetime, zone: ZoneInfo, now: datetime) -> str:
    """`Starts tomorrow at 02:00 CET`; further ahead the day by its date."""
    local = start.astimezone(zone)
    days = (local.date() - now.astimezone(zone).date()).days
    said = {"time": rules.clock_with_zone(local), "day": rules.weekday(local.date())}
    if days == 0:
        return pgettext("mail", "Starts today at %(time)s") % said
    if days == 1:
        return pgettext("mail", "Starts tomorrow at %(time)s") % said
    return pgettext("mail", "Starts on %(day)s at %(time)s") % said
