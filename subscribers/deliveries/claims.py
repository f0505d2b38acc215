"""Claims deliveries for a worker: leases them, and looks once more at their subscribers."""

import logging
import os
import re
import socket
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from itertools import count
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils import timezone

from atender.ahead import AskedAhead, Statement, ask_ahead
from atender.due.work import Lease
from atender.ids import ulid_text, ulid_uuid
from subscribers.deliveries.batches import LEASE_LASTS, MOST_ATTEMPTS, Batch, Held, drop_unwanted
from subscribers.deliveries.lanes import MAILS, Lane
from subscribers.deliveries.statements import CALLABLE, CLAIM, LOST
from subscribers.models import DeliveryState, Notice, Scope
from subscribers.models.people import SubscriberQuerySet

log = logging.getLogger(__name__)

BATCH = 100
# For how long what was not tried yet holds up what comes after it.
ORDER_IS_KEPT_FOR = timedelta(minutes=10)
EVERYTHING = [Scope()]

# Given a notice and addresses by their subscribers' ids, returns the ids of those who were told of
# it in another way.
ToldElsewhere = Callable[[Notice, Mapping[str, str]], Collection[str]]
_told_elsewhere: list[ToldElsewhere] = []


def ask_before_sending(ask: ToldElsewhere) -> ToldElsewhere:
    """Register a function that knows who was told already; asked at every claim."""
    _told_elsewhere.append(ask)
    return ask


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
    return Claims(notice, wanting, lease, lane, slow=slow).take()


class Claims:
    """One batch after the other. The next can be claimed while this one is sent."""

    def __init__(
        self,
        notice: Notice,
        wanting: SubscriberQuerySet,
        lease: Lease,
        lane: Lane = MAILS,
        *,
        slow: bool = False,
    ) -> None:
        self._notice, self._lease, self._lane, self._slow = notice, lease, lane, slow
        self._holder = f"{socket.gethostname()[:60]}:{os.getpid()}:{lease.ticket}"
        its_own = lane.where if lane.keeps_order_within else lane.where + CALLABLE
        sql, values = _lateral(wanting)
        self._sql, self._values = CLAIM.format(its_own=its_own, wanting=sql), values
        self._asked: AskedAhead | None = None

    def ask(self, *before: Statement) -> None:
        """Run some statements and claim the next batch, while this process does other work."""
        self._asked = ask_ahead(*before, self._statement())

    @property
    def has_asked(self) -> bool:
        return self._asked is not None

    def take(self) -> Batch:
        """Return the batch that was asked for, or claim one now."""
        asked, self._asked = self._asked, None
        if asked is not None:
            return self._batch(asked.rows())
        with connection.cursor() as cursor:
            cursor.execute(*self._statement())
            return self._batch(cursor.fetchall())

    def let_go(self) -> None:
        """Release the batch that was asked for and is not needed."""
        if self._asked is not None:
            batch = self.take()
            batch.give_back(batch.wanted)

    def _statement(self) -> Statement:
        now = timezone.now()
        values = {
            "notice": ulid_uuid(self._notice.pk),
            "now": now,
            "at": now.isoformat(),
            "until": now + LEASE_LASTS,
            "most": BATCH,
            "holder": self._holder,
            "lost": LOST,
            "slow": self._slow,
            "order_since": now - ORDER_IS_KEPT_FOR,
        }
        return self._sql, {**self._values, **values}

    def _batch(self, rows: Sequence[tuple[Any, ...]]) -> Batch:
        claimed = [_held(row) for row in rows]
        batch = Batch(self._notice, self._holder, self._lease, claimed, self._lane)
        if claimed:
            wanted = _wanted(self._notice, claimed)
            fit = [held for held in claimed if held.attempts <= MOST_ATTEMPTS]
            batch.wanted = [held for held in fit if held.subscriber_id in wanted]
            if len(batch.wanted) < len(claimed):
                drop_unwanted(batch, wanted)
        return batch


def _lateral(wanting: SubscriberQuerySet) -> tuple[str, dict[str, Any]]:
    """Return the query for the subscriber of one `taken` delivery, its values named."""
    one = wanting.filter(pk=RawSQL("taken.subscriber_id", ()))
    rows = one.order_by().values_list("address", "page_id", "language", "version")
    sql, values = rows.query.sql_with_params()
    names = count()
    named = re.sub("%s", lambda _: f"%(wanting{next(names)})s", sql)
    return named, {f"wanting{at}": value for at, value in enumerate(values)}


def _held(row: tuple[Any, ...]) -> Held:
    pk, subscriber, attempts, message_id, channel, before, holder, address, *rest, wide = row
    held = Held(pk, ulid_text(pk), ulid_text(subscriber), attempts, message_id, channel)
    if before == DeliveryState.SENDING:
        log.warning(
            "delivery %s was in the hands of %s, which ended; it may arrive twice, as %s",
            held.id,
            holder,
            message_id or "its own id",
        )
    if address is not None:
        page, held.language, held.version = rest
        held.address, held.page_id = address, _page_id(page)
        held.scopes = EVERYTHING if wide else []
    return held


# A notice goes to a few pages.
_page_id = lru_cache(maxsize=100)(ulid_text)


def _wanted(notice: Notice, claimed: Sequence[Held]) -> set[str]:
    """Look once more who is to be told, and note why; returns their ids."""
    people = {held.subscriber_id: held for held in claimed if held.address}
    if _told_elsewhere:
        addresses = {pk: held.address for pk, held in people.items()}
        for ask in _told_elsewhere:
            for pk in ask(notice, addresses):
                people.pop(pk, None)
    narrow = [pk for pk, held in people.items() if not held.scopes]
    if narrow:
        for scope in Scope.objects.filter(subscriber__in=narrow).select_related("component"):
            people[scope.subscriber_id].scopes.append(scope)
    return set(people)
