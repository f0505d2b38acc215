"""Times and spans as visitors read them. Pure: the zone and the present moment are given."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

HALF_A_YEAR = timedelta(days=180)


def absolute(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """`14:02 UTC` today, `12 Oct, 14:02 UTC` lately, with the year where it is not obvious."""
    local = at.astimezone(zone)
    clock = f"{local:%H:%M} {local.tzname()}"
    if local.date() == now.astimezone(zone).date():
        return clock
    return f"{day(at, zone, now)}, {clock}"


def day(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    return date_format(at.astimezone(zone), "j M Y" if abs(now - at) > HALF_A_YEAR else "j M")


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
    words = _whole(span)
    return (_("in %(span)s") if ahead else _("%(span)s ago")) % {"span": words}


def lasting(span: timedelta) -> str:
    """`42 min`, `1 h 5 min`, `2 d 3 h`: the two largest units."""
    minutes = max(span // timedelta(minutes=1), 1)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [(days, _("d")), (hours, _("h")), (rest, _("min"))]
    first = next(index for index, (count, _unit) in enumerate(parts) if count)
    shown = [f"{count} {unit}" for count, unit in parts[first : first + 2] if count]
    return " ".join(shown)


def _whole(minutes: int) -> str:
    if minutes < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        hours = minutes // 60
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    days = minutes // 1440
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
