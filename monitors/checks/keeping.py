"""How long checks are kept: each one for some days, their hourly sums for over a year."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from atender.due.work import is_scheduled, schedule
from monitors.models import Check, CheckHour, Monitor

ADDING_UP = "monitors.add_up"
HOUR = timedelta(hours=1)
# Remote probers report late; checks that arrive later than this are left out of the sums.
SETTLES = timedelta(minutes=5)
# Bounds the first pass after a long pause, which must not occupy a worker.
HOURS_AT_ONCE = 48

ADD_UP = """
INSERT INTO monitors_checkhour
    (monitor_id, region, began_at, checks, degraded, down, unknown, median_ms, p95_ms)
SELECT monitor_id, region, date_trunc('hour', checked_at, 'UTC'), count(*),
    count(*) FILTER (WHERE verdict = 'degraded'), count(*) FILTER (WHERE verdict = 'down'),
    count(*) FILTER (WHERE verdict = 'unknown'),
    percentile_disc(0.5) WITHIN GROUP (ORDER BY latency_ms) FILTER (WHERE verdict <> 'down'),
    percentile_disc(0.95) WITHIN GROUP (ORDER BY latency_ms) FILTER (WHERE verdict <> 'down')
FROM monitors_check WHERE checked_at >= %s AND checked_at < %s
GROUP BY 1, 2, 3
ON CONFLICT (monitor_id, region, began_at) DO NOTHING
"""


def keep_adding_up(now: datetime) -> None:
    """Schedule the first sum; each one schedules the next. Called when a monitor is added."""
    if not is_scheduled(ADDING_UP, ""):
        schedule(ADDING_UP, "", at=_hour(now) + HOUR + SETTLES)


@transaction.atomic
def add_up(now: datetime) -> datetime | None:
    """Add up the hours that are over, forget what is old; returns when to come again."""
    until = _hour(now - SETTLES)
    since = _next_hour()
    # Hours in which nothing was checked leave no sum, and must not hold up those after them.
    while since is not None and since < until:
        end = min(until, since + HOURS_AT_ONCE * HOUR)
        if _added(since, end):
            break
        since = end
    _forget(now)
    if not (Check.objects.exists() or Monitor.objects.exists()):
        return None
    return _hour(now - SETTLES) + HOUR + SETTLES


def _added(since: datetime, until: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(ADD_UP, [since, until])
        return int(cursor.rowcount)


def _next_hour() -> datetime | None:
    """The first hour that is not added up yet; None where there is nothing to add."""
    last = CheckHour.objects.order_by("-began_at").values_list("began_at", flat=True).first()
    if last:
        return last + HOUR
    first = Check.objects.order_by("checked_at").values_list("checked_at", flat=True).first()
    return _hour(first) if first else None


def _forget(now: datetime) -> None:
    raw = now - timedelta(days=settings.CHECKS_KEPT_DAYS)
    # After a long pause there may be old checks that no sum holds yet.
    raw = min(raw, _next_hour() or raw)
    Check.objects.filter(checked_at__lt=raw).delete()
    sums = now - timedelta(days=settings.CHECK_HOURS_KEPT_DAYS)
    CheckHour.objects.filter(began_at__lt=sums).delete()


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
