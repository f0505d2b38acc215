"""What may happen to an update after it was posted: edited, deleted, withdrawn."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from atender.actors import Actor, acted_by
from atender.locking import locked
from atender.meanwhile import REPLACE, check_unchanged, digest_of
from atender.refusals import Conflict
from atender.texts import clean_text
from incidents.forgetting import take_back
from incidents.impacts import give_impacts_back
from incidents.lifecycle import lock
from incidents.maintenance import keep_schedule
from incidents.models import Incident, IncidentUpdate, IncidentUpdateRevision
from incidents.models.vocabulary import ResponderStatus
from incidents.recording import announce, record
from incidents.signals import Action
from incidents.states import derive_states
from incidents.texts.placeholders import check_filled
from incidents.transitions import NothingSaid, follow_timeline


class TooLateToUndo(Conflict):
    """The update went out, or something was posted after it."""


@transaction.atomic
def edit_update(
    update: IncidentUpdate,
    *,
    by: Actor,
    body: str | None = None,
    is_public: bool | None = None,
    seen: str | None = None,
    at: datetime | None = None,
) -> IncidentUpdate:
    """Change text or publicity; leaves a revision, visitors see "(edited)", nobody is mailed.

    `seen` is what its author saw of it, by `seen_update`. Raises Refused, ChangedMeanwhile, Gone.
    """
    at = at or timezone.now()
    incident = lock(update.incident)
    update = _current(incident, update)
    new_body = update.body if body is None else clean_text(body, field="body")
    new_public = update.is_public if is_public is None else is_public
    if not new_body and not update.is_transition:
        raise NothingSaid("An update without a transition needs a text.", field="body")
    if (new_body, new_public) == (update.body, update.is_public):
        return update
    _check_seen(update, new_body, new_public, seen=seen)
    if new_public:
        check_filled(new_body, field="body")
    _revise(update, new_body, new_public, by=by, at=at)
    update.body, update.is_public, update.edited_at = new_body, new_public, at
    update.save()
    _follow_what_stands(incident)
    announce(Action.EDITED, incident, by=by, at=at, update=update)
    return update


def seen_update(update: IncidentUpdate) -> str:
    """Return the digest that says, to `edit_update`, that its text was seen, and who reads it."""
    return digest_of([update.body, update.is_public])


def _check_seen(update: IncidentUpdate, body: str, is_public: bool, *, seen: str | None) -> None:
    """Refuse to replace a text that was not seen as it stands. Raises ChangedMeanwhile."""
    audience = "public" if update.is_public else "private"
    reads = f"reads “{update.body}”" if update.body else "has no text"
    check_unchanged(
        [update.body, update.is_public],
        wanted=[body, is_public],
        seen=seen,
        told=f"somebody changed it since you opened it; it is {audience} and {reads}. {REPLACE}",
    )


@transaction.atomic
def delete_update(update: IncidentUpdate, *, by: Actor, at: datetime | None = None) -> None:
    """Remove an update's text; a transition that it carried stays, so the status never changes."""
    at = at or timezone.now()
    incident = lock(update.incident)
    update = _current(incident, update)
    _revise(update, "", update.is_public, by=by, at=at, is_deletion=True)
    update.body, update.deleted_at = "", at
    update.save()
    _follow_what_stands(incident)
    record("update.deleted", update.id, by=by, at=at, incident=incident.id)
    announce(Action.DELETED, incident, by=by, at=at, update=update)


@transaction.atomic
def withdraw_update(update: IncidentUpdate, *, by: Actor, at: datetime | None = None) -> Incident:
    """Undo the newest update while its mails are held: the incident is as it was before.

    Withdrawing the first update takes the whole incident back. Raises TooLateToUndo.
    """
    at = at or timezone.now()
    incident = lock(update.incident)
    update = _current(incident, update)
    if update.held_until is None or at >= update.held_until:
        raise TooLateToUndo("The mails of this update are on their way; post a correction.")
    others = incident.updates.kept().exclude(pk=update.pk)
    if others.filter(id__gt=update.id).exists():
        raise TooLateToUndo("Something was posted after this update; undo that first.")
    update.withdrawn_at = at
    update.save()
    touched = list(incident.impacts.values_list("component_id", flat=True))
    if others.exists():
        give_impacts_back(update)
        _give_back(incident)
        follow_timeline(incident)
    else:
        incident.deleted_at = at
        incident.save()
    keep_schedule(incident)
    derive_states(touched, at=at)
    if incident.deleted_at:
        take_back(incident, at=at)
    record("update.withdrawn", update.id, by=by, at=at, incident=incident.id)
    announce(Action.WITHDRAWN, incident, by=by, at=at, update=update)
    return incident


def _follow_what_stands(incident: Incident) -> None:
    """Follow a timeline on which nothing new was said: a promise may go by it, none comes back."""
    had_promise = incident.next_update_by is not None
    follow_timeline(incident)
    if not had_promise and incident.next_update_by is not None:
        incident.next_update_by = None
        incident.save()


def _give_back(incident: Incident) -> None:
    """Undo what closing did to the responder status: whoever had the incident has it again."""
    if incident.is_closed:
        had_it = incident.acknowledged_at is not None
        incident.responder_status = (
            ResponderStatus.ACKNOWLEDGED if had_it else ResponderStatus.TRIGGERED
        )


def _current(incident: Incident, update: IncidentUpdate) -> IncidentUpdate:
    return locked(incident.updates.kept().filter(deleted_at=None), update)


def _revise(
    update: IncidentUpdate,
    body: str,
    is_public: bool,
    *,
    by: Actor,
    at: datetime,
    is_deletion: bool = False,
) -> None:
    IncidentUpdateRevision.objects.create(
        incident_id=update.incident_id,
        update_id=update.id,
        body_before=update.body,
        body_after=body,
        was_public=update.is_public,
        is_public=is_public,
        is_deletion=is_deletion,
        revised_at=at,
        **acted_by(by),
    )
