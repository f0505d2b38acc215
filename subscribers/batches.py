"""Deliveries in a worker's hands: claimed under a lease, renewed, given back, recorded."""

import logging
import os
import socket
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from atender.due.work import Lease
from subscribers.models import Delivery, DeliveryState, Notice, Subscriber
from subscribers.models.notices import DeliveryQuerySet
from subscribers.models.people import SubscriberQuerySet
from subscribers.outcomes import Outcome, Result

log = logging.getLogger(__name__)

BATCH = 100
LEASE_LASTS = timedelta(seconds=30)
RENEWED_EVERY = timedelta(seconds=5)
# Pauses before the next try of one recipient whom the mail server puts off; then it has failed.
PAUSES = tuple(timedelta(seconds=s) for s in (60, 300, 900, 3600, 7200, 14_400, 28_800))
# A delivery that ended this many workers is not tried again.
MOST_ATTEMPTS = 20

LEFT = "Did not want it any more when its turn came."

# Given a notice and subscribers, returns the ids of those who were told of it in another way.
ToldElsewhere = Callable[[Notice, Sequence[Subscriber]], Collection[str]]
_told_elsewhere: list[ToldElsewhere] = []


def ask_before_sending(ask: ToldElsewhere) -> ToldElsewhere:
    """Register who knows of people that were told already; asked at every claim."""
    _told_elsewhere.append(ask)
    return ask


@dataclass(slots=True)
class Batch:
    """Deliveries that this worker holds, those still `wanted` with their subscribers' scopes."""

    notice: Notice
    holder: str
    lease: Lease
    claimed: list[Delivery]
    wanted: list[Delivery] = field(default_factory=list)
    renewed_at: datetime = field(default_factory=timezone.now)

    def holds(self) -> DeliveryQuerySet:
        return Delivery.objects.filter(
            notice=self.notice, state=DeliveryState.SENDING, claimed_by=self.holder
        )

    def is_still_held(self) -> bool:
        """Renew the hold every five seconds; False when it was handed on to another worker."""
        now = timezone.now()
        if now - self.renewed_at < RENEWED_EVERY:
            return True
        # The deliveries first: whoever gets the notice next finds them free.
        self.holds().update(lease_until=now + LEASE_LASTS)
        self.renewed_at = now
        return self.lease.renew()

    def give_back(self) -> None:
        """Let others have what was not tried."""
        self.holds().update(
            state=DeliveryState.WAITING, lease_until=None, attempts=F("attempts") - 1
        )


def claim(notice: Notice, wanting: SubscriberQuerySet, lease: Lease) -> Batch:
    """Take up to a hundred deliveries that nobody holds; those who left meanwhile are skipped."""
    holder = f"{socket.gethostname()[:60]}:{os.getpid()}:{lease.ticket}"
    batch = Batch(notice, holder, lease, _take(notice, holder))
    wanted = _wanted(notice, wanting, batch.claimed)
    for delivery in batch.claimed:
        if delivery.subscriber_id in wanted and delivery.attempts <= MOST_ATTEMPTS:
            delivery.subscriber = wanted[delivery.subscriber_id]
            batch.wanted.append(delivery)
    _drop(batch, wanted)
    return batch


@transaction.atomic
def _take(notice: Notice, holder: str) -> list[Delivery]:
    now = timezone.now()
    free = Delivery.objects.claimable(now).filter(notice=notice).order_by("attempts", "id")
    taken = list(free.select_for_update(skip_locked=True)[:BATCH])
    for delivery in taken:
        if delivery.state == DeliveryState.SENDING:
            log.warning(
                "delivery %s was in the hands of %s, which ended; it may arrive twice, as %s",
                delivery.id,
                delivery.claimed_by,
                delivery.message_id or "its own Message-ID",
            )
        delivery.attempts += 1
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in taken]).update(
        state=DeliveryState.SENDING,
        lease_until=now + LEASE_LASTS,
        claimed_by=holder,
        attempts=F("attempts") + 1,
    )
    return taken


def _wanted(
    notice: Notice, wanting: SubscriberQuerySet, claimed: Sequence[Delivery]
) -> dict[str, Subscriber]:
    ids = [delivery.subscriber_id for delivery in claimed]
    scoped = wanting.filter(pk__in=ids).prefetch_related("scopes__component")
    wanted = {subscriber.pk: subscriber for subscriber in scoped}
    for ask in _told_elsewhere:
        for subscriber_id in ask(notice, list(wanted.values())):
            wanted.pop(subscriber_id, None)
    return wanted


def _drop(batch: Batch, wanted: Collection[str]) -> None:
    kept = {delivery.pk for delivery in batch.wanted}
    left = [d.pk for d in batch.claimed if d.subscriber_id not in wanted]
    worn = [d.pk for d in batch.claimed if d.pk not in kept and d.subscriber_id in wanted]
    batch.holds().filter(pk__in=left).update(
        state=DeliveryState.SKIPPED, lease_until=None, attempts=F("attempts") - 1, answer=LEFT
    )
    batch.holds().filter(pk__in=worn).update(
        state=DeliveryState.FAILED,
        lease_until=None,
        answer=f"Given up: {MOST_ATTEMPTS} workers ended while they sent it.",
    )


def skip_open(notice: Notice, why: str) -> None:
    Delivery.objects.open().filter(notice=notice).update(
        state=DeliveryState.SKIPPED, lease_until=None, answer=why
    )


def record_outcome(batch: Batch, delivery: Delivery, outcome: Outcome) -> None:
    """Write down what became of one delivery, at once: what was taken is never sent again."""
    now = timezone.now()
    said = {"answer": outcome.answer, "message_id": delivery.message_id, "lease_until": None}
    if outcome.result == Result.TAKEN:
        # Whoever holds it now: the mail is out.
        rows = Delivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.SENT)
        rows.update(state=DeliveryState.SENT, sent_at=now, **said)
        return
    rows = batch.holds().filter(pk=delivery.pk)
    if outcome.result == Result.REFUSED or delivery.attempts > len(PAUSES):
        rows.update(state=DeliveryState.FAILED, **said)
    else:
        due_at = now + PAUSES[delivery.attempts - 1]
        rows.update(state=DeliveryState.WAITING, due_at=due_at, **said)
