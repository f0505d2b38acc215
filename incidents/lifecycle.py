"""The verbs of an incident: opened, updated, acknowledged, deleted.

Each locks the incident, checks, changes, records and announces in one transaction. Status and
severity of an incident are what its latest transition said, derived in `follow_timeline` alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from atender.actors import Actor, acted_by
from atender.locking import locked
from incidents.checks import (
    check_end,
    check_severity,
    check_start,
    checked_title,
    first_status,
)
from incidents.forgetting import leave_no_past
from incidents.impacts import tag_components, tag_monitors
from incidents.maintenance import check_notice, forgo_late_reminder, keep_schedule
from incidents.meanwhile import check_seen
from incidents.models import (
    Component,
    Incident,
    IncidentUpdate,
    MaintenanceSeries,
    Page,
    Publication,
)
from incidents.models.vocabulary import CLOSED, Kind, ResponderStatus
from incidents.recording import announce, record
from incidents.signals import Action
from incidents.states import derive_states, keep_past_intervals
from incidents.transitions import Saying, add_update, follow_timeline
from incidents.windows import Window, check_window
from monitors.models import Monitor, Service


@dataclass(frozen=True, slots=True)
class Facts:
    """What an incident is about, apart from its words."""

    components: Sequence[Component] = ()
    impacts: Mapping[str, str] = field(default_factory=dict)
    monitors: Sequence[Monitor] = ()
    pages: Sequence[Page] = ()
    service: Service | None = None
    # A maintenance's window; without an end it is completed by hand.
    scheduled_for: datetime | None = None
    scheduled_until: datetime | None = None
    # How long before it subscribers are reminded.
    notice_before: timedelta | None = None
    # The series that it is an occurrence of, and the start that the rule gave it.
    series: MaintenanceSeries | None = None
    occurs_at: datetime | None = None

    @property
    def window(self) -> Window:
        return Window(self.scheduled_for, self.scheduled_until)

    def columns(self) -> dict[str, Any]:
        """Return those that are the incident's own, by its fields."""
        return {
            "service": self.service,
            "scheduled_for": self.scheduled_for,
            "scheduled_until": self.scheduled_until,
            "notice_before": self.notice_before,
            "series": self.series,
            "occurs_at": self.occurs_at,
            "follows_series": self.series is not None,
        }


@transaction.atomic
def open_incident(
    title: str,
    *,
    by: Actor,
    severity: str | None = None,
    first: Saying | None = None,
    facts: Facts | None = None,
    kind: Kind = Kind.INCIDENT,
    at: datetime | None = None,
    started_at: datetime | None = None,
    ended_at: datetime | None = None,
    is_auto_created: bool = False,
    submission_id: str | None = None,
) -> Incident:
    """Open an incident with its first update; a past `started_at` backfills it.

    One whose first status closes it may have been over since `ended_at`. Raises Refused. The same
    `submission_id` again returns the incident that it opened.
    """
    at = at or timezone.now()
    facts = facts or Facts()
    check_window(facts.window)
    check_notice(facts.notice_before)
    first = first or Saying()
    if submission_id and (opened := Incident.objects.filter(submission_id=submission_id).first()):
        return opened
    incident = Incident(
        kind=kind,
        title=checked_title(title),
        severity=check_severity(severity, kind),
        status=first_status(first.status, kind),
        started_at=check_start(started_at, at),
        is_auto_created=is_auto_created,
        submission_id=submission_id,
        **facts.columns(),
        **acted_by(by),
    )
    said_at = check_end(ended_at, incident, at)
    if incident.status in CLOSED:
        incident.resolved_at = said_at
        incident.responder_status = ResponderStatus.RESOLVED
    if (opened := _save_or_find(incident)) is not incident:
        return opened
    tag_monitors(incident, facts.monitors)
    tag_components(incident, facts.components, facts.impacts)
    show_on(incident, facts.pages, by=by, at=at)
    update = add_update(incident, first, by=by, at=said_at, is_first=True)
    follow_timeline(incident)
    derive_tagged(incident, at=incident.started_at, update=update)
    if incident.is_closed:
        keep_past_intervals(incident)
    forgo_late_reminder(incident, at=at)
    keep_schedule(incident)
    record("incident.opened", incident.id, by=by, at=at, title=incident.title)
    announce(Action.OPENED, incident, by=by, at=at, update=update)
    return incident


def _save_or_find(incident: Incident) -> Incident:
    """Insert the incident, or return the one that its submission opened at the same moment."""
    try:
        with transaction.atomic():
            incident.save()
    except IntegrityError:
        opened = Incident.objects.filter(submission_id=incident.submission_id)
        if incident.submission_id is None or not (found := opened.first()):
            raise
        return found
    return incident


@transaction.atomic
def post_update(
    incident: Incident,
    *,
    by: Actor,
    saying: Saying,
    at: datetime | None = None,
    submission_id: str | None = None,
    seen: str = "",
) -> IncidentUpdate:
    """Add to the timeline; may change status, severity, a maintenance's window, or none of them.

    Raises IllegalTransition, AlreadyClosed or another Refused and then leaves nothing behind. The
    same `submission_id` again returns the update that it posted. `seen` is the newest update that
    the author knew.
    """
    now = timezone.now()
    incident = lock(incident)
    if submission_id and (
        posted := IncidentUpdate.objects.filter(submission_id=submission_id).first()
    ):
        return posted
    was_closed = incident.is_closed
    at = at or _after_the_newest(incident, now)
    update = add_update(incident, saying, by=by, at=at, submission_id=submission_id)
    if seen:
        check_seen(update, seen=seen)
    follow_timeline(incident)
    derive_tagged(incident, at=update.posted_at, update=update)
    if update.changes_window:
        forgo_late_reminder(incident, at=at)
    keep_schedule(incident)
    announce(_action(was_closed, incident, update), incident, by=by, at=now, update=update)
    return update


def _after_the_newest(incident: Incident, now: datetime) -> datetime:
    """The present moment, or just after what was posted while the clock ran ahead of it."""
    posted = incident.updates.kept().aggregate(at=Max("posted_at"))["at"]
    return posted + timedelta(microseconds=1) if posted and posted > now else now


def _action(was_closed: bool, incident: Incident, update: IncidentUpdate) -> Action:
    if update.changes_status and was_closed != incident.is_closed:
        return Action.RESOLVED if incident.is_closed else Action.REOPENED
    return Action.UPDATED


@transaction.atomic
def acknowledge(incident: Incident, *, by: Actor, at: datetime | None = None) -> Incident:
    """Take the incident: escalation stops, nothing is resolved. It stays with whoever was first."""
    at = at or timezone.now()
    incident = lock(incident)
    if incident.responder_status == ResponderStatus.TRIGGERED:
        incident.responder_status = ResponderStatus.ACKNOWLEDGED
        incident.acknowledged_at = at
        incident.acknowledged_by_id = by.id
        incident.acknowledged_by_name = by.name
        incident.save()
        record("incident.acknowledged", incident.id, by=by, at=at)
        announce(Action.ACKNOWLEDGED, incident, by=by, at=at)
    return incident


@transaction.atomic
def delete_incident(incident: Incident, *, by: Actor, at: datetime | None = None) -> None:
    """Remove an incident from every list, and from the uptime of its components.

    The audit row keeps its title. Prefer resolving.
    """
    at = at or timezone.now()
    incident = lock(incident)
    incident.deleted_at = at
    incident.save()
    keep_schedule(incident)
    derive_tagged(incident, at=at)
    leave_no_past(incident, at=at)
    record("incident.deleted", incident.id, by=by, at=at, title=incident.title)
    announce(Action.DELETED, incident, by=by, at=at)


def lock(incident: Incident) -> Incident:
    """Return the incident as it is now, locked until the transaction ends. Raises Gone."""
    return locked(Incident.objects.kept(), incident)


def show_on(incident: Incident, pages: Iterable[Page], *, by: Actor, at: datetime) -> list[Page]:
    shown = set(incident.publications.values_list("page_id", flat=True))
    added = [page for page in {p.id: p for p in pages}.values() if page.id not in shown]
    Publication.objects.bulk_create(
        Publication(incident=incident, page=page, published_at=at, **acted_by(by)) for page in added
    )
    return added


def derive_tagged(
    incident: Incident,
    *,
    at: datetime,
    update: IncidentUpdate | None = None,
    is_told: bool = True,
) -> None:
    """Derive the tagged components' states; they are held and announced as the update is."""
    ids = list(incident.impacts.values_list("component_id", flat=True))
    held_until = update.held_until if update else None
    is_told = update.notifies if update else is_told
    derive_states(ids, at=at, is_told=is_told, held_until=held_until)
