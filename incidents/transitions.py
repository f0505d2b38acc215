"""What an update says, and how the incident changes with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, Literal, Self

from django.utils import timezone

from atender.actors import Actor, acted_by
from atender.refusals import Conflict, Refused
from atender.texts import clean_text
from incidents.impacts import Moved, compare_impacts, follow_severity, move_impacts
from incidents.models import Incident, IncidentUpdate
from incidents.models.vocabulary import (
    CLOSED,
    DENIED,
    PATHS,
    SEVERITIES,
    STATUSES,
    Kind,
    ResponderStatus,
    Status,
)
from incidents.promises.ahead import check_promise
from incidents.texts.placeholders import check_filled
from incidents.windows import Window, check_move, check_reschedule


class Keep(Enum):
    """Stands for "as it is", since None is a severity."""

    SEVERITY = "keep"


KEEP: Final = Keep.SEVERITY


@dataclass(frozen=True, slots=True)
class Saying:
    """The content of an update.

    `status`, `window` None and `severity` KEEP change nothing; `severity` None takes it away.
    `hold` is how long the author may take it back before anybody is told. `notifies` None means:
    unless the incident was closed already, or is recorded after it was over. `only_from` are the
    statuses in which it is meant; in any other it is refused. `impacts` are the states that it
    gives to components, by id.
    """

    body: str = ""
    status: str | None = None
    severity: str | Literal[Keep.SEVERITY] | None = KEEP
    is_public: bool = True
    notifies: bool | None = None
    eta: datetime | None = None
    next_update_by: datetime | None = None
    hold: timedelta = timedelta(0)
    window: Window | None = None
    only_from: frozenset[str] | None = None
    impacts: Mapping[str, str] = field(default_factory=dict)


class IllegalTransition(Refused):
    """The status does not exist for incidents of this kind."""

    @classmethod
    def unknown(cls, status: str, kind: str) -> Self:
        known = [*PATHS[Kind(kind)], *sorted(STATUSES[Kind(kind)] - set(PATHS[Kind(kind)]))]
        article = "an incident" if kind == Kind.INCIDENT else "a maintenance"
        return cls(
            f"'{status}' is no status of {article}; it is one of {', '.join(known)}.",
            field="status",
        )


class MovedOn(Conflict):
    """The incident is no longer in the status for which the change was meant."""


class DeniesThePast(Conflict):
    """The status says that work which took place did not."""

    @classmethod
    def of(cls, before: str, after: str) -> Self:
        if after == Status.CANCELLED:
            return cls(
                "The maintenance is completed, so it is not cancelled any more. If work goes on, "
                "re-open it as in_progress; a text that puts it right needs no status.",
                field="status",
            )
        rest = "plan another" if before in CLOSED else "complete or cancel it, and plan another"
        return cls(
            f"The maintenance is {before}: what has begun is not scheduled again. For another "
            f"time {rest}.",
            field="status",
        )


class AlreadyClosed(Conflict):
    """The incident was already closed; nothing is sent again."""


class NothingSaid(Refused):
    """An update without text must change the status or the severity."""


def add_update(
    incident: Incident,
    saying: Saying,
    *,
    by: Actor,
    at: datetime,
    is_first: bool = False,
    submission_id: str | None = None,
) -> IncidentUpdate:
    """Write an update of a locked incident; `follow_timeline` then brings the incident along."""
    update = draft_update(incident, saying, by=by, at=at, is_first=is_first)
    update.submission_id = submission_id
    update.save()
    move_impacts(update)
    return update


def draft_update(
    incident: Incident, saying: Saying, *, by: Actor, at: datetime, is_first: bool = False
) -> IncidentUpdate:
    """Return the update that a saying would be, not yet saved. Raises what posting it raises."""
    after = _outcome_of(incident, saying, at=at)
    _check_vocabulary(incident, after)
    if not is_first:
        _check_step(incident, saying, after)
        _check_window(incident, after.window, after.status, at=at)
    is_backdated = not is_first and _is_before_latest(incident, at)
    if not is_first and not is_backdated:
        _check_past(incident, after.status)
    changes_status, changes_severity = is_first, False
    if not is_first and not is_backdated:
        changes_status = after.status != incident.status
        changes_severity = after.severity != incident.severity
    return IncidentUpdate(
        incident=incident,
        body=after.body,
        is_public=saying.is_public,
        status=after.status,
        severity=after.severity,
        changes_status=changes_status,
        changes_severity=changes_severity,
        changes_window=after.window != Window.of(incident) and not is_backdated,
        impacts=after.moved.after,
        impacts_before=after.moved.before,
        scheduled_for=after.window.start,
        scheduled_until=after.window.end,
        is_backdated=is_backdated,
        eta=saying.eta,
        next_update_by=saying.next_update_by,
        notifies=_notifies(incident, saying, after.status, is_first=is_first),
        held_until=timezone.now() + saying.hold if saying.hold else None,
        posted_at=at,
        **acted_by(by),
    )


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What the incident would be after a saying, and the text that tells it."""

    body: str
    status: str
    severity: str | None
    window: Window
    moved: Moved


def _outcome_of(incident: Incident, saying: Saying, *, at: datetime) -> _Outcome:
    body = clean_text(saying.body, field="body")
    if saying.is_public:
        check_filled(body, field="body")
    status = incident.status if saying.status is None else saying.status
    is_over = status in CLOSED
    # An incident recorded after its end may mention promises whose time has passed.
    promised_at = None if is_over else at
    check_promise(saying.eta, after=promised_at, field="eta")
    check_promise(saying.next_update_by, after=promised_at, field="next_update_by")
    return _Outcome(
        body=body,
        status=status,
        severity=incident.severity if saying.severity is KEEP else saying.severity,
        window=saying.window or Window.of(incident),
        moved=compare_impacts(incident, saying.impacts, is_over=is_over),
    )


def _check_vocabulary(incident: Incident, after: _Outcome) -> None:
    """Refuse a status or a severity that incidents of this kind do not have."""
    kind = Kind(incident.kind)
    if after.status not in STATUSES[kind]:
        raise IllegalTransition.unknown(after.status, incident.kind)
    if after.severity is not None and after.severity not in SEVERITIES[kind]:
        fitting = ", ".join(SEVERITIES[kind])
        raise Refused(
            f"'{after.severity}' is no severity here; it is {fitting}, or null.", field="severity"
        )


def _check_step(incident: Incident, saying: Saying, after: _Outcome) -> None:
    """Refuse a step that somebody else has overtaken, and one that changes and says nothing."""
    kind = Kind(incident.kind)
    if saying.only_from is not None and incident.status not in saying.only_from:
        raise MovedOn(
            f"It is {incident.get_status_display().lower()} by now; nothing was changed.",
            field="status",
        )
    if saying.status in CLOSED and after.status == incident.status:
        raise AlreadyClosed(
            f"The {kind.label} is {after.status} already, since "
            f"{incident.resolved_at:%Y-%m-%d %H:%M} UTC; nothing was sent again. "
            "Leave the status out to add a text.",
            field="status",
        )
    if not after.moved.is_seen and not _says_something(incident, saying, after):
        raise NothingSaid(
            f"The {kind.label} is {after.status} already: write a text, or choose "
            "another status or severity.",
            field="body",
        )


def _check_past(incident: Incident, status: str) -> None:
    if status in DENIED.get(Status(incident.status), ()):
        raise DeniesThePast.of(incident.status, status)


def _says_something(incident: Incident, saying: Saying, after: _Outcome) -> bool:
    if after.body or saying.next_update_by or saying.eta:
        return True
    is_moved = after.window != Window.of(incident)
    is_step = after.status != incident.status or after.severity != incident.severity
    return is_moved or is_step


def _check_window(incident: Incident, window: Window, status: str, *, at: datetime) -> None:
    if window != Window.of(incident):
        check_move(incident, window, status=status, at=at)
    if status == Status.SCHEDULED != incident.status:
        check_reschedule(window, at=at)


def _is_before_latest(incident: Incident, at: datetime) -> bool:
    return incident.updates.transitions().filter(posted_at__gt=at).exists()


def _notifies(incident: Incident, saying: Saying, status: str, *, is_first: bool) -> bool:
    if saying.notifies is not None:
        return saying.notifies
    if is_first:
        return status not in CLOSED
    return not (incident.is_closed and status == incident.status)


def follow_timeline(incident: Incident) -> None:
    """Set a locked incident to what its latest transition said; the only place that does."""
    said = incident.updates.transitions().order_by("posted_at", "id")
    latest = said.last()
    assert latest is not None, "an incident has a first update"
    severity_before = incident.severity
    incident.status, incident.severity = latest.status, latest.severity
    incident.scheduled_for, incident.scheduled_until = latest.scheduled_for, latest.scheduled_until
    if incident.is_closed:
        closing = said.filter(changes_status=True).last()
        incident.resolved_at = (closing or latest).posted_at
        incident.responder_status = ResponderStatus.RESOLVED
        incident.next_update_by = None
    else:
        _stay_open(incident)
    spoken = incident.updates.visible().order_by("posted_at", "id").last()
    incident.last_public_update_at = spoken.posted_at if spoken else None
    incident.save()
    if incident.severity != severity_before:
        follow_severity(incident)


def _stay_open(incident: Incident) -> None:
    incident.resolved_at = None
    if incident.responder_status == ResponderStatus.RESOLVED:
        incident.responder_status = ResponderStatus.TRIGGERED
        incident.acknowledged_at = None
        incident.acknowledged_by_id = incident.acknowledged_by_name = ""
    # A promise is kept by the next public update, or replaced by a new one.
    newest = incident.updates.kept().filter(is_backdated=False).order_by("posted_at", "id").last()
    if newest is not None:
        incident.next_update_by = promise_after(newest, incident.next_update_by)


def promise_after(update: IncidentUpdate, before: datetime | None) -> datetime | None:
    """The promise that stands after an open incident's update: only a public word keeps one."""
    is_word = bool(update.public_body) or update.is_step
    return update.next_update_by if update.next_update_by or is_word else before
