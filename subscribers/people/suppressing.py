"""Addresses to which nothing is sent, on any page, until staff lift the suppression."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from atender.actors import Actor
from atender.refusals import Conflict
from incidents.recording import record
from subscribers.models import Subscriber, SubscriberState, Suppression


class NotSuppressed(Conflict):
    """The address is not suppressed."""


@transaction.atomic
def suppress(
    address: str, why: Suppression, *, said: str = "", by: Actor, at: datetime | None = None
) -> int:
    """Send nothing more to an address, on any page; returns how many subscribers that affects.

    Those who had left stay unsubscribed. Idempotent.
    """
    at = at or timezone.now()
    mailed = (SubscriberState.ACTIVE, SubscriberState.PENDING)
    there = Subscriber.objects.mailed_at(address).filter(state__in=mailed)
    rows = list(there.select_for_update(no_key=True).order_by("pk"))
    for subscriber in rows:
        subscriber.state = SubscriberState.SUPPRESSED
        subscriber.suppression, subscriber.suppressed_at = why, at
        subscriber.suppression_note = " ".join(said.split())[:300]
        subscriber.save()
        record("subscriber.suppressed", subscriber.id, by=by, at=at, why=str(why))
    return len(rows)


@transaction.atomic
def lift_suppression(subscriber: Subscriber, *, by: Actor, at: datetime | None = None) -> int:
    """Let an address have mails again, on all pages; returns how many subscribers that affects.

    Raises NotSuppressed. One that bounces again is suppressed again.
    """
    at = at or timezone.now()
    there = Subscriber.objects.mailed_at(subscriber.address)
    held = there.filter(state=SubscriberState.SUPPRESSED).select_for_update(no_key=True)
    rows = list(held.order_by("pk"))
    if not rows:
        raise NotSuppressed("Nothing is held back from this address.")
    for row in rows:
        row.state = SubscriberState.ACTIVE if row.verified_at else SubscriberState.PENDING
        row.suppression, row.suppressed_at, row.suppression_note = "", None, ""
        row.save()
        record("subscriber.suppression_lifted", row.id, by=by, at=at)
    return len(rows)
