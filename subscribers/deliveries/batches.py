"""Deliveries in a worker's hands: renewed, given back, recorded. `claims.py` takes them."""

import json
import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from atender.ahead import Statement
from atender.due.work import Lease
from subscribers.deliveries.lanes import MAILS, Lane
from subscribers.deliveries.outcomes import Outcome, Result
from subscribers.deliveries.statements import RECORD
from subscribers.models import Delivery, DeliveryState, Notice, Scope, Subscriber
from subscribers.models.notices import DeliveryQuerySet
from subscribers.notices.standing import pages_of

LEASE_LASTS = timedelta(seconds=30)
RENEWED_EVERY = timedelta(seconds=5)
CHANCE = secrets.SystemRandom()
# The longest that the other side may ask us to wait.
LONGEST_WAIT = timedelta(days=1)
# A delivery that ended this many workers is not tried again.
MOST_ATTEMPTS = 20

LEFT = "Did not want it any more when its turn came."
WITHHELD = "Was not on the list of those who may read the page when its turn came."
NOT_SHOWN = "The page had stopped showing it when its turn came."


@dataclass(slots=True)
class Held:
    """A delivery in this worker's hands, with what its mail needs to know of its subscriber.

    Without an address, its subscriber no longer wants it.
    """

    pk: UUID
    id: str
    subscriber_id: str
    attempts: int
    message_id: str
    channel: str
    address: str = ""
    page_id: str = ""
    language: str = ""
    version: int = 0
    scopes: list[Scope] = field(default_factory=list)


Said = tuple[Held, Outcome]


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
        # The deliveries first: whoever gets the notice next finds them free.
        return self.lease.renew() if self.renew() else True

    def renew(self) -> bool:
        """Renew the leases if it is time; returns whether it was."""
        now = timezone.now()
        if now - self.renewed_at < RENEWED_EVERY:
            return False
        self.holds().update(lease_until=now + LEASE_LASTS)
        self.renewed_at = now
        return True

    def give_back(self, untried: Sequence[Held]) -> None:
        """Release what was not tried."""
        self.holds().filter(pk__in=[held.id for held in untried]).update(
            state=DeliveryState.WAITING, lease_until=None, attempts=F("attempts") - 1
        )

    def record(self, said: Sequence[Said]) -> None:
        """Write down what became of some, in one statement: what was taken is never sent again."""
        write(*self.recording(said))

    def recording(self, said: Sequence[Said]) -> Iterator[Statement]:
        """The statement, for who sends it later; none where nothing was said."""
        if not said:
            return
        now = timezone.now()
        rows = [_after(held, outcome, self.lane, now) for held, outcome in said]
        values = {"said": json.dumps(rows), "now": now, "at": now.isoformat()}
        yield RECORD, {**values, "holder": self.holder}


def write(*records: Statement) -> None:
    for record in records:
        with connection.cursor() as cursor:
            cursor.execute(*record)


def is_final(held: Held, outcome: Outcome, lane: Lane) -> bool:
    """Whether an outcome other than success is not retried."""
    is_refused = outcome.result in (Result.REFUSED, Result.GONE)
    return is_refused or held.attempts > len(lane.pauses)


def _after(held: Held, outcome: Outcome, lane: Lane, now: datetime) -> dict[str, str]:
    """Return a row of RECORD: where a delivery stands after an outcome."""
    row = {
        "id": held.pk.hex,
        "state": DeliveryState.SENT.value,
        "result": outcome.result.value,
        "answer": outcome.answer,
        "message_id": held.message_id,
    }
    if outcome.result == Result.TAKEN:
        return row
    if is_final(held, outcome, lane):
        return {**row, "state": DeliveryState.FAILED.value}
    pause = lane.pauses[held.attempts - 1] * (1 + CHANCE.uniform(0, lane.jitter))
    asked = min(outcome.retry_after or pause, LONGEST_WAIT)
    due_at = (now + max(pause, asked)).isoformat()
    return {**row, "state": DeliveryState.WAITING.value, "due_at": due_at}


def drop_unwanted(batch: Batch, wanted: Collection[str]) -> None:
    """Close deliveries no longer wanted, and those during which too many workers died."""
    kept = {held.id for held in batch.wanted}
    left = [held.id for held in batch.claimed if held.subscriber_id not in wanted]
    worn = [h.id for h in batch.claimed if h.id not in kept and h.subscriber_id in wanted]
    not_shown = Q(subscriber__in=Subscriber.objects.exclude(page__in=pages_of(batch.notice)))
    may_not_read = When(subscriber__in=Subscriber.objects.withheld(), then=Value(WITHHELD))
    batch.holds().filter(pk__in=left).update(
        state=DeliveryState.SKIPPED,
        lease_until=None,
        attempts=F("attempts") - 1,
        answer=Case(When(not_shown, then=Value(NOT_SHOWN)), may_not_read, default=Value(LEFT)),
        # Published there again, it is told as if for the first time.
        update=Case(When(not_shown, then=None), default=F("update")),
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
