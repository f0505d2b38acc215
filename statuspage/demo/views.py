"""How often the demo's pages were read: as on any day, and more while something was wrong."""

import random
from datetime import datetime, timedelta
from math import cos, pi

from incidents.models import Incident, Kind, Page
from statuspage.models import PageViews

DAYS = 95
HOUR = timedelta(hours=1)
QUIETEST, BUSIEST = 6, 60
# How many times the usual number come, by severity.
DRAWN = {"critical": 24, "major": 11, "minor": 4, None: 2}


def read_the_past(page: Page, *, now: datetime, chance: random.Random) -> None:
    """Fill the hours of ninety-five days, up to the present one."""
    last = now.replace(minute=0, second=0, microsecond=0)
    drawn = _drawn(page)
    rows = []
    for back in range(DAYS * 24, 0, -1):
        hour = last - back * HOUR
        usual = _usual(hour) * chance.uniform(0.8, 1.2)
        views = round(usual * drawn.get(hour, 1))
        rows.append(
            PageViews(
                page=page,
                hour=hour,
                views=views,
                programs=round(usual * 3),
                heads=chance.randrange(3),
            )
        )
    PageViews.objects.bulk_create(rows)


def _usual(hour: datetime) -> float:
    """Most at three in the afternoon, half of that at weekends."""
    swing = (1 + cos((hour.hour - 15) / 24 * 2 * pi)) / 2
    usual = QUIETEST + (BUSIEST - QUIETEST) * swing
    return usual / 2 if hour.weekday() > 4 else usual


def _drawn(page: Page) -> dict[datetime, int]:
    found: dict[datetime, int] = {}
    for incident in Incident.objects.closed().filter(kind=Kind.INCIDENT, publications__page=page):
        hour = incident.started_at.replace(minute=0, second=0, microsecond=0)
        while incident.resolved_at and hour < incident.resolved_at:
            found[hour] = DRAWN[incident.severity]
            hour += HOUR
    return found
