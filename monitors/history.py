"""What a monitor's checks were like lately."""

from datetime import datetime, timedelta

from django.db import connection

from atender.ids import ulid_uuid
from monitors.charting import SPANS, STEPS, Bucket, Chart, draw, span_for
from monitors.models import Check, Monitor, Verdict

BUCKETS = """
SELECT date_bin(%s::interval, checked_at, %s),
    percentile_disc(0.5) WITHIN GROUP (ORDER BY latency_ms) FILTER (WHERE verdict <> 'down'),
    count(*), bool_or(verdict = 'down'), bool_or(verdict = 'degraded')
FROM monitors_check WHERE monitor_id = %s AND checked_at > %s AND checked_at <= %s
GROUP BY 1 ORDER BY 1
"""


def latency_chart(monitor: Monitor, *, now: datetime) -> tuple[Chart, list[Bucket], timedelta]:
    """The chart of the last hour, six hours or day, whichever the monitor's checks fill."""
    recent = Check.objects.filter(monitor=monitor, checked_at__gt=now - SPANS[-1])
    first = recent.order_by("checked_at").values_list("checked_at", flat=True).first()
    span = span_for(now - first if first else timedelta())
    buckets = _buckets(monitor, start=now - span, end=now, step=span / STEPS)
    return draw(buckets, start=now - span, span=span), buckets, span


def _buckets(monitor: Monitor, *, start: datetime, end: datetime, step: timedelta) -> list[Bucket]:
    with connection.cursor() as cursor:
        cursor.execute(
            BUCKETS, [f"{step.total_seconds()} s", start, ulid_uuid(monitor.id), start, end]
        )
        return [
            Bucket(at, median, checks, _worst(down, degraded))
            for at, median, checks, down, degraded in cursor.fetchall()
        ]


def _worst(is_down: bool, is_degraded: bool) -> Verdict:
    if is_down:
        return Verdict.DOWN
    return Verdict.DEGRADED if is_degraded else Verdict.UP
