"""What a monitor's checks were like lately."""

from datetime import datetime, timedelta

from django.db import connection

from atender.ids import ulid_uuid
from monitors.console.charting import LONG_DAYS, SPANS, STEPS, Bucket, Chart, draw, span_for
from monitors.models import Check, Monitor, Verdict

BUCKETS = """
SELECT date_bin(%s::interval, checked_at, %s),
    percentile_disc(0.5) WITHIN GROUP (ORDER BY latency_ms) FILTER (WHERE verdict <> 'down'),
    count(*), bool_or(verdict = 'down'), bool_or(verdict = 'degraded')
FROM monitors_check WHERE monitor_id = %s AND checked_at > %s AND checked_at <= %s
GROUP BY 1 ORDER BY 1
"""

# Hours of all regions together; of their middles the middle, weighed by nothing but their number.
LONG_BUCKETS = """
SELECT date_bin(%s::interval, began_at, %s),
    percentile_disc(0.5) WITHIN GROUP (ORDER BY median_ms),
    sum(checks), sum(down) > 0, sum(degraded) > 0
FROM monitors_checkhour WHERE monitor_id = %s AND began_at >= %s AND began_at < %s
GROUP BY 1 ORDER BY 1
"""


def long_chart(
    monitor: Monitor, *, days: int, now: datetime
) -> tuple[Chart, list[Bucket], timedelta]:
    """The chart of weeks, a month or a year, from the sums of hours that are over."""
    assert days in LONG_DAYS
    span = timedelta(days=days)
    end = now.replace(minute=0, second=0, microsecond=0)
    start, step = end - span, span / STEPS
    buckets = _found(LONG_BUCKETS, monitor, start=start, end=end, step=step)
    return draw(buckets, start=start, span=span), buckets, span


def latency_chart(monitor: Monitor, *, now: datetime) -> tuple[Chart, list[Bucket], timedelta]:
    """The chart of the last hour, six hours or day, whichever the monitor's checks fill."""
    recent = Check.objects.filter(monitor=monitor, checked_at__gt=now - SPANS[-1])
    first = recent.order_by("checked_at").values_list("checked_at", flat=True).first()
    span = span_for(now - first if first else timedelta())
    buckets = _found(BUCKETS, monitor, start=now - span, end=now, step=span / STEPS)
    return draw(buckets, start=now - span, span=span), buckets, span


def _found(
    query: str, monitor: Monitor, *, start: datetime, end: datetime, step: timedelta
) -> list[Bucket]:
    with connection.cursor() as cursor:
        cursor.execute(
            query, [f"{step.total_seconds()} s", start, ulid_uuid(monitor.id), start, end]
        )
        return [
            Bucket(at, median, checks, _worst(down, degraded))
            for at, median, checks, down, degraded in cursor.fetchall()
        ]


def _worst(is_down: bool, is_degraded: bool) -> Verdict:
    if is_down:
        return Verdict.DOWN
    return Verdict.DEGRADED if is_degraded else Verdict.UP
