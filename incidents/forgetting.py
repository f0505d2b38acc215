"""What an incident leaves in the past of its components when it is deleted or taken back.

Nothing that it alone made, and nothing else is touched.

Where other incidents had taken a component out of operational as well, what they may have made of
it stays, and so does what is still reported of it. Of reports the last is kept alone: where one
came since the incident began, nobody knows any more what its time would be without it, and that
stays whole rather than that an outage is lost which monitors saw.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from django.db.models import Max, Q, QuerySet

from incidents.models import (
    ComponentImpact,
    ComponentReport,
    ComponentState,
    Incident,
    IncidentUpdate,
    Kind,
    StateInterval,
)
from incidents.models.vocabulary import CLOSED, DEFAULT_IMPACT, ComponentStateName, Status, worst
from incidents.states import OPERATIONAL, Place

ORDER = list(ComponentStateName)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A state and the time that it lasts; without an end it still does."""

    state: str
    started_at: datetime
    ended_at: datetime | None

    def covers(self, moment: datetime) -> bool:
        return self.started_at <= moment and (self.ended_at is None or moment < self.ended_at)


def leave_no_past(incident: Incident, *, at: datetime) -> None:
    """Take what an incident made of its components out of their past, as it is deleted.

    Their states are derived without it by then. O(its components × the incidents of its time).
    """
    first = _first_update(incident)
    if first.status in CLOSED:
        _take_rows(incident)
        return
    since = _felt_since(incident)
    if since is None:
        return
    own = Stretch(OPERATIONAL, since, incident.resolved_at or at)
    remembered = reported_beside(incident)
    for place in _places(incident):
        if place[0] in remembered:
            continue
        made = _states_of(incident, place[0])
        rows = _within(own, _rows(place).filter(state__in=made))
        if rows:
            _cut(rows, own, _others(incident, place), _reported(place[0]))
            _settle(place, _rows(place), seam=own.started_at)


def take_back(incident: Incident, *, at: datetime) -> None:
    """Leave the past of an incident's components as it was before it was opened, moments ago.

    Their states are derived without it by then. Until it was opened none of them had changed since
    it is said to have begun, or since it last changed; so what lasted until then and began no
    earlier is the incident's, but for what the others now make of it.
    """
    opened = _first_update(incident)
    if opened.status in CLOSED:
        _take_rows(incident)
        return
    own = Stretch(OPERATIONAL, incident.started_at, at)
    for place in _places(incident):
        rows = _rows(place).filter(started_at__gte=own.started_at, started_at__lt=at)
        # What still lasts and began at another moment was there before.
        lasts = Q(ended_at=None, started_at=own.started_at)
        made = rows.filter(Q(ended_at__gt=opened.posted_at) | lasts)
        found = list(made.order_by("started_at"))
        if not found:
            continue
        others = _others(incident, place, are_as_now=True, after=opened.posted_at)
        _cut(found, own, others, _reported(place[0]))
        seam = found[0].started_at
        # Of the time that it took others may have written down beside it what was over.
        beside = _rows(place).filter(ended_at__gt=seam, ended_at__lte=opened.posted_at)
        _settle(place, _rows(place).exclude(pk__in=beside.values("pk")), seam=seam)


def reported_beside(incident: Incident) -> set[str]:
    """The components of which anything was reported since the incident began: their time stays."""
    since = _felt_since(incident)
    if since is None or _first_update(incident).status in CLOSED:
        return set()
    is_heard = Q(source=ComponentReport.STAFF) | Q(component__follows_monitors=True)
    reports = ComponentReport.objects.filter(is_heard, reported_at__gte=since)
    reports = reports.filter(component__in=incident.impacts.values("component"))
    return set(reports.values_list("component_id", flat=True))


def _felt_since(incident: Incident) -> datetime | None:
    """Since when an incident takes its components out of operational: planned work, if it began."""
    told = incident.updates.exclude(status__in=(Status.SCHEDULED, Status.CANCELLED))
    began = told.order_by("posted_at", "id").first()
    if began is None:
        return None
    # Planned work is felt from where it is said to go on.
    return began.posted_at if incident.kind == Kind.MAINTENANCE else incident.started_at


def _first_update(incident: Incident) -> IncidentUpdate:
    return incident.updates.order_by("created_at", "id")[0]


def _places(incident: Incident) -> list[Place]:
    """Where it is seen, and where somebody took it off: there it was seen."""
    shown = set(incident.publications.values_list("page_id", flat=True))
    shown |= set(incident.kept_off.values_list("pk", flat=True))
    components = sorted(incident.impacts.values_list("component_id", flat=True))
    return [(component, page) for component in components for page in (None, *sorted(shown))]


def _rows(place: Place) -> QuerySet[StateInterval]:
    return StateInterval.objects.filter(component=place[0], page=place[1])


def _take_rows(incident: Incident) -> None:
    """Delete what an incident wrote that was over when it was recorded: rows beside all others.

    Where others that lasted exactly as long may have written all that there are, all stay.
    """
    alike = Incident.objects.kept().exclude(pk=incident.pk)
    alike = alike.filter(started_at=incident.started_at, resolved_at=incident.resolved_at)
    for component_id, page_id in _places(incident):
        others = alike.filter(impacts__component=component_id)
        if page_id is not None:
            others = others.filter(_seen_on(page_id))
        of_others = [_states_of(other, component_id) for other in others.distinct()]
        for state in set(_states_of(incident, component_id)) - {OPERATIONAL}:
            rows = _rows((component_id, page_id)).filter(
                state=state, started_at=incident.started_at, ended_at=incident.resolved_at
            )
            if len(rows) > sum(state in states for states in of_others):
                rows.latest("id").delete()


def _settle(place: Place, rows: QuerySet[StateInterval], *, seam: datetime) -> None:
    """Let a component be as it is since when these rows say; nothing may be entered before.

    What was cut in two at the seam or after it is one again.
    """
    now = ComponentState.objects.filter(component=place[0], page=place[1])
    if last := rows.filter(ended_at=None).first():
        alike = rows.filter(state=last.state, ended_at__gte=seam).exclude(pk=last.pk)
        while before := alike.filter(ended_at=last.started_at).order_by("started_at").first():
            before.delete()
            last.started_at = before.started_at
        last.save()
        now.update(since=last.started_at)
        return
    now = now.filter(state=OPERATIONAL)
    if ended_at := rows.aggregate(at=Max("ended_at"))["at"]:
        now.filter(since__gt=ended_at).update(since=ended_at)
    else:
        now.delete()


def _within(own: Stretch, rows: QuerySet[StateInterval]) -> list[StateInterval]:
    lasting = Q(ended_at=None) | Q(ended_at__gt=own.started_at)
    return list(rows.filter(lasting, started_at__lt=own.ended_at).order_by("started_at"))


def _others(
    incident: Incident, place: Place, *, are_as_now: bool = False, after: datetime | None = None
) -> list[Stretch]:
    """What other incidents may have made of it: each as bad as it ever was, or as it is now.

    Those that were over by `after`, or else when it began, do not count.
    """
    component_id, page_id = place
    rows = Incident.objects.kept().exclude(pk=incident.pk).filter(impacts__component=component_id)
    rows = rows.exclude(status__in=(Status.SCHEDULED, Status.CANCELLED))
    if page_id is not None:
        rows = rows.filter(_seen_on(page_id))
    reaching = Q(resolved_at=None) | Q(resolved_at__gt=after or incident.started_at)
    found = []
    for one in rows.filter(reaching).distinct():
        states = _states_of(one, component_id)
        state = states[0] if are_as_now else worst(states)
        found.append(Stretch(state, one.started_at, one.resolved_at))
    return found


def _seen_on(page_id: str) -> Q:
    """Whose components a page shows, or showed until somebody took them off."""
    return Q(publications__page=page_id) | Q(kept_off=page_id)


def _states_of(incident: Incident, component_id: str) -> list[str]:
    """All states that an incident may have put a component in, the newest first.

    What somebody adjusted, and no update says, was as the severity has it before.
    """
    impact = ComponentImpact.objects.get(incident=incident, component=component_id)
    updates = list(incident.updates.all())
    is_told = any(component_id in update.impacts for update in updates)
    states = [impact.state]
    for update in updates:
        states += [update.impacts[component_id]] if component_id in update.impacts else []
        is_by_severity = not (impact.is_adjusted and is_told)
        if is_by_severity or component_id in update.impacts_before:
            states.append(DEFAULT_IMPACT[update.severity])
    return states


def _reported(component_id: str) -> list[Stretch]:
    rows = ComponentReport.objects.filter(component=component_id).select_related("component")
    return [
        Stretch(report.state, report.reported_at, None)
        for report in rows
        if report.source == ComponentReport.STAFF or report.component.follows_monitors
    ]


def _cut(
    rows: Sequence[StateInterval],
    own: Stretch,
    others: Sequence[Stretch],
    reported: Sequence[Stretch],
) -> None:
    for row in rows:
        was = Stretch(row.state, row.started_at, row.ended_at)
        left = _pieces(was, own, others, reported)
        if left == [was]:
            continue
        row.delete()
        StateInterval.objects.bulk_create(
            StateInterval(
                component_id=row.component_id,
                page_id=row.page_id,
                state=piece.state,
                started_at=piece.started_at,
                ended_at=piece.ended_at,
            )
            for piece in left
        )


def _pieces(
    was: Stretch, own: Stretch, others: Sequence[Stretch], reported: Sequence[Stretch]
) -> list[Stretch]:
    """What stays of an interval, joined where it is the same."""
    facts = [own, *others, *reported]
    turns = {one.started_at for one in facts} | {one.ended_at for one in facts if one.ended_at}
    inner = sorted(
        t for t in turns if was.started_at < t and (not was.ended_at or t < was.ended_at)
    )
    kept: list[Stretch] = []
    for start, end in pairwise([was.started_at, *inner, was.ended_at]):
        assert start is not None, "only the last may have no end"
        state = was.state
        if own.covers(start):
            state = _without(start, was.state, others, reported)
        if kept and (kept[-1].state, kept[-1].ended_at) == (state, start):
            kept[-1] = replace(kept[-1], ended_at=end)
        elif state != OPERATIONAL:
            kept.append(Stretch(state, start, end))
    return kept


def _without(
    moment: datetime, was: str, others: Sequence[Stretch], reported: Sequence[Stretch]
) -> str:
    """The state at a moment but for the incident; never worse than it was."""
    state = worst(one.state for one in others if one.covers(moment))
    if state == OPERATIONAL:
        state = worst(one.state for one in reported if one.covers(moment))
    return min(state, ComponentStateName(was), key=ORDER.index)
