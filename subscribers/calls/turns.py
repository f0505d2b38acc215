"""A turn at calling: batches of calls side by side, each outcome recorded as it comes.

A slow endpoint holds up nobody: calls of a batch run side by side; one that outlasts the turn is
heard to its end in the background (`lingering.py`); fewer workers may call than there are workers,
so mails always have one; and endpoints known to be slow queue behind the others.
"""

import logging
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from django.conf import settings

from atender.due.slots import Hold, slot
from atender.due.work import Lease
from subscribers.calls.calling import Told, call_of
from subscribers.calls.health import note
from subscribers.calls.lingering import has_room_for_slow, linger
from subscribers.calls.news import Newsroom
from subscribers.deliveries.batches import Batch, Held
from subscribers.deliveries.claims import claim
from subscribers.deliveries.lanes import CALLS, Lane, schedule_lanes
from subscribers.deliveries.outcomes import Result
from subscribers.mailing.lines import ChannelBroken, Standstill
from subscribers.models import Endpoint, Notice
from subscribers.notices.standing import recipients_of

log = logging.getLogger(__name__)

SIDE_BY_SIDE = 16
# For how long a batch begins calls, and how long it waits where nothing begins or ends.
BEGINS_FOR_S = 5.0
PATIENCE_S = 2.0
TURN_LASTS_S = 1.0
LOOKS_EVERY_S = 1.0
CALLING, CALLING_SLOW = "subscribers.calls", "subscribers.calls.slow"


def take(notice: Notice, lease: Lease, lane: Lane) -> bool:
    """Make the calls that are due; False if there were none, or no worker may call now.

    Raises Standstill where nothing of this lane can go out at present.
    """
    with slot(CALLING, most=settings.CALLING_WORKERS) as hold:
        if not hold.is_held:
            return False
        newsroom, ends_at, has_called = Newsroom(notice), time.monotonic() + TURN_LASTS_S, False
        while time.monotonic() < ends_at:
            if not _call_batch(notice, lease, lane, newsroom, [hold], slow=False):
                break
            has_called = True
        if lane is not CALLS or time.monotonic() > ends_at:
            return has_called
        with slot(CALLING_SLOW, most=1) as patient:
            if patient.is_held and has_room_for_slow():
                holds = [hold, patient]
                has_called |= _call_batch(notice, lease, lane, newsroom, holds, slow=True)
    return has_called


def _call_batch(
    notice: Notice,
    lease: Lease,
    lane: Lane,
    newsroom: Newsroom,
    holds: Sequence[Hold],
    *,
    slow: bool,
) -> bool:
    batch = claim(notice, recipients_of(notice), lease, lane, slow=slow)
    if not batch.wanted:
        return bool(batch.claimed)
    ids = [held.subscriber_id for held in batch.wanted]
    return _Round(batch, newsroom, Endpoint.objects.in_bulk(ids), holds, slow=slow).go()


class _Round:
    """The calls of one batch. Threads only call; the worker's own thread writes the outcomes."""

    def __init__(
        self,
        batch: Batch,
        newsroom: Newsroom,
        endpoints: dict[str, Endpoint],
        holds: Sequence[Hold],
        *,
        slow: bool,
    ) -> None:
        self._slow = slow
        self._batch = batch
        self._newsroom = newsroom
        self._endpoints = endpoints
        self._holds = holds
        self._waiting = deque(batch.wanted)
        self._running: dict[Future[Told], Held] = {}
        self._moved_at = time.monotonic()
        self._ends_at = self._moved_at + BEGINS_FOR_S
        self._is_ours = True

    def go(self) -> bool:
        """Return whether this worker may go on: False where another has the lease now.

        Raises Standstill. Calls that were begun have their outcomes by then, or get them later.
        """
        trouble: Standstill | None = None
        pool = ThreadPoolExecutor(SIDE_BY_SIDE, "call")
        try:
            while self._running or (self._waiting and not trouble and self._may_begin()):
                if trouble is None:
                    trouble = self._begin(pool)
                trouble = self._hear() or trouble
                if self._hangs() and linger(self._hear_late, slow=self._slow):
                    break
        finally:
            pool.shutdown(wait=False)
            if self._waiting:
                self._batch.give_back(self._waiting)
        if trouble:
            raise trouble
        return self._is_ours

    def _may_begin(self) -> bool:
        return time.monotonic() < self._ends_at

    def _begin(self, pool: ThreadPoolExecutor) -> Standstill | None:
        while self._waiting and len(self._running) < SIDE_BY_SIDE and self._may_begin():
            held = self._waiting.popleft()
            try:
                news = self._newsroom.told(held.page_id, held.language)
                call = call_of(held, self._endpoints.get(held.subscriber_id), news)
            except Exception as error:
                log.exception("a call cannot be made")
                self._waiting.appendleft(held)
                return Standstill(f"The message cannot be written: {error}")
            self._running[pool.submit(call)] = held
            self._moved_at = time.monotonic()
        return None

    def _hangs(self) -> bool:
        """Whether only waiting is left. A gateway is awaited: its answer decides what follows."""
        now = time.monotonic()
        is_idle = now > self._moved_at + PATIENCE_S or now > self._ends_at
        return bool(self._running) and is_idle and self._batch.lane is CALLS

    def _hear(self) -> Standstill | None:
        """Wait a little for outcomes, and write them down."""
        for hold in self._holds:
            hold.renew()
        if not self._batch.is_still_held():
            # Somebody else goes on with the rest; what is out is heard to its end.
            self._is_ours, self._ends_at = False, 0.0
        heard = self._written()
        broken = [told.outcome for _, told in heard if told.outcome.result == Result.BROKEN]
        return ChannelBroken(broken[0].answer) if broken else None

    def _hear_late(self) -> bool:
        """In a thread of its own, after the turn: whether the last has its outcome."""
        self._written()
        self._batch.renew()
        if self._running:
            return False
        schedule_lanes(self._batch.notice.pk, self._batch.lane.channels)
        return True

    def _written(self) -> Sequence[tuple[Held, Told]]:
        done, _ = wait(self._running, timeout=LOOKS_EVERY_S, return_when=FIRST_COMPLETED)
        heard = [(self._running.pop(future), future.result()) for future in done]
        self._batch.record([(held, told.outcome) for held, told in heard])
        note(self._batch.lane, heard)
        if heard:
            self._moved_at = time.monotonic()
        return heard
