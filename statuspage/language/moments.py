"""Times and spans as visitors read them, in the language that is being read.

The zone and the present moment are given.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from atender.languages import rules

HALF_A_YEAR = timedelta(days=180)


def absolute(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """`14:02 UTC` today, `12 Oct, 14:02 UTC` lately, with the year where it is not obvious."""
    local = at.astimezone(zone)
    clock = rules.clock_with_zone(local)
    if local.date() == now.astimezone(zone).date():
        return clock
    return rules.day_with_time(day(at, zone, now), clock)


def dated(at: datetime, zone: ZoneInfo) -> str:
    """`12 Oct 2026, 14:02 UTC`: for what is printed and handed on, and read on another day."""
    local = at.astimezone(zone)
    clock = rules.clock_with_zone(local)
    return rules.day_with_time(rules.full_day(local), clock)


def day(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    local = at.astimezone(zone).date()
    return rules.full_day(local) if abs(now - at) > HALF_A_YEAR else rules.month_day(local)


def next_edge(now: datetime, zone: ZoneInfo, *moments: datetime | None) -> datetime:
    """Return the first of the moments that is still to come, or the zone's midnight before it."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time(), zone)
    return min([midnight, *(at for at in moments if at is not None and at > now)])


def relative(at: datetime, now: datetime) -> str:
    """`12 minutes ago`, `in 3 days`; whole units, rounded down."""
    ahead = at > now
    span = (at - now if ahead else now - at) // timedelta(minutes=1)
    if span < 1:
        return _("in less than a minute") if ahead else _("just now")
    if span < 60:
        return rules.distance(span, "minute", is_ahead=ahead)
    if span < 48 * 60:
        return rules.distance(span // 60, "hour", is_ahead=ahead)
    return rules.distance(span // 1440, "day", is_ahead=ahead)


def lasting(span: timedelta) -> str:
    """`42 min`, `1 h 5 min`, `2 d 3 h`: the two largest units."""
    minutes = max(span // timedelta(minutes=1), 1)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [(days, _("%(n)s d")), (hours, _("%(n)s h")), (rest, _("%(n)s min"))]
    first = next(index for index, (count, _unit) in enumerate(parts) if count)
    return " ".join(unit % {"n": count} for count, unit in parts[first : first + 2] if count)
