"""Times as the API reads them: RFC 3339, always with a zone."""

import re
from datetime import UTC, datetime, timedelta

# A day, a time to the second at least, and Z or an offset.
RFC_3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?"
    r"(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))",
    re.ASCII,
)
MOMENT = {"type": "string", "format": "date-time"}
WANTED = "a time looks like 2026-04-24T17:42:00Z, with its zone."


def read_moment(text: str) -> datetime:
    """Return the moment in UTC; raises ValueError with a sentence.

    A leap second is taken as the second after it, as PostgreSQL does; beyond microseconds is cut.
    """
    found = RFC_3339.fullmatch(text)
    if not found:
        raise ValueError(f"'{text[:40]}' is no time that can be read; {WANTED}")
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    fraction, sign, zone_hours, zone_minutes = found.groups()[6:]
    is_leap = second == 60
    try:
        microsecond = int((fraction or "0").ljust(6, "0")[:6])
        moment = datetime(year, month, day, hour, minute, second - is_leap, microsecond, tzinfo=UTC)
        offset = timedelta(hours=int(zone_hours or 0), minutes=int(zone_minutes or 0))
        moment += offset if sign == "-" else -offset
        if is_leap and (moment.hour, moment.minute) != (23, 59):
            raise ValueError("a leap second ends a day of UTC")
        return moment + timedelta(seconds=is_leap)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"'{text[:40]}' is in no calendar; {WANTED}") from error
