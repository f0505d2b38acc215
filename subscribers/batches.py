"""Deliveries in a worker's hands: claimed under a lease, renewed, given back, recorded."""

import logging
import os
import secrets
import socket
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils import timezone

from atender.due.work import Lease
from atender.ids import ulid_text, ulid_uuid
from subscribers.lanes import MAILS, Lane
from subscribers.models import Delivery, DeliveryState, Notice, Scope, Subscriber
from subscribers.models.notices import DeliveryQuerySet
from subscribers.models.people import SubscriberQuerySet
from subscribers.outcomes import Outcome, Result
from subscribers.statements import CALLABLE, CLAIM, LOST, RECORD

log = logging.getLogger(__name__)

BATCH = 100
LEASE_LASTS = timedelta(seconds=30)
RENEWED_EVERY = timedelta(seconds=5)
CHANCE = secrets.SystemRandom()
# The longest that the other side may ask us to wait.
LONGEST_WAIT = timedelta(days=1)
# For how long what was not tried yet holds up what comes after it.
ORDER_IS_KEPT_FOR = timedelta(minutes=10)
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


EVERYTHING = [Scope()]


@dataclass(slots=True)
class Held:
    """A delivery in this worker's hands, with what its mail needs to know of its subscriber."""

    id: str
    subscriber_id: str
    attempts: int
    message_id: str
    address: str = ""
    page_id: str = ""
    language: str = ""
    version: int = 0
    channel: str = ""
    scopes: list[Scope] = field(default_factory=list)


@dataclass(slots=True)
class Batch:
    """Deliveries that this worker holds, and those of them that are still `wanted`."""

    notice: Notice
    holder: str
    lease: Lease
    claimed: list[Held]
    lane: Lane = MAILS
    wanted: list[Held] = field(default_factory=list)
    renewed_at: datetime = field(default_factory=timezone.now)

    def holds(self) -> DeliveryQuerySet:
        return Delivery.objects.filter(
            notice=self.notice,
            channel__in=self.lane.channels,
            state=DeliveryState.SENDING,
            claimed_by=self.holder,
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

    def record(self, told: Sequence[tuple[Held, Outcome]]) -> None:
        """Write down what became of some, in one statement: what was taken is never sent again."""
        if not told:
            return
        now = timezone.now()
        rows = [_after(held, outcome, self.lane, now) for held, outcome in told]
        columns = [list(column) for column in zip(*rows, strict=True)]
        names = ("ids", "states", "results", "answers", "message_ids", "due_ats")
        values = dict(zip(names, columns, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(
                RECORD, {**values, "now": now, "at": now.isoformat(), "holder": self.holder}
            )


def is_final(held: Held, outcome: Outcome, lane: Lane) -> bool:
    """Whether nothing more is tried after an outcome other than success."""
    is_refused = outcome.result in (Result.REFUSED, Result.GONE)
    return is_refused or held.attempts > len(lane.pauses)


def _after(held: Held, outcome: Outcome, lane: Lane, now: datetime) -> tuple[Any, ...]:
    """Return a row of RECORD: where a delivery stands after an outcome."""
    due_at = None
    if outcome.result == Result.TAKEN:
        state = DeliveryState.SENT
    elif is_final(held, outcome, lane):
        state = DeliveryState.FAILED
    else:
        pause = lane.pauses[held.attempts - 1] * (1 + CHANCE.uniform(0, lane.jitter))
        asked = min(outcome.retry_after or pause, LONGEST_WAIT)
        state, due_at = DeliveryState.WAITING, now + max(pause, asked)
    said = (state.value, outcome.result.value, outcome.answer, held.message_id, due_at)
    return (ulid_uuid(held.id), *said)


def claim(
    notice: Notice,
    wanting: SubscriberQuerySet,
    lease: Lease,
    lane: Lane = MAILS,
    *,
    slow: bool = False,
) -> Batch:
    """Take up to a hundred deliveries that nobody holds; those who left meanwhile are skipped.

    Of a lane that calls endpoints, `slow` takes those that are known to answer slowly.
    """
    holder = f"{socket.gethostname()[:60]}:{os.getpid()}:{lease.ticket}"
    batch = Batch(notice, holder, lease, _take(notice, holder, lane, slow=slow), lane)
    if batch.claimed:
        wanted = _wanted(notice, wanting, batch.claimed)
        fit = [held for held in batch.claimed if held.attempts <= MOST_ATTEMPTS]
        batch.wanted = [held for held in fit if held.subscriber_id in wanted]
        if len(batch.wanted) < len(batch.claimed):
            _drop(batch, wanted)
    return batch


def _take(notice: Notice, holder: str, lane: Lane, *, slow: bool) -> list[Held]:
    its_own = lane.where if lane.keeps_order_within else lane.where + CALLABLE
    now = timezone.now()
    values: dict[str, Any] = {
        "notice": ulid_uuid(notice.pk),
        "now": now,
        "at": now.isoformat(),
        "until": now + LEASE_LASTS,
        "most": BATCH,
        "holder": holder,
        "lost": LOST,
        "slow": slow,
        "order_since": now - ORDER_IS_KEPT_FOR,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM.format(its_own=its_own), values)
        rows = sorted(cursor.fetchall(), key=lambda row: (row[2], row[0]))
    for pk, _, _, message_id, state, before, _ in rows:
        if state == DeliveryState.SENDING:
            log.warning(
                "delivery %s was in the hands of %s, which ended; it may arrive twice, as %s",
                ulid_text(pk),
                before,
                message_id or "its own id",
            )
    return [
        Held(ulid_text(row[0]), ulid_text(row[1]), row[2], row[3], channel=row[6]) for row in rows
    ]


def _wanted(notice: Notice, wanting: SubscriberQuerySet, claimed: Sequence[Held]) -> set[str]:
    """Look once more who is to be told, and note what their mails need; returns their ids."""
    by_subscriber = {held.subscriber_id: held for held in claimed}
    still = wanting.filter(pk__in=by_subscriber)
    ids = set()
    rows = still.values_list("pk", "address", "page_id", "language", "version")
    for pk, address, page_id, language, version in rows:
        held = by_subscriber[pk]
        held.address, held.page_id, held.language, held.version = (
            address,
            page_id,
            language,
            version,
        )
        ids.add(pk)
    for ask in _told_elsewhere:
        ids.difference_update(ask(notice, list(still)))
    _note_scopes(by_subscriber, ids)
    return ids


def _note_scopes(by_subscriber: Mapping[str, Held], ids: Collection[str]) -> None:
    """Most have subscribed to everything, which one look at ids tells."""
    scopes = Scope.objects.filter(subscriber__in=ids)
    wide = scopes.filter(component=None, incident=None).values_list("subscriber_id", flat=True)
    rest = set(ids)
    for pk in wide:
        by_subscriber[pk].scopes = EVERYTHING
        rest.discard(pk)
    if rest:
        for scope in scopes.filter(subscriber__in=rest).select_related("component"):
            by_subscriber[scope.subscriber_id].scopes.append(scope)


def _drop(batch: Batch, wanted: Collection[str]) -> None:
    kept = {held.id for held in batch.wanted}
    left = [held.id for held in batch.claimed if held.subscriber_id not in wanted]
    worn = [h.id for h in batch.claimed if h.id not in kept and h.subscriber_id in wanted]
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
