"""When a heartbeat is expected next: no database, no clock."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cronsim import CronSim

# A call this much too early still counts as the expected one: clocks differ.
EARLY = timedelta(seconds=60)


def expected_after(
    called_at: datetime, *, interval_s: int, cron: str = "", zone: str = "UTC"
) -> datetime:
    """Return when the next call is expected after this one, in local time across a clock change.

    A skipped hour is made up for right after it; one that occurs twice counts once.
    """
    if not cron:
        return called_at + timedelta(seconds=interval_s)
    local = (called_at + EARLY).astimezone(ZoneInfo(zone))
    return next(CronSim(cron, local)).astimezone(UTC)


def late_at(called_at: datetime, *, interval_s: int, says: Any) -> datetime:
    """From when on a call is missed; `says` gives parts of the configuration."""
    expected = expected_after(
        called_at, interval_s=interval_s, cron=says("cron") or "", zone=says("time_zone")
    )
    return expected + timedelta(seconds=says("grace_s"))
