"""Component states, derived from all open facts and never set by hand.

First the worst impact of the open incidents shown on the page (in the console: of all of them),
with maintenance as the mildest; otherwise what staff report or, if the component follows its
monitors, what those do.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import QuerySet

from incidents.models import (
    Component,
    ComponentImpact,
    ComponentReport,
    ComponentState,
    Incident,
    Page,
    PageComponent,
    Publication,
    StateInterval,
)
from incidents.models.vocabulary import ComponentStateName, worst
from incidents.signals import Step, states_moved
from incidents.spans import Span

OPERATIONAL = ComponentStateName.OPERATIONAL
# A component, and the page it is seen on; None is the console.
Place = tuple[str, str | None]


def derive_states(
    component_ids: Collection[str],
    *,
    at: datetime,
    is_told: bool = True,
    held_until: datetime | None = None,
) -> list[str]:
    """Derive the states and intervals of components anew; returns the ids that changed.

    Locks the components, so that two derivations never overlap. Changes on pages are announced
    if `is_told`, and can be undone until `held_until`.
    """
    components = hold_components(Component.objects.filter(id__in=component_ids))
    ids = [component.id for component in components]
    places = _places(ids)
    facts = _impacts(ids)
    reported = _reports(components)
    current = _current(ids)
    changed, steps = set(), []
    for place in places:
        state = worst(facts[place])
        if state == OPERATIONAL:
            state = worst(reported[place[0]])
        known = current.get(place)
        was = known.state if known else OPERATIONAL
        if _enter(place, state, at, known):
            changed.add(place[0])
            if place[1] is not None:
                steps.append(Step(place[0], place[1], was, state))
    if steps and is_told:
        states_moved.send(ComponentState, steps=steps, held_until=held_until)
    return sorted(changed)


def hold_components(rows: QuerySet[Component]) -> list[Component]:
    """Lock components, lowest id first, so that nobody waits in a circle.

    Whoever derives the states of several components bit by bit holds all of them first.
    """
    return list(rows.select_for_update(of=("self",), no_key=True).order_by("id"))


def _places(ids: list[str]) -> list[Place]:
    listed = PageComponent.objects.filter(component_id__in=ids)
    pages: list[Place] = [(e.component_id, e.page_id) for e in listed]
    console: list[Place] = [(component_id, None) for component_id in ids]
    # In one order, so that two transactions writing intervals never deadlock.
    return console + sorted(pages)


def _impacts(ids: list[str]) -> dict[Place, list[str]]:
    active = Incident.objects.active()
    impacts = ComponentImpact.objects.filter(component_id__in=ids, incident__in=active)
    shown = defaultdict(list)
    for publication in Publication.objects.filter(incident__impacts__in=impacts).distinct():
        shown[publication.incident_id].append(publication.page_id)
    facts: dict[Place, list[str]] = defaultdict(list)
    for impact in impacts:
        for page_id in (None, *shown[impact.incident_id]):
            facts[impact.component_id, page_id].append(impact.state)
    return facts


def _reports(components: Iterable[Component]) -> dict[str, list[str]]:
    following = {c.id for c in components if c.follows_monitors}
    reported: dict[str, list[str]] = defaultdict(list)
    for report in ComponentReport.objects.filter(component__in=components):
        if report.source == ComponentReport.STAFF or report.component_id in following:
            reported[report.component_id].append(report.state)
    return reported


def _current(ids: list[str]) -> dict[Place, ComponentState]:
    rows = ComponentState.objects.filter(component_id__in=ids)
    return {(row.component_id, row.page_id): row for row in rows}


def _enter(
    place: Place, state: ComponentStateName, at: datetime, current: ComponentState | None
) -> bool:
    """Record a component's present state at a place; False if it has not changed."""
    where = {"component_id": place[0], "page_id": place[1]}
    if (current.state if current else OPERATIONAL) == state:
        return False
    if current and at < current.since:
        at = current.since
    StateInterval.objects.filter(**where, ended_at=None).update(ended_at=at)
    if state != OPERATIONAL:
        StateInterval.objects.create(**where, state=state, started_at=at)
    if current:
        ComponentState.objects.filter(pk=current.pk).update(state=state, since=at)
    else:
        ComponentState.objects.create(**where, state=state, since=at)
    return True


def forget_states(component: Component, *, at: datetime) -> None:
    """End the states of a component that is being deleted; its past remains."""
    component.states.all().delete()
    component.intervals.filter(ended_at=None).update(ended_at=at)


def leave_page(page: Page, *, keeping: Collection[str], at: datetime) -> None:
    """End a page's states of components that it no longer shows."""
    ComponentState.objects.filter(page=page).exclude(component_id__in=keeping).delete()
    open_intervals = StateInterval.objects.filter(page=page, ended_at=None)
    open_intervals.exclude(component_id__in=keeping).update(ended_at=at)


def keep_past_intervals(incident: Incident) -> None:
    """Write the intervals of an incident that was over before it was recorded."""
    end = incident.resolved_at
    assert end is not None, "an incident that is over has an end"
    spans = [
        Span(impact.component_id, impact.state, incident.started_at, end)
        for impact in incident.impacts.exclude(state=OPERATIONAL)
    ]
    keep_spans(spans, page_ids=incident.publications.values_list("page_id", flat=True))


def keep_spans(spans: Iterable[Span], *, page_ids: Iterable[str]) -> None:
    """Write past intervals, for the console and for those of the pages that list the component."""
    listed = set(PageComponent.objects.values_list("component_id", "page_id"))
    places = [None, *sorted(page_ids)]
    StateInterval.objects.bulk_create(
        StateInterval(
            component_id=span.component_id,
            page_id=page_id,
            state=span.state,
            started_at=span.started_at,
            ended_at=span.ended_at,
        )
        for span in sorted(spans, key=lambda span: span.component_id)
        for page_id in places
        if page_id is None or (span.component_id, page_id) in listed
    )
