"""Due work: promised in the transaction of the change, done once, handed on where a worker dies."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ

from atender.due import work
from atender.due.models import Due
from atender.tenants.context import current_schema

KIND = "tests.note"
LATER = timedelta(hours=1)


@pytest.fixture
def noted(acme: object) -> Iterator[list[tuple[str, str]]]:
    """What the handler was called with: schema and key."""
    calls: list[tuple[str, str]] = []

    @work.handles(KIND)
    def note(key: str, lease: work.Lease) -> datetime | None:
        calls.append((current_schema(), key))
        return None

    yield calls
    del work._handlers[KIND]


def queued() -> list[tuple[int, int]]:
    return [task.task["args"] for task in OrmQ.objects.order_by("id")]


def run_queued() -> None:
    for due_id, ticket in queued():
        work.run(due_id, ticket)


def test_what_is_due_at_once_is_queued_with_the_change(noted: list[tuple[str, str]]) -> None:
    work.schedule(KIND, "a")
    run_queued()
    assert noted == [("acme", "a")]
    assert not Due.objects.exists()


def test_nothing_is_promised_for_a_change_that_rolled_back(noted: object) -> None:
    with transaction.atomic():
        work.schedule(KIND, "a")
        transaction.set_rollback(True)
    assert not Due.objects.exists()
    assert not queued()


def test_what_is_due_later_waits_for_the_clock(noted: list[tuple[str, str]]) -> None:
    work.schedule(KIND, "a", at=timezone.now() + LATER)
    assert work.hand_out() == 0
    assert work.hand_out(timezone.now() + LATER) == 1
    run_queued()
    assert noted == [("acme", "a")]


def test_a_row_that_is_held_is_not_handed_out_again(noted: object) -> None:
    work.schedule(KIND, "a")
    assert work.hand_out() == 0


def test_a_dead_workers_row_is_handed_on_and_its_hand_out_is_void(
    noted: list[tuple[str, str]],
) -> None:
    work.schedule(KIND, "a")
    (dead,) = queued()
    started = work._start(*dead)
    assert started
    assert work.hand_out() == 0
    assert work.hand_out(timezone.now() + work.LEASE + timedelta(seconds=1)) == 1
    assert not work.Lease(started.pk, started.ticket).renew()
    run_queued()
    assert noted == [("acme", "a")]


def test_a_long_queue_keeps_its_order(noted: list[tuple[str, str]]) -> None:
    work.schedule(KIND, "a")
    (first,) = queued()
    assert work.hand_out(timezone.now() + work.LEASE) == 1
    work.run(*first)
    assert noted == [("acme", "a")]
    run_queued()
    assert noted == [("acme", "a")]


def test_scheduling_again_moves_the_time(noted: list[tuple[str, str]]) -> None:
    work.schedule(KIND, "a")
    work.schedule(KIND, "a", at=timezone.now() + LATER)
    run_queued()
    assert noted == []
    assert Due.objects.get().due_at > timezone.now()


def test_cancelled_work_is_not_done(noted: list[tuple[str, str]]) -> None:
    work.schedule(KIND, "a")
    work.cancel(KIND, "a")
    run_queued()
    assert noted == []


def test_a_failure_leaves_the_row_for_a_later_try(acme: object) -> None:
    @work.handles(KIND)
    def fail(key: str, lease: work.Lease) -> datetime | None:
        raise RuntimeError("the template is broken")

    work.schedule(KIND, "a")
    run_queued()
    assert Due.objects.get().lease_until is not None
    assert work.hand_out(timezone.now() + work.LEASE) == 1
    del work._handlers[KIND]


def test_work_may_say_when_it_is_due_again(acme: object) -> None:
    @work.handles(KIND)
    def again(key: str, lease: work.Lease) -> datetime | None:
        return timezone.now() + LATER if key == "later" else timezone.now()

    work.schedule(KIND, "later")
    run_queued()
    assert Due.objects.get().due_at > timezone.now()
    OrmQ.objects.all().delete()
    work.schedule(KIND, "now")
    run_queued()
    assert len(queued()) == 2
    del work._handlers[KIND]


def test_the_pause_doubles_up_to_an_hour() -> None:
    pauses = [work.pause_after(n).total_seconds() for n in (1, 2, 3, 20)]
    assert pauses == [30, 60, 120, 3600]
