"""The verbs that write down an incident's past as it was told elsewhere.

Silent: nobody is mailed, reminded or paged. Times are those of the source; statuses and severity
follow the timeline as everywhere, and past states of components are kept for uptime.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils import timezone

from atender.actors import Actor, acted_by
from atender.ids import ulid_at
from incidents.checks import check_severity, check_start, first_status
from incidents.impacts import tag_components
from incidents.lifecycle import lock
from incidents.maintenance import keep_schedule
from incidents.models import Component, Incident, IncidentUpdate, Page, Publication
from incidents.models.vocabulary import (
    CLOSED,
    DEFAULT_IMPACT,
    ComponentStateName,
    Kind,
    ResponderStatus,
    Severity,
    Status,
    worst,
)
from incidents.recording import announce, record
from incidents.signals import Action
from incidents.spans import Span, spans_of
from incidents.states import derive_states, keep_spans
from incidents.texts.titles import clean_title
from incidents.transitions import KEEP, Keep, NothingSaid, Saying, add_update, follow_timeline
from incidents.windows import Window, check_window

Written = list[tuple[str, IncidentUpdate]]


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of a timeline that was written elsewhere.

    `status` None leaves it unchanged. `states` are those of components from here on, by id.
    `key` is the source's own, by which it finds the entry again.
    """

    key: str
    status: Status | None
    text: str
    at: datetime
    states: Mapping[str, ComponentStateName] = field(default_factory=dict)
    severity: Severity | Literal[Keep.SEVERITY] | None = KEEP
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class History:
    """An incident as it was told elsewhere; `told` is chronological and never empty."""

    kind: Kind
    title: str
    severity: Severity | None
    started_at: datetime
    told: Sequence[Told]
    components: Sequence[Component] = ()
    pages: Sequence[Page] = ()
    scheduled_for: datetime | None = None
    scheduled_until: datetime | None = None


@transaction.atomic
def record_history(
    history: History, *, by: Actor, at: datetime | None = None
) -> tuple[Incident, Written]:
    """Write an incident with its whole past; returns its updates by their keys. Raises Refused.

    An entry that says nothing new is left out.
    """
    at = at or timezone.now()
    check_window(Window(history.scheduled_for, history.scheduled_until))
    incident = _begin(history, by=by)
    spans = _spans(history, incident, until=_end_of(history) or at)
    _tag(incident, history, spans)
    Publication.objects.bulk_create(
        Publication(incident=incident, page=page, published_at=at, **acted_by(by))
        for page in history.pages
    )
    written = _write(incident, history.told, by=by, is_new=True)
    follow_timeline(incident)
    keep_spans(spans, page_ids=[page.id for page in history.pages])
    _tell(incident, by=by, at=at, updates=len(written))
    return incident, written


def _begin(history: History, *, by: Actor) -> Incident:
    first = history.told[0]
    status = first_status(first.status, history.kind)
    is_closed = status in CLOSED
    incident = Incident(
        # An id of its time: lists that are ordered by id show the past as past.
        id=ulid_at(history.started_at),
        kind=history.kind,
        title=clean_title(history.title),
        severity=check_severity(history.severity, history.kind),
        status=status,
        started_at=check_start(history.started_at, first.at),
        resolved_at=first.at if is_closed else None,
        responder_status=ResponderStatus.RESOLVED if is_closed else ResponderStatus.TRIGGERED,
        scheduled_for=history.scheduled_for,
        scheduled_until=history.scheduled_until,
        **acted_by(by),
    )
    incident.save(force_insert=True)
    return incident


def _spans(history: History, incident: Incident, *, until: datetime) -> list[Span]:
    defaults = {component.id: DEFAULT_IMPACT[incident.severity] for component in history.components}
    spans = spans_of(
        history.told, defaults, kind=history.kind, started_at=history.started_at, until=until
    )
    return [span for span in spans if span.component_id in defaults]


def _end_of(history: History) -> datetime | None:
    """When the last word on the status closed it; None where it is open."""
    told = [entry for entry in history.told if entry.status]
    return told[-1].at if told and told[-1].status in CLOSED else None


def _tag(incident: Incident, history: History, spans: Sequence[Span]) -> None:
    """Tag components: with what the source says of them, the rest with the severity's default.

    For an incident that is over, a component's impact is the worst state of its course.
    """
    latest: dict[str, ComponentStateName] = {}
    for entry in history.told:
        latest.update(entry.states)
    if _end_of(history):
        for name in latest:
            latest[name] = worst(span.state for span in spans if span.component_id == name)
    known = {component.id for component in history.components}
    tag_components(
        incident,
        [component for component in history.components if component.id not in latest],
        {name: state for name, state in latest.items() if name in known},
    )


@transaction.atomic
def continue_history(
    incident: Incident, told: Sequence[Told], *, by: Actor, at: datetime | None = None
) -> Written:
    """Add what was told elsewhere since; returns the new updates by their keys."""
    at = at or timezone.now()
    incident = lock(incident)
    tagged = set(incident.impacts.values_list("component_id", flat=True))
    written: Written = []
    for entry in told:
        written += _write(incident, [entry], by=by, is_new=False)
        follow_timeline(incident)
        known = {name: state for name, state in entry.states.items() if name in tagged}
        if known and not incident.is_closed:
            tag_components(incident, (), known)
        derive_states(tagged, at=entry.at, is_told=False)
    if written:
        _tell(incident, by=by, at=at, updates=len(written))
    return written


def _write(incident: Incident, told: Sequence[Told], *, by: Actor, is_new: bool) -> Written:
    """Write entries of a timeline, leaving out those that say nothing."""
    written: Written = []
    for entry in told:
        is_first = is_new and not written
        saying = Saying(
            body=entry.text,
            # A second ending changes nothing, but its text may be new.
            status=entry.status if is_first or entry.status != incident.status else None,
            severity=entry.severity,
            window=entry.window,
            notifies=False,
        )
        try:
            update = add_update(incident, saying, by=by, at=entry.at, is_first=is_first)
        except NothingSaid:
            continue
        written.append((entry.key, update))
        if update.changes_status:
            # The next entry is compared with this; `follow_timeline` decides the final values.
            incident.status = update.status
    return written


def _tell(incident: Incident, *, by: Actor, at: datetime, updates: int) -> None:
    if not incident.is_closed:
        ids = incident.impacts.values_list("component_id", flat=True)
        derive_states(ids, at=at, is_told=False)
    keep_schedule(incident)
    record("incident.imported", incident.id, by=by, at=at, title=incident.title, updates=updates)
    announce(Action.IMPORTED, incident, by=by, at=at)
