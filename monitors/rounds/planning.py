"""When a monitor is checked next: written with the change that causes it."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from atender.tenants.context import current_schema
from monitors.models import Monitor, MonitorKind
from monitors.pace import lease_s
from monitors.rounds.models import Round


def plan_rounds(monitor: Monitor, *, at: datetime | None = None) -> None:
    """Have a monitor checked from each of its regions, now or at a time, and from no other.

    A heartbeat calls us, and a monitor without an address is not there yet: neither has rounds.
    """
    rows = _rounds_of(monitor)
    if not is_probed(monitor):
        rows.delete()
        return
    regions = monitor.regions or [""]
    rows.exclude(region__in=regions).delete()
    due_at = at or timezone.now()
    Round.objects.bulk_create(
        [
            Round(
                schema=current_schema(),
                monitor_id=monitor.id,
                region=region,
                interval_s=monitor.interval_s,
                lease_s=lease_s(monitor),
                due_at=due_at,
            )
            for region in sorted(regions)
        ],
        update_conflicts=True,
        unique_fields=["schema", "monitor_id", "region"],
        update_fields=["interval_s", "lease_s", "due_at"],
    )


def is_probed(monitor: Monitor) -> bool:
    return bool(monitor.url) and monitor.kind != MonitorKind.HEARTBEAT


def forget_rounds(monitor: Monitor) -> None:
    _rounds_of(monitor).delete()


def _rounds_of(monitor: Monitor) -> QuerySet[Round]:
    return Round.objects.filter(schema=current_schema(), monitor_id=monitor.id)
