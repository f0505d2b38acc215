"""Failures become alerts and, where the routing says so, incidents; recoveries end them.

Thousands at once cost a few statements for each service.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from alerts.models import Alert, AlertSeverity, AlertSource, EntryKind, Routing, VerdictNote
from alerts.outages.telling_customers import Hit, actor_of, tell_of_outage, tell_of_recovery
from alerts.recording import line, write_all
from alerts.together import Ending, locked_all, resolve_all
from alerts.triggering import Raising, Trouble, trigger_all
from monitors.models import Monitor, MonitorKind, Verdict

FAILING = frozenset({Verdict.DOWN, Verdict.DEGRADED})
SEVERITY = {Verdict.DOWN: AlertSeverity.CRITICAL, Verdict.DEGRADED: AlertSeverity.WARNING}


@dataclass(frozen=True, slots=True)
class Failure:
    """A flip to a failing verdict, and what the monitor's routing says of it."""

    note: VerdictNote
    monitor: Monitor
    routing: Routing

    @property
    def opens(self) -> bool:
        return self.routing.opens_incidents and is_outage(self.note, self.monitor)

    @property
    def calls(self) -> bool:
        return self.note.after in self.routing.alert_on or self.opens


def fail(failures: Sequence[Failure]) -> None:
    """Raise the alerts of failing monitors, or update those that are open already.

    Each monitor comes once.
    """
    rows = Alert.objects.open().filter(source=AlertSource.MONITOR)
    standing = locked_all(rows.filter(monitor__in=[failure.monitor for failure in failures]))
    alerts = {alert.monitor_id: alert for alert in standing if alert.monitor_id}
    _follow(failures, alerts)
    new = [f for f in failures if f.monitor.pk not in alerts and f.calls]
    raised = trigger_all([_raising(failure) for failure in new])
    alerts |= {f.monitor.pk: alert for f, (alert, _) in zip(new, raised, strict=True)}
    outages: dict[str, list[Hit]] = defaultdict(list)
    for failure in failures:
        monitor = failure.monitor
        if failure.opens and (alert := alerts.get(monitor.pk)) is not None:
            hit = Hit(alert, monitor, failure.routing)
            outages[monitor.service_id or monitor.pk].append(hit)
    for hits in outages.values():
        tell_of_outage(hits, at=timezone.now())


def is_outage(note: VerdictNote, monitor: Monitor) -> bool:
    """Whether a flip is an incident where incidents open by themselves.

    Being slow does not count; a vendor's page that reports trouble short of an outage does.
    """
    if monitor.kind != MonitorKind.UPSTREAM:
        return note.after == Verdict.DOWN
    return not note.error_code.endswith("maintenance")


def _raising(failure: Failure) -> Raising:
    note, monitor = failure.note, failure.monitor
    details = {"error_code": note.error_code, "regions": note.regions, "cause": note.cause}
    trouble = Trouble(
        f"{monitor.name} is {note.after}",
        severity=SEVERITY[Verdict(note.after)],
        source=AlertSource.MONITOR,
        dedup_key=f"monitor:{monitor.pk}",
        details={name: value for name, value in details.items() if value},
        monitor=monitor,
    )
    return Raising(trouble, actor_of(monitor), note.at)


def _follow(failures: Sequence[Failure], standing: Mapping[str, Alert]) -> None:
    """Note on open alerts that it got worse or better; whoever has one keeps it."""
    moved, lines = [], []
    for failure in failures:
        note, alert = failure.note, standing.get(failure.monitor.pk)
        severity = SEVERITY[Verdict(note.after)]
        if alert is None or alert.severity == severity:
            continue
        alert.severity = severity
        alert.summary = f"{failure.monitor.name} is {note.after}"
        moved.append(alert)
        by, text = actor_of(failure.monitor), f"It is {note.after} now."
        lines.append(line(alert, EntryKind.NOTE, by=by, at=note.at, text=text))
    Alert.objects.bulk_update(moved, ["severity", "summary"], batch_size=500)
    write_all(lines)


def recover(notes: Sequence[VerdictNote], monitors: Mapping[str, Monitor]) -> None:
    """End monitors' alerts and, with the last of its incident's, the incident that they opened."""
    said = {note.monitor_id: note for note in notes}
    open_ones = Alert.objects.open().filter(source=AlertSource.MONITOR, monitor__in=said)
    ended = resolve_all(_ending(a, said[a.monitor_id], monitors) for a in open_ones if a.monitor_id)
    last = {a.incident: monitors[a.monitor_id] for a in ended if a.incident and a.monitor_id}
    for incident in sorted(last, key=lambda incident: incident.pk):
        tell_of_recovery(incident, by=actor_of(last[incident]))


def _ending(alert: Alert, note: VerdictNote, monitors: Mapping[str, Monitor]) -> Ending:
    by, at = actor_of(monitors[note.monitor_id]), max(note.at, alert.triggered_at)
    return Ending(alert, by, at, note.cause or RECOVERED)


RECOVERED = "It works again."
