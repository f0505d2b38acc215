"""The verbs of planned work: plan, start early, move, cancel, complete, remind.

Whatever happens to a maintenance is an update of its timeline, so that it can be undone like any
other; these verbs add what only planned work has.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, Literal

from django.db import transaction
from django.utils import timezone

from atender.actors import SCHEDULE, Actor
from atender.refusals import Refused
from incidents.lifecycle import Facts, lock, open_incident, post_update
from incidents.maintenance import is_reminder_due
from incidents.models import Incident, IncidentUpdate
from incidents.models.vocabulary import CLOSED, STATUSES, Kind, Status
from incidents.planned.seeing import check_seen_window
from incidents.recording import announce
from incidents.signals import Action
from incidents.transitions import Saying
from incidents.windows import Window

DEFAULT_NOTICE = timedelta(hours=24)
WAITING = frozenset({Status.SCHEDULED})
RUNNING = frozenset({Status.IN_PROGRESS, Status.VERIFYING})
OPEN = STATUSES[Kind.MAINTENANCE] - CLOSED


class Unmoved(Enum):
    """Stands for "as it is", since a window may have no end."""

    EDGE = "unmoved"


UNMOVED: Final = Unmoved.EDGE
Edge = datetime | None | Literal[Unmoved.EDGE]


@transaction.atomic
def plan_maintenance(
    title: str,
    *,
    by: Actor,
    facts: Facts,
    first: Saying | None = None,
    at: datetime | None = None,
    submission_id: str | None = None,
) -> Incident:
    """Plan work for a window. A window that is already open starts at once; work whose window is
    over is recorded as completed at its end, and notifies nobody.

    Raises Refused, also for work that is said to go on after its window. The same `submission_id`
    again returns the maintenance that it planned.
    """
    at = at or timezone.now()
    first = first or Saying()
    if facts.window.start is None:
        raise Refused("A maintenance is planned for a time; say when.", field="scheduled_for")
    first = _as_time_has_it(first, facts.window, at)
    took_place = first.status == Status.COMPLETED and facts.window.is_over(at)
    return open_incident(
        title,
        by=by,
        kind=Kind.MAINTENANCE,
        first=first,
        facts=facts,
        at=at,
        started_at=facts.window.start if took_place else None,
        ended_at=facts.window.end if took_place else None,
        submission_id=submission_id,
    )


def _as_time_has_it(first: Saying, window: Window, at: datetime) -> Saying:
    """Fill in, of the first words, what follows from where the window lies. Raises Refused."""
    if not window.is_over(at):
        begins = first.status is None and window.has_begun(at)
        return replace(first, status=Status.IN_PROGRESS) if begins else first
    if first.status in RUNNING:
        raise Refused(
            f"The window was over at {window.end:%Y-%m-%d %H:%M} UTC: if the work still goes on, "
            "give it a later end, or none; if it is done, leave the status out, and it is recorded "
            "as completed at its end.",
            field="scheduled_until",
        )
    if first.status in (None, Status.SCHEDULED):
        first = replace(first, status=Status.COMPLETED)
    return replace(first, notifies=False) if first.notifies is None else first


@transaction.atomic
def move_window(
    incident: Incident,
    *,
    by: Actor,
    start: Edge = UNMOVED,
    end: Edge = UNMOVED,
    saying: Saying | None = None,
    at: datetime | None = None,
    submission_id: str | None = None,
    seen: str | None = None,
) -> IncidentUpdate:
    """Move one edge of the window or both; whoever was told of it is told of the move.

    Once it runs, only its end moves. `seen` is what its author saw of it, by `seen_window`. Raises
    Refused, WindowClosed, ChangedMeanwhile.
    """
    incident = lock(incident)
    window = Window(
        incident.scheduled_for if start is UNMOVED else start,
        incident.scheduled_until if end is UNMOVED else end,
    )
    check_seen_window(incident, window, seen=seen)
    said = replace(saying or Saying(), window=window)
    return post_update(incident, by=by, saying=said, at=at, submission_id=submission_id)


def extend_window(
    incident: Incident,
    *,
    by: Actor,
    length: timedelta,
    saying: Saying | None = None,
    at: datetime | None = None,
    submission_id: str | None = None,
) -> IncidentUpdate:
    """Extend the window, from now if its end has passed. Raises Refused."""
    now = at or timezone.now()
    with transaction.atomic():
        incident = lock(incident)
        if incident.scheduled_until is None:
            raise Refused(
                "It has no end to move: it lasts until somebody completes it.",
                field="scheduled_until",
            )
        is_past = incident.scheduled_until < now and incident.status != Status.SCHEDULED
        end = (now if is_past else incident.scheduled_until) + length
        return move_window(
            incident, by=by, end=end, saying=saying, at=at, submission_id=submission_id
        )


def start_maintenance(
    incident: Incident,
    *,
    by: Actor,
    saying: Saying | None = None,
    submission_id: str | None = None,
) -> IncidentUpdate:
    """Begin before its time. Raises MovedOn unless it waits."""
    said = replace(saying or Saying(), status=Status.IN_PROGRESS, only_from=WAITING)
    return post_update(incident, by=by, saying=said, submission_id=submission_id)


def complete_maintenance(
    incident: Incident,
    *,
    by: Actor,
    saying: Saying | None = None,
    submission_id: str | None = None,
) -> IncidentUpdate:
    """End the work. Raises MovedOn unless it runs."""
    said = replace(saying or Saying(), status=Status.COMPLETED, only_from=RUNNING)
    return post_update(incident, by=by, saying=said, submission_id=submission_id)


def cancel_maintenance(
    incident: Incident,
    *,
    by: Actor,
    saying: Saying | None = None,
    submission_id: str | None = None,
) -> IncidentUpdate:
    """Cancel the work, before or while it runs. Raises MovedOn if it is over."""
    said = replace(saying or Saying(), status=Status.CANCELLED, only_from=OPEN)
    return post_update(incident, by=by, saying=said, submission_id=submission_id)


@transaction.atomic
def remind(incident: Incident, *, at: datetime | None = None) -> Incident:
    """Announce, once per start, that a maintenance is about to begin, if it is time."""
    now = at or timezone.now()
    incident = lock(incident)
    if is_reminder_due(incident, now=now):
        incident.reminded_for = incident.scheduled_for
        incident.save(update_fields=["reminded_for"])
        announce(Action.REMINDED, incident, by=SCHEDULE, at=now)
    return incident
