"""A series as tests plan it: an hour each Sunday at 02:00 in Berlin."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import time_machine

from incidents.models import Incident, MaintenanceSeries
from incidents.planned.series import SeriesPlan, plan_series
from incidents.recurrence import Recurrence, read_rule
from tests.factories import STAFF, component, default_page
from tests.incidents.planned import DAY, HOUR

BERLIN = ZoneInfo("Europe/Berlin")
# A Monday; the first Sunday is the 7th, and the clocks change on the 28th.
NOW = datetime(2094, 3, 1, 12, 0, tzinfo=UTC)
FIRST = datetime(2094, 3, 7, 2, 0, tzinfo=BERLIN)
WEEK = timedelta(days=7)


def a_plan(
    rule: str = "FREQ=WEEKLY;BYDAY=SU",
    *,
    first: datetime = FIRST,
    duration: timedelta = HOUR,
    **how: Any,
) -> SeriesPlan:
    recurrence = Recurrence(read_rule(rule), first, BERLIN)
    told: dict[str, Any] = {
        "title": "Weekly restart",
        "body": "Everything restarts, one after the other.",
        "notice_before": DAY,
        "components": [component()],
        "pages": [default_page()],
    }
    return SeriesPlan(recurrence=recurrence, duration=duration, **(told | how))


def plan(rule: str = "FREQ=WEEKLY;BYDAY=SU", at: datetime = NOW, **how: Any) -> MaintenanceSeries:
    with time_machine.travel(at, tick=False):
        return plan_series(a_plan(rule, **how), by=STAFF)


def times(series: MaintenanceSeries) -> list[str]:
    """Starts of what is planned, on the wall in Berlin."""
    planned = series.occurrences.kept().filter(status="scheduled").order_by("scheduled_for")
    starts = [one.scheduled_for for one in planned]
    return [f"{at.astimezone(BERLIN):%d.%m. %H:%M}" for at in starts if at]


def soonest(series: MaintenanceSeries) -> Incident:
    return series.occurrences.kept().filter(status="scheduled").earliest("scheduled_for")


def waiting(series: MaintenanceSeries) -> list[Incident]:
    return list(series.occurrences.kept().filter(status="scheduled").order_by("scheduled_for"))


SUNDAYS = ["07.03. 02:00", "14.03. 02:00", "21.03. 02:00", "28.03. 03:00", "04.04. 02:00"]
