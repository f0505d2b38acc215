"""Deliveries in a worker's hands: claimed under a lease, renewed, given back, recorded."""

import logging
import os
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
from subscribers.models import Delivery, DeliveryState, Notice, Scope, Subscriber
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

# One statement, so that whoever is killed meanwhile holds nothing. What a dead worker held is
# written down as an attempt of its own: it is what may arrive twice.
CLAIM = """
WITH free AS (
    SELECT id, state, claimed_by FROM subscribers_delivery
    WHERE notice_id = %(notice)s AND state IN ('waiting', 'sending')
    AND CASE state WHEN 'waiting' THEN due_at <= %(now)s ELSE lease_until <= %(now)s END
    ORDER BY attempts, id LIMIT %(most)s FOR UPDATE SKIP LOCKED
)
UPDATE subscribers_delivery AS held
SET state = 'sending', lease_until = %(until)s, claimed_by = %(holder)s,
    attempts = held.attempts + 1,
    log = CASE WHEN free.state = 'waiting' THEN held.log ELSE held.log || jsonb_build_object(
        'at', %(at)s::text, 'by', free.claimed_by, 'result', 'lost', 'answer', %(lost)s::text)
    END
FROM free WHERE held.id = free.id
RETURNING held.id, held.subscriber_id, held.attempts, held.message_id, free.state, free.claimed_by
"""

RECORD = """
UPDATE subscribers_delivery AS tried
SET state = said.state, answer = said.answer, message_id = said.message_id, lease_until = NULL,
    sent_at = CASE said.state WHEN 'sent' THEN %(now)s END,
    due_at = coalesce(said.due_at, tried.due_at),
    log = tried.log || jsonb_build_object(
        'at', %(at)s::text, 'by', %(holder)s::text, 'result', said.result, 'answer', said.answer)
FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(results)s::text[], %(answers)s::text[],
    %(message_ids)s::text[], %(due_ats)s::timestamptz[])
    AS said (id, state, result, answer, message_id, due_at)
-- What is out is out, whoever holds it now.
WHERE tried.id = said.id AND tried.state <> 'sent'
AND (said.state = 'sent' OR tried.state = 'sending' AND tried.claimed_by = %(holder)s)
"""

LOST = "The worker ended while it sent this; it may arrive twice, under the same Message-ID."
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
    scopes: list[Scope] = field(default_factory=list)


@dataclass(slots=True)
class Batch:
    """Deliveries that this worker holds, and those of them that are still `wanted`."""

    notice: Notice
    holder: str
    lease: Lease
    claimed: list[Held]
    wanted: list[Held] = field(default_factory=list)
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

    def record(self, told: Sequence[tuple[Held, Outcome]]) -> None:
        """Write down what became of some, in one statement: what was taken is never sent again."""
        if not told:
            return
        now = timezone.now()
        rows = [_after(held, outcome, now) for held, outcome in told]
        columns = [list(column) for column in zip(*rows, strict=True)]
        names = ("ids", "states", "results", "answers", "message_ids", "due_ats")
        values = dict(zip(names, columns, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(
                RECORD, {**values, "now": now, "at": now.isoformat(), "holder": self.holder}
            )


def _after(held: Held, outcome: Outcome, now: datetime) -> tuple[Any, ...]:
    """Return a row of RECORD: where a delivery stands after an outcome."""
    due_at = None
    if outcome.result == Result.TAKEN:
        state = DeliveryState.SENT
    elif outcome.result == Result.REFUSED or held.attempts > len(PAUSES):
        state = DeliveryState.FAILED
    else:
        state, due_at = DeliveryState.WAITING, now + PAUSES[held.attempts - 1]
    said = (state.value, outcome.result.value, outcome.answer, held.message_id, due_at)
    return (ulid_uuid(held.id), *said)


def claim(notice: Notice, wanting: SubscriberQuerySet, lease: Lease) -> Batch:
    """Take up to a hundred deliveries that nobody holds; those who left meanwhile are skipped."""
    holder = f"{socket.gethostname()[:60]}:{os.getpid()}:{lease.ticket}"
    batch = Batch(notice, holder, lease, _take(notice, holder))
    if batch.claimed:
        wanted = _wanted(notice, wanting, batch.claimed)
        fit = [held for held in batch.claimed if held.attempts <= MOST_ATTEMPTS]
        batch.wanted = [held for held in fit if held.subscriber_id in wanted]
        if len(batch.wanted) < len(batch.claimed):
            _drop(batch, wanted)
    return batch


def _take(notice: Notice, holder: str) -> list[Held]:
    now = timezone.now()
    values: dict[str, Any] = {
        "notice": ulid_uuid(notice.pk),
        "now": now,
        "at": now.isoformat(),
        "until": now + LEASE_LASTS,
        "most": BATCH,
        "holder": holder,
        "lost": LOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, values)
        rows = sorted(cursor.fetchall(), key=lambda row: (row[2], row[0]))
    for pk, _, _, message_id, state, before in rows:
        if state == DeliveryState.SENDING:
            log.warning(
                "delivery %s was in the hands of %s, which ended; it may arrive twice, as %s",
                ulid_text(pk),
                before,
                message_id or "its own Message-ID",
            )
    return [Held(ulid_text(row[0]), ulid_text(row[1]), row[2], row[3]) for row in rows]


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
