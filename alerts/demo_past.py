"""The demo's past alerts: all of them over, and nobody was called."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.models import Alert, AlertSource, AlertStatus, EntryKind
from alerts.outages.failing import SEVERITY
from alerts.outages.telling_customers import actor_of
from alerts.recording import write
from atender.actors import Actor, ActorKind
from incidents.models import Incident, Kind, MonitorLink
from incidents.models.vocabulary import Severity
from monitors.models import Monitor, MonitorKind, Verdict

LOUD = {Severity.CRITICAL, Severity.MAJOR}
MINUTE = timedelta(minutes=1)
# What nobody outside felt: the monitor, how many days ago and at what hour, for how many minutes,
# and what whoever had it wrote down.
UNFELT = (
    ("Nightly export", 83, 2, 41, "The disk of the export server was full; old files removed."),
    ("Search latency", 69, 9, 12, "A reindex ran in the morning. Moved to the night."),
    ("Shop assistant", 52, 14, 6, ""),
    ("Nightly export", 38, 2, 27, "It waited for a lock. The job says so in its log now."),
    ("Search latency", 24, 16, 9, ""),
    ("Tracking API probe", 19, 11, 8, "One server of three hung; restarted."),
    ("Sign-in probe", 11, 7, 4, ""),
    ("Shop assistant", 5, 13, 7, "Answers took six seconds. The model's provider was slow."),
)


@dataclass(frozen=True, slots=True)
class Past:
    """An alert as it was: who had it after how long, and what it came to."""

    monitor: Monitor
    began_at: datetime
    taken_after: timedelta
    ended_at: datetime
    by: str
    verdict: Verdict
    note: str = ""
    incident: Incident | None = None


def call_in_the_past(names: list[str], *, now: datetime, chance: random.Random) -> None:
    """Write down the alerts of past incidents, and some that never became one."""
    pasts = [*_of_incidents(chance), *_unfelt(names, now, chance)]
    for past in sorted(pasts, key=lambda past: past.began_at):
        _write(past)


def _of_incidents(chance: random.Random) -> Iterator[Past]:
    """Where a monitor watches what was affected: it called somebody, who opened the incident."""
    closed = Incident.objects.closed().filter(kind=Kind.INCIDENT).order_by("started_at")
    for incident in closed.prefetch_related("impacts"):
        touched = [impact.component_id for impact in incident.impacts.all()]
        link = MonitorLink.objects.filter(component__in=touched).order_by("monitor__name").first()
        if link is None or incident.resolved_at is None:
            continue
        yield Past(
            link.monitor,
            incident.started_at + chance.uniform(0.8, 1.6) * MINUTE,
            chance.uniform(0.7, 2.2) * MINUTE,
            incident.resolved_at,
            incident.by_name,
            Verdict.DOWN if incident.severity in LOUD else Verdict.DEGRADED,
            incident=incident,
        )


def _unfelt(names: list[str], now: datetime, chance: random.Random) -> Iterator[Past]:
    monitors = {monitor.name: monitor for monitor in Monitor.objects.all()}
    for name, days_ago, hour, lasted, note in UNFELT:
        if name not in monitors:
            continue
        day = (now - timedelta(days=days_ago)).replace(hour=hour, second=0, microsecond=0)
        began_at = day + chance.uniform(0, 30) * MINUTE
        yield Past(
            monitors[name],
            began_at,
            chance.uniform(0.5, 3.5) * MINUTE,
            began_at + lasted * MINUTE,
            chance.choice(names),
            Verdict.DOWN if monitors[name].kind == MonitorKind.HEARTBEAT else Verdict.DEGRADED,
            note,
        )


def _write(past: Past) -> None:
    monitor, by = past.monitor, Actor(ActorKind.PERSON, name=past.by)
    taken_at = past.began_at + past.taken_after
    alert = Alert.objects.create(
        summary=f"{monitor.name} is {past.verdict}",
        severity=SEVERITY[past.verdict],
        status=AlertStatus.RESOLVED,
        source=AlertSource.MONITOR,
        dedup_key=f"monitor:{monitor.pk}",
        monitor=monitor,
        service=monitor.service,
        incident=past.incident,
        wants_page=False,
        triggered_at=past.began_at,
        acknowledged_at=taken_at,
        acknowledged_by_name=past.by,
        resolved_at=past.ended_at,
    )
    Alert.objects.filter(pk=alert.pk).update(created_at=past.began_at)
    itself = actor_of(monitor)
    write(alert, EntryKind.TRIGGERED, by=itself, at=past.began_at, text=alert.summary)
    write(alert, EntryKind.ACKNOWLEDGED, by=by, at=taken_at)
    if past.incident is not None:
        text = f"The incident “{past.incident.title}” was opened."
        opened_at = max(past.incident.created_at, taken_at)
        write(
            alert, EntryKind.INCIDENT, by=by, at=opened_at, text=text, incident_id=past.incident.pk
        )
    if past.note:
        write(alert, EntryKind.NOTE, by=by, at=past.ended_at - MINUTE, text=past.note)
    write(alert, EntryKind.RESOLVED, by=itself, at=past.ended_at)
