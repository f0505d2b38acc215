"""What a deleted incident leaves in the past of its components: nothing that it alone made.

Where other incidents had taken a component out of operational as well, what they may have made of
it stays, and so does what is still reported of it. What was reported only meanwhile was covered by
the incident, and nobody knows it any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from django.db.models import Q, QuerySet

from incidents.models import ComponentImpact, ComponentReport, Incident, Kind, StateInterval
from incidents.models.vocabulary import CLOSED, DEFAULT_IMPACT, ComponentStateName, Status, worst
from incidents.states import OPERATIONAL, take_intervals_back

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
    if _was_over_when_recorded(incident):
        take_intervals_back(incident, at=at)
        return
    told = incident.updates.exclude(status__in=(Status.SCHEDULED, Status.CANCELLED))
    began = told.order_by("posted_at", "id").first()
    if began is None:
        return
    # Planned work is felt from where it is said to go on.
    is_planned = incident.kind == Kind.MAINTENANCE
    since = began.posted_at if is_planned else incident.started_at
    own = Stretch(OPERATIONAL, since, incident.resolved_at or at)
    pages = [None, *incident.publications.values_list("page_id", flat=True)]
    for component_id in incident.impacts.values_list("component_id", flat=True):
        made = _states_of(incident, component_id)
        for page_id in pages:
            alike = StateInterval.objects.filter(component=component_id, page=page_id)
            rows = _within(own, alike.filter(state__in=made))
            if rows:
                _cut(rows, own, _others(incident, component_id, page_id), _reported(component_id))


def _was_over_when_recorded(incident: Incident) -> bool:
    """Such a one has intervals of its own, beside those of others."""
    first = incident.updates.order_by("created_at", "id").first()
    return first is not None and first.status in CLOSED


def _within(own: Stretch, rows: QuerySet[StateInterval]) -> list[StateInterval]:
    lasting = Q(ended_at=None) | Q(ended_at__gt=own.started_at)
    return list(rows.filter(lasting, started_at__lt=own.ended_at).order_by("started_at"))


def _others(incident: Incident, component_id: str, page_id: str | None) -> list[Stretch]:
    """What other incidents may have made of it, each as bad as it ever was."""
    rows = Incident.objects.kept().exclude(pk=incident.pk).filter(impacts__component=component_id)
    rows = rows.exclude(status__in=(Status.SCHEDULED, Status.CANCELLED))
    if page_id is not None:
        rows = rows.filter(publications__page=page_id)
    reaching = Q(resolved_at=None) | Q(resolved_at__gt=incident.started_at)
    return [
        Stretch(worst(_states_of(one, component_id)), one.started_at, one.resolved_at)
        for one in rows.filter(reaching)
    ]


def _states_of(incident: Incident, component_id: str) -> list[str]:
    """All states that an incident may have put a component in."""
    impact = ComponentImpact.objects.get(incident=incident, component=component_id)
    states = [impact.state]
    for update in incident.updates.all():
        states += [update.impacts[component_id]] if component_id in update.impacts else []
        if not impact.is_adjusted or component_id in update.impacts_before:
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
