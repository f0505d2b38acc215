"""What the demo's monitors measured in the week before its first day."""

import random
from datetime import datetime, timedelta
from math import cos, pi

from monitors.models import CheckHour, Monitor

DAYS = 8
HOUR = timedelta(hours=1)
QUICKEST, BUSIEST = 9, 24


def measure_the_past(monitor: Monitor, *, now: datetime, chance: random.Random) -> None:
    """Fill the hours up to the present one: slower while more people are about."""
    last = now.replace(minute=0, second=0, microsecond=0)
    CheckHour.objects.bulk_create(
        _hour(monitor, last - back * HOUR, chance) for back in range(DAYS * 24, 0, -1)
    )


def _hour(monitor: Monitor, began_at: datetime, chance: random.Random) -> CheckHour:
    swing = (1 + cos((began_at.hour - 15) / 24 * 2 * pi)) / 2
    usual = (QUICKEST + (BUSIEST - QUICKEST) * swing) * chance.uniform(0.85, 1.2)
    return CheckHour(
        monitor=monitor,
        region="",
        began_at=began_at,
        checks=int(HOUR.total_seconds()) // monitor.interval_s,
        degraded=0,
        down=0,
        unknown=0,
        median_ms=round(usual),
        p95_ms=round(usual * chance.uniform(1.8, 2.6)),
    )
