"""Time zones by their IANA names, and what they are called."""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from atender.refusals import Refused

LONGEST_NAME = 64


@cache
def zone_names() -> frozenset[str]:
    """Every name that may be given; read from the disk once."""
    return frozenset(name for name in available_timezones() if len(name) <= LONGEST_NAME)


def zone_named(name: str, *, field: str = "time_zone") -> ZoneInfo:
    """Return the zone of a name such as Europe/Lisbon. Raises Refused."""
    if name not in zone_names():
        raise Refused(f"'{name[:40]}' is no time zone; an example is Europe/Lisbon.", field=field)
    return ZoneInfo(name)


def zone_name(local: datetime) -> str:
    """What a moment's own zone is called: `CET`, or `UTC-03` where it has no letters of its own."""
    name = local.tzname() or ""
    return f"UTC{name}" if name[:1] in ("+", "-") else name
