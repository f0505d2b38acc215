"""Notes confirmed flips, and acts on many of them together.

The receiver only notes flips. One worker of a tenant takes the notes, oldest first and a service at
a time, so that a network cut which turns five thousand monitors over is little work and, for a
service, one incident.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from alerts.models import Alert, Routing, VerdictNote
from alerts.outages.failing import FAILING, Failure, fail, recover
from alerts.outages.telling_customers import outage_of
from alerts.routing import routings_for
from alerts.together import hold_incidents, locked_all
from atender.due.gathering import gather
from atender.turns import take_turns
from incidents.models import Component, ComponentImpact, MonitorLink
from incidents.planned.quiet import monitors_under_maintenance
from incidents.states import hold_components
from monitors.models import Monitor, Verdict
from monitors.signals import Flip

OUTAGES = "alerts.outages"
AT_ONCE = 500


def note_flips(flips: Iterable[tuple[Monitor, Flip]]) -> None:
    """Note flips and schedule the work on them; flips to unknown need no action."""
    notes = [
        VerdictNote(
            monitor=monitor,
            before=flip.before,
            after=flip.after,
            error_code=flip.error_code,
            cause=flip.cause,
            regions=[o.place for o in flip.regions if o.verdict in FAILING],
            at=flip.at,
        )
        for monitor, flip in flips
        if flip.after != Verdict.UNKNOWN
    ]
    if notes:
        VerdictNote.objects.bulk_create(notes)
        gather(OUTAGES)


def note_deletion(monitor: Monitor, at: datetime) -> None:
    """Note that a monitor was deleted, so that it calls nobody any more."""
    if monitor.alerts.open().exists():
        flip = Flip(Verdict(monitor.verdict), Verdict.UP, at, cause=DELETED)
        note_flips([(monitor, flip)])


DELETED = "The monitor was deleted."


@transaction.atomic
def take_notes() -> bool:
    """Act on the oldest note and those that go with it; returns whether there are more."""
    take_turns("outages")
    first = VerdictNote.objects.select_related("monitor").order_by("id").first()
    if first is None:
        return False
    rows = VerdictNote.objects.filter(monitor__service=first.monitor.service_id)
    notes: Sequence[VerdictNote] = list(rows.order_by("id")[:AT_ONCE])
    everybody = Monitor.everything.select_related("service")
    monitors = everybody.in_bulk([note.monitor_id for note in notes])
    routings = routings_for(monitors.values())
    if first.monitor.service_id is None:
        notes = _unlinked(notes, routings)
    _hold(notes, monitors, routings)
    _act(notes, monitors, routings)
    VerdictNote.objects.filter(pk__in=[note.pk for note in notes]).delete()
    return VerdictNote.objects.exists()


def _unlinked(
    notes: Sequence[VerdictNote], routings: Mapping[str, Routing]
) -> Sequence[VerdictNote]:
    """Pick notes of monitors without a service: the first alone if it has an incident.

    Incidents that have nothing to do with each other are never held in one transaction.
    """
    known = Alert.objects.open().filter(monitor__in=routings, incident__isnull=False)
    linked = {pk for pk, routing in routings.items() if routing.opens_incidents}
    linked |= set(known.values_list("monitor_id", flat=True))
    first = notes[0].monitor_id
    if first in linked:
        return [note for note in notes if note.monitor_id == first]
    times: Counter[str] = Counter()
    ranked = []
    for note in notes:
        if note.monitor_id not in linked:
            times[note.monitor_id] += 1
            ranked.append((times[note.monitor_id], note.after == Verdict.UP, note))
    # Grouped by what each did before, so that those which did the same are handled together.
    return [note for *_, note in sorted(ranked, key=lambda rank: rank[:2])]


def _hold(
    notes: Sequence[VerdictNote], monitors: Mapping[str, Monitor], routings: Mapping[str, Routing]
) -> None:
    """Hold what the notes may reach, before any of them asks for calls.

    Incidents, alerts, components: everybody holds them in this order, or two would wait in a
    circle.
    """
    alerts = Alert.objects.open().filter(monitor__in={note.monitor_id for note in notes})
    reached = set(alerts.exclude(incident=None).values_list("incident_id", flat=True))
    if running := outage_of(monitors[notes[0].monitor_id]):
        reached.add(running.pk)
    hold_incidents(reached)
    locked_all(alerts)
    opening = [pk for pk, routing in routings.items() if routing.opens_incidents]
    tagged = ComponentImpact.objects.filter(incident__in=reached).values("component")
    watched = MonitorLink.objects.filter(monitor__in=opening).values("component")
    hold_components(Component.objects.filter(Q(pk__in=tagged) | Q(pk__in=watched)))


def _act(
    notes: Sequence[VerdictNote], monitors: Mapping[str, Monitor], routings: Mapping[str, Routing]
) -> None:
    quiet = _remembering_quiet()
    for run in in_runs(notes):
        if run[0].after == Verdict.UP:
            recover(run, monitors)
            continue
        failures = [Failure(n, monitors[n.monitor_id], routings[n.monitor_id]) for n in run]
        fail([f for f in failures if not _is_silenced(f, quiet)])


def in_runs(notes: Iterable[VerdictNote]) -> Iterator[list[VerdictNote]]:
    """Part notes where failing turns into working, the other way, or a monitor comes again."""
    run: dict[str, VerdictNote] = {}
    is_up = False
    for note in notes:
        if run and (note.monitor_id in run or (note.after == Verdict.UP) != is_up):
            yield list(run.values())
            run = {}
        run[note.monitor_id] = note
        is_up = note.after == Verdict.UP
    if run:
        yield list(run.values())


Quiet = Callable[[datetime], Collection[str]]


def _remembering_quiet() -> Quiet:
    """Return a function that says what is under maintenance, asked once per second of time."""
    known: dict[datetime, set[str]] = {}

    def at(moment: datetime) -> Collection[str]:
        second = moment.replace(microsecond=0)
        if second not in known:
            known[second] = monitors_under_maintenance(moment)
        return known[second]

    return at


def _is_silenced(failure: Failure, quiet: Quiet) -> bool:
    """Whether nothing is to be raised: the monitor was deleted, or is under maintenance."""
    monitor = failure.monitor
    return monitor.deleted_at is not None or monitor.pk in quiet(failure.note.at)


@transaction.atomic
def look_again(monitors: Sequence[Monitor], *, at: datetime) -> None:
    """Note monitors that fail without an alert, once the planned work that covered them ended."""
    failing = [monitor for monitor in monitors if monitor.verdict in FAILING]
    raised = Alert.objects.open().filter(monitor__in=failing)
    known = set(raised.values_list("monitor_id", flat=True))
    note_flips(
        (m, Flip(Verdict.UNKNOWN, Verdict(m.verdict), at, m.error_code, m.cause))
        for m in failing
        if m.pk not in known
    )
