"""From confirmed flips to alerts and incidents: raised, joined, and over on recovery.

The receiver only notes a flip. One worker of a tenant takes the notes, oldest first, so that a
network cut which turns five thousand monitors over is one piece of work and, for a service, one
incident.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from alerts.lifecycle import Trouble, locked, resolve, trigger
from alerts.models import Alert, AlertSeverity, AlertSource, EntryKind, Routing, VerdictNote
from alerts.recording import write
from alerts.routing import routings_for
from alerts.telling_customers import tell_of_outage, tell_of_recovery
from atender.actors import Actor, ActorKind
from atender.due.gathering import gather
from atender.refusals import Refused
from incidents.quiet import monitors_under_maintenance
from monitors.models import Monitor, MonitorKind, Verdict
from monitors.signals import Flip

OUTAGES = "alerts.outages"
AT_ONCE = 200
FAILING = frozenset({Verdict.DOWN, Verdict.DEGRADED})
SEVERITY = {Verdict.DOWN: AlertSeverity.CRITICAL, Verdict.DEGRADED: AlertSeverity.WARNING}


def note_flip(monitor: Monitor, flip: Flip) -> None:
    """Write down a flip and have it looked at; what nobody knows is nothing to act on."""
    if flip.after == Verdict.UNKNOWN:
        return
    VerdictNote.objects.create(
        monitor=monitor,
        before=flip.before,
        after=flip.after,
        error_code=flip.error_code,
        cause=flip.cause,
        regions=[o.place for o in flip.regions if o.verdict in FAILING],
        at=flip.at,
    )
    gather(OUTAGES)


def note_deletion(monitor: Monitor, at: datetime) -> None:
    """What is not watched any more calls nobody."""
    if monitor.alerts.open().exists():
        note_flip(monitor, Flip(Verdict(monitor.verdict), Verdict.UP, at, cause=DELETED))


DELETED = "The monitor was deleted."


@transaction.atomic
def take_notes() -> bool:
    """Act on the oldest notes; returns whether there are more."""
    _one_worker_at_a_time()
    notes = list(VerdictNote.objects.order_by("id")[: AT_ONCE + 1])
    turn, is_more = notes[:AT_ONCE], len(notes) > AT_ONCE
    everybody = Monitor.everything.select_related("service")
    monitors = everybody.in_bulk([note.monitor_id for note in turn])
    routings, quiet = routings_for(monitors.values()), _remembering_quiet()
    for note in turn:
        monitor = monitors[note.monitor_id]
        act(note, monitor, routings[monitor.pk], quiet=quiet)
    VerdictNote.objects.filter(pk__in=[note.pk for note in turn]).delete()
    return is_more


def _one_worker_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ' outages', 31))"
        )


def _remembering_quiet() -> Callable[[datetime], Collection[str]]:
    """What is under maintenance by the second, asked once for each."""
    known: dict[datetime, set[str]] = {}

    def at(moment: datetime) -> Collection[str]:
        second = moment.replace(microsecond=0)
        if second not in known:
            known[second] = monitors_under_maintenance(moment)
        return known[second]

    return at


def act(
    note: VerdictNote,
    monitor: Monitor,
    routing: Routing,
    *,
    quiet: Callable[[datetime], Collection[str]],
) -> None:
    """Do what a flip asks for."""
    if note.after == Verdict.UP:
        recover(monitor, at=note.at, cause=note.cause)
    elif monitor.deleted_at is None and monitor.pk not in quiet(note.at):
        fail(note, monitor, routing)


def fail(note: VerdictNote, monitor: Monitor, routing: Routing) -> Alert | None:
    """Raise the alert of a failing monitor, or bring the one that stands up to how it is now."""
    by, verdict = actor_of(monitor), Verdict(note.after)
    standing = monitor.alerts.open().filter(source=AlertSource.MONITOR).first()
    opens = routing.opens_incidents and is_outage(note, monitor)
    if standing is None and verdict.value not in routing.alert_on and not opens:
        return None
    alert = standing or _raise(note, monitor, by=by)
    if standing is not None:
        _follow(standing, note, by=by)
    if opens:
        _tell_customers(alert, monitor, routing, by=by)
    return alert


def is_outage(note: VerdictNote, monitor: Monitor) -> bool:
    """Whether a flip is an incident where incidents open by themselves.

    What is slow is none; but a vendor who tells of trouble short of an outage does not guess.
    """
    if monitor.kind != MonitorKind.UPSTREAM:
        return note.after == Verdict.DOWN
    return not note.error_code.endswith("maintenance")


def _tell_customers(alert: Alert, monitor: Monitor, routing: Routing, *, by: Actor) -> None:
    """Open or join an incident; where that is refused, the alert says so and stands."""
    now = timezone.now()
    try:
        with transaction.atomic():
            tell_of_outage(alert, monitor, routing, by=by, at=now)
    except Refused as refusal:
        text = f"No incident was opened for it: {refusal.sentence}"
        write(alert, EntryKind.NOTE, by=by, at=now, text=text)


def _raise(note: VerdictNote, monitor: Monitor, *, by: Actor) -> Alert:
    details = {"error_code": note.error_code, "regions": note.regions, "cause": note.cause}
    alert, _ = trigger(
        Trouble(
            f"{monitor.name} is {note.after}",
            severity=SEVERITY[Verdict(note.after)],
            source=AlertSource.MONITOR,
            dedup_key=f"monitor:{monitor.pk}",
            details={name: value for name, value in details.items() if value},
            monitor=monitor,
        ),
        by=by,
        at=note.at,
    )
    return alert


def _follow(alert: Alert, note: VerdictNote, *, by: Actor) -> None:
    """Say on a standing alert that it got worse or better; who has it keeps it."""
    alert = locked(alert)
    severity = SEVERITY[Verdict(note.after)]
    if alert.severity != severity:
        alert.severity = severity
        alert.summary = f"{by.name} is {note.after}"
        alert.save(update_fields=["severity", "summary"])
        write(alert, EntryKind.NOTE, by=by, at=note.at, text=f"It is {note.after} now.")


def recover(monitor: Monitor, *, at: datetime, cause: str = "") -> None:
    """End a monitor's alert and, with the last of its incident's, the incident that it opened."""
    by = actor_of(monitor)
    for alert in monitor.alerts.open().filter(source=AlertSource.MONITOR):
        ended = resolve(alert, by=by, at=max(at, alert.triggered_at), text=cause or RECOVERED)
        if ended.incident is not None:
            tell_of_recovery(ended.incident, by=by, at=timezone.now())


RECOVERED = "It works again."


@transaction.atomic
def look_again(monitors: Sequence[Monitor], *, at: datetime) -> None:
    """Note those that fail although nothing was raised: planned work over them has ended."""
    silent = [m for m in monitors if m.verdict in FAILING and not m.alerts.open().exists()]
    for monitor in silent:
        verdict = Verdict(monitor.verdict)
        note_flip(monitor, Flip(Verdict.UNKNOWN, verdict, at, monitor.error_code, monitor.cause))


def actor_of(monitor: Monitor) -> Actor:
    return Actor(ActorKind.MONITOR, monitor.pk, monitor.name)
