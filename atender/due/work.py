"""Work due now or later: written in the transaction of the change that causes it.

A row is the promise, the queue only the messenger. `schedule` inserts the row and, for work that is
due at once, the queue's task beside it; the clock enqueues what comes due later and what a killed
worker left behind. The handler runs in the tenant's schema and returns when it is due again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django_q.tasks import async_task

from atender.due.models import Due
from atender.own_key import refuse_missing_secrets
from atender.tenants.context import current_schema, in_public, in_tenant

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
HANDED_OUT_PER_TICK = 500


@dataclass(frozen=True, slots=True)
class Lease:
    """A worker's hold on one due row."""

    due_id: int
    ticket: int

    def renew(self) -> bool:
        """Hold it for another 30 s; False when it was handed on and must be left alone."""
        rows = Due.objects.filter(pk=self.due_id, ticket=self.ticket)
        return bool(rows.update(lease_until=timezone.now() + LEASE))


Handler = Callable[[str, Lease], datetime | None]
_handlers: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the handler of a kind: it gets the key, and returns when it is due again or None."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def schedule(kind: str, key: str, *, at: datetime | None = None) -> None:
    """Have `kind` done for `key` at `at`, or at once. Calling it again moves the time.

    Call it inside the transaction of the change: the row and the task live and die with it.
    """
    now = timezone.now()
    is_now = at is None or at <= now
    due, _ = Due.objects.update_or_create(
        schema=current_schema(),
        kind=kind,
        key=key,
        defaults={
            "due_at": now if at is None else at,
            "lease_until": now + LEASE if is_now else None,
            "ticket": F("ticket") + 1,
            "started_at": None,
            "attempts": 0,
        },
        create_defaults={
            "due_at": now if at is None else at,
            "lease_until": now + LEASE if is_now else None,
        },
    )
    if is_now:
        due.refresh_from_db(fields=["ticket"])
        _enqueue(due)


def is_scheduled(kind: str, key: str) -> bool:
    return Due.objects.filter(schema=current_schema(), kind=kind, key=key).exists()


def cancel(kind: str, *keys: str) -> None:
    """Cancel scheduled work, if there is any."""
    if keys:
        Due.objects.filter(schema=current_schema(), kind=kind, key__in=keys).delete()


def hand_out(now: datetime | None = None) -> int:
    """Turn due rows that nobody holds into queued tasks; returns how many. Several may run.

    A row that still waits in the queue keeps its ticket, so that its first task, being further
    ahead, stays good; one whose worker went away gets a new one.
    """
    now = now or timezone.now()
    with in_public(), transaction.atomic():
        free = Q(lease_until=None) | Q(lease_until__lte=now)
        rows = list(
            Due.objects.select_for_update(skip_locked=True)
            .filter(free, due_at__lte=now)
            .order_by("due_at")[:HANDED_OUT_PER_TICK]
        )
        for due in rows:
            due.ticket += due.started_at is not None
            due.started_at = None
            due.attempts += 1
            due.lease_until = now + pause_after(due.attempts)
            due.save(update_fields=["ticket", "started_at", "attempts", "lease_until"])
            _enqueue(due)
    return len(rows)


def pause_after(attempts: int) -> timedelta:
    """How long a hand-out may take before the next: 30 s, doubling with each try, 1 h at most."""
    return min(LEASE * (1 << min(max(attempts - 1, 0), 7)), LONGEST_PAUSE)


def run(due_id: int, ticket: int) -> None:
    """Do the work of a row if this hand-out still stands; a failure leaves the row to its lease."""
    with in_public():
        due = _start(due_id, ticket)
    if due is None:
        return
    lease = Lease(due_id, due.ticket)
    with in_tenant(due.schema):
        try:
            again_at = _handlers[due.kind](due.key, lease)
        except Exception:
            log.exception("%s %s failed; it is tried again", due.kind, due.key)
            return
        _finish(lease, again_at)


@transaction.atomic
def _start(due_id: int, ticket: int) -> Due | None:
    """Take the row for this worker; None when another did or the promise was made anew."""
    due = Due.objects.select_for_update().filter(pk=due_id, ticket=ticket).first()
    if due is None:
        return None
    due.ticket += 1
    due.started_at = timezone.now()
    due.lease_until = due.started_at + pause_after(due.attempts)
    due.save(update_fields=["ticket", "started_at", "lease_until"])
    return due


def _finish(lease: Lease, again_at: datetime | None) -> None:
    rows = Due.objects.filter(pk=lease.due_id, ticket=lease.ticket)
    if again_at is None:
        rows.delete()
        return
    now = timezone.now()
    with transaction.atomic():
        is_now = again_at <= now
        changed = rows.update(
            due_at=again_at,
            lease_until=now + LEASE if is_now else None,
            ticket=F("ticket") + 1,
            started_at=None,
            attempts=0,
        )
        if changed and is_now:
            _enqueue(Due.objects.get(pk=lease.due_id))


def _enqueue(due: Due) -> None:
    # What a process signs with a key that ends with it no worker takes.
    refuse_missing_secrets()
    async_task("atender.due.tasks.run", due.pk, due.ticket, group=due.schema)
