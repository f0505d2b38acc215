"""Enrols somebody for one incident where they talk with the company, not on its page.

A channel that proved the address is enough; otherwise the address is asked by mail, as everybody
is. Either can be undone.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.utils import timezone

from atender.actors import Actor
from atender.addresses import clean_address
from atender.due.work import cancel
from atender.turns import take_turns
from incidents.models import Incident, Page
from incidents.recording import record
from subscribers.models import Kinds, Scope, Subscriber, SubscriberState, Verification
from subscribers.people.asked import Asked, known_language
from subscribers.people.enrolment import (
    VERIFICATION_KIND,
    activate,
    add_scopes,
    check_allowed,
    find_or_add,
    lock,
    subscribe,
)
from subscribers.people.followers import drop_scopes
from subscribers.people.vanishing import vanish


class Proof(models.TextChoices):
    """Whether the address was asked."""

    SENT = "sent", "asked by mail"
    NOT_NEEDED = "not_needed", "proved by the channel"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What enrolling did: enough to take it back. `state_before` is empty for a new address.

    `was_asked`: the question stood before, so that whoever asked it first rests on it too.
    """

    subscriber: Subscriber
    proof: Proof
    question_id: str = ""
    state_before: str = ""
    added_scope: bool = False
    was_asked: bool = False


@transaction.atomic
def enrol(
    page: Page,
    *,
    address: str,
    incident: Incident,
    is_proved: bool,
    by: Actor,
    language: str | None = None,
    at: datetime | None = None,
) -> Enrolment:
    """Enrol an address for one incident on a page. Raises Refused, Suppressed, NotAllowed.

    Asked twice, an address gets one mail. `language` may be any; mails fall back to the page's.
    """
    at = at or timezone.now()
    address = clean_address(address)
    # The address may have no row to lock.
    take_turn(page.id, address)
    spoken = _language_of_mails(page, language)
    check_allowed(page, address)
    if is_proved:
        return _enrol_proved(page, address, incident, spoken, by=by, at=at)
    same = Subscriber.objects.mailed_at(address).filter(page=page)
    before = same.values_list("state", flat=True).first() or ""
    if question := _asked_already(page, address, incident, at=at):
        return Enrolment(question.subscriber, Proof.SENT, question.id, before, was_asked=True)
    asked = Asked(incidents=[incident])
    subscriber = subscribe(page, address=address, asked=asked, language=spoken, by=by, at=at)
    question = subscriber.verifications.latest("id")
    return Enrolment(subscriber, Proof.SENT, question.id, before)


def take_turn(page_id: str, address: str) -> None:
    """Wait until nobody else enrols this address or takes that back, and keep them waiting."""
    take_turns(f"enrolling {page_id} {address.lower()}")


def _language_of_mails(page: Page, language: str | None) -> str:
    wanted = (language or "").lower().partition("-")[0]
    is_spoken = wanted in page.branding.languages
    return known_language(wanted) if is_spoken else page.branding.language


def _asked_already(
    page: Page, address: str, incident: Incident, *, at: datetime
) -> Verification | None:
    return (
        Verification.objects.select_related("subscriber")
        .filter(
            subscriber__in=Subscriber.objects.mailed_at(address).filter(page=page),
            asked__incidents=[incident.id],
            used_at=None,
            expires_at__gt=at,
        )
        .order_by("id")
        .first()
    )


def _enrol_proved(
    page: Page, address: str, incident: Incident, language: str, *, by: Actor, at: datetime
) -> Enrolment:
    found, is_new = find_or_add(
        Subscriber(page=page, address=address, kinds=Kinds.BOTH, language=language)
    )
    subscriber = lock(found)
    before = "" if is_new else subscriber.state
    if not subscriber.is_active:
        # One who had left starts afresh.
        drop_scopes(subscriber.scopes.all())
    activate(subscriber, at=at)
    has_scope = subscriber.scopes.filter(incident=incident).exists()
    add_scopes(subscriber, Asked(incidents=[incident]))
    if is_new:
        record("subscriber.added", subscriber.id, by=by, at=at)
    return Enrolment(subscriber, Proof.NOT_NEEDED, state_before=before, added_scope=not has_scope)


@transaction.atomic
def take_back(
    enrolment: Enrolment, *, incident: Incident, by: Actor, at: datetime | None = None
) -> None:
    """Undo an enrolment. What the person confirmed by mail meanwhile stays."""
    at = at or timezone.now()
    found = Subscriber.objects.filter(pk=enrolment.subscriber.pk).first()
    if found is None:
        return
    subscriber = lock(found)
    if enrolment.question_id:
        _unask(subscriber, enrolment.question_id)
    if enrolment.added_scope:
        Scope.objects.filter(subscriber=subscriber, incident=incident).delete()
    if not _is_wanted(subscriber):
        _leave(subscriber, enrolment.state_before, by=by, at=at)


def _unask(subscriber: Subscriber, question_id: str) -> None:
    """Take an unanswered question back, in whichever mail it was sent: no link to it stays good."""
    question = subscriber.verifications.filter(pk=question_id, used_at=None).first()
    for one in question.tries() if question else ():
        cancel(VERIFICATION_KIND, one.id)
        one.delete()


def _is_wanted(subscriber: Subscriber) -> bool:
    if subscriber.is_active:
        return subscriber.scopes.exists()
    return subscriber.state != SubscriberState.PENDING or subscriber.verifications.exists()


def _leave(subscriber: Subscriber, before: str, *, by: Actor, at: datetime) -> None:
    """Delete a subscriber with nothing left to hear of, or restore what it was."""
    if before == SubscriberState.PENDING and subscriber.verifications.exists():
        subscriber.state = SubscriberState.PENDING
        subscriber.save(update_fields=["state"])
    elif before in ("", SubscriberState.PENDING):
        record("subscriber.removed", subscriber.id, by=by, at=at)
        vanish([subscriber])
    elif before == SubscriberState.UNSUBSCRIBED:
        subscriber.state, subscriber.unsubscribed_at = before, at
        subscriber.save(update_fields=["state", "unsubscribed_at"])
