"""The verbs of heartbeats: a call comes in, or is missed."""

from datetime import datetime, timedelta

from django.db import transaction

from atender.due.work import cancel, schedule
from atender.locking import locked
from monitors.heartbeats.expecting import late_at
from monitors.models import Check, Monitor, MonitorKind, Verdict
from monitors.outcomes import Outcome
from monitors.probing.claiming import job_of
from monitors.verdicts.settling import settle

LATE = "monitors.heartbeat"
MISSED = "heartbeat_missed"
# How soon a flip that is held back is looked at again.
AGAIN = timedelta(minutes=1)


@transaction.atomic
def take_call(monitor: Monitor, *, at: datetime) -> None:
    """Note that a heartbeat called, and expect the next call. Idempotent.

    Raises Gone where it is a heartbeat no longer.
    """
    held = locked(Monitor.objects.filter(kind=MonitorKind.HEARTBEAT), monitor)
    held.called_at = max(held.called_at or at, at)
    held.save(update_fields=["called_at"])
    schedule(LATE, held.id, at=deadline(held, held.called_at))
    _keep(held, Verdict.UP, "", at=at)


@transaction.atomic
def miss_call(monitor_id: str, *, at: datetime) -> datetime | None:
    """Record a missed call, if it was missed; returns when to look again."""
    held = (
        Monitor.objects.select_for_update(of=("self",), no_key=True).filter(pk=monitor_id).first()
    )
    if held is None or held.called_at is None or held.kind != MonitorKind.HEARTBEAT:
        return None
    late = deadline(held, held.called_at)
    if at < late:
        return late
    _keep(held, Verdict.DOWN, MISSED, at=at)
    return at + AGAIN if held.held_since else None


def expect_call(monitor: Monitor) -> None:
    """Reschedule the deadline to the monitor's present settings; one that never called has none."""
    if monitor.kind == MonitorKind.HEARTBEAT and monitor.called_at:
        schedule(LATE, monitor.id, at=deadline(monitor, monitor.called_at))
    else:
        cancel(LATE, monitor.id)


def deadline(monitor: Monitor, called_at: datetime) -> datetime:
    return late_at(called_at, interval_s=monitor.interval_s, says=job_of(monitor).says)


def _keep(monitor: Monitor, verdict: Verdict, error_code: str, *, at: datetime) -> None:
    Check.objects.create(
        monitor=monitor, region="", verdict=verdict, error_code=error_code, checked_at=at
    )
    settle(monitor, outcome=Outcome(verdict, at, error_code=error_code))
