"""A batch in a worker's hands, and in two workers' hands at once."""

import logging
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from atender.due.models import Due
from atender.due.work import Lease
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from subscribers.deliveries import batches, claims
from subscribers.deliveries.batches import Batch
from subscribers.deliveries.claims import claim
from subscribers.deliveries.outcomes import TAKEN
from subscribers.fanout import deliver, expand, recipients_of
from subscribers.models import Delivery, DeliveryState, Notice
from tests.factories import make_incident
from tests.smtp_sink import SmtpSink
from tests.subscribers.making import make_subscriber


def prepare(people: int) -> Notice:
    """An expanded notice whose delivery is due."""
    for number in range(people):
        make_subscriber(f"p{number}@example.com")
    make_incident()
    notice = Notice.objects.get()
    expand(notice.pk)
    return notice


def lease_of(notice: Notice) -> Lease:
    due = Due.objects.get(kind="subscribers.deliver", key=notice.pk)
    return Lease(due.pk, due.ticket)


def take(notice: Notice, lease: Lease | None = None) -> Batch:
    return claim(notice, recipients_of(notice), lease or lease_of(notice))


@pytest.fixture
def committed(fresh_database: str) -> Iterator[Notice]:
    with in_tenant("acme"):
        yield prepare(20)


def test_two_workers_never_hold_the_same_delivery(
    committed: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "BATCH", 10)
    lease, start, ids = lease_of(committed), threading.Barrier(2), []

    def work() -> None:
        with in_tenant("acme"):
            start.wait()
            ids.append({held.id for held in take(committed, lease).claimed})
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(map(len, ids)) == [10, 10]
    assert not ids[0] & ids[1]


def test_what_is_held_is_nobody_elses_until_the_lease_ends(
    acme: Tenant, caplog: pytest.LogCaptureFixture
) -> None:
    notice = prepare(2)
    assert len(take(notice).wanted) == 2
    assert take(notice).claimed == []
    Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    with caplog.at_level(logging.WARNING):
        again = take(notice)
    assert [delivery.attempts for delivery in again.wanted] == [2, 2]
    assert caplog.text.count("it may arrive twice") == 2


def test_what_was_not_tried_is_given_back_untried(acme: Tenant) -> None:
    notice = prepare(2)
    batch = take(notice)
    batch.give_back(batch.wanted)
    rows = Delivery.objects.values_list("state", "attempts", "lease_until")
    assert set(rows) == {(DeliveryState.WAITING, 0, None)}


def test_what_ended_a_worker_waits_behind_the_others(
    acme: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = prepare(4)
    monkeypatch.setattr(claims, "BATCH", 1)
    first = take(notice).claimed[0].id
    Delivery.objects.filter(pk=first).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert take(notice).claimed[0].id == first
    Delivery.objects.filter(pk=first).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert first not in {take(notice).claimed[0].id for _ in range(3)}
    assert take(notice).claimed[0].id == first


def test_what_ended_twenty_workers_is_given_up(acme: Tenant) -> None:
    notice = prepare(1)
    Delivery.objects.update(attempts=batches.MOST_ATTEMPTS)
    assert take(notice).wanted == []
    assert Delivery.objects.get().state == DeliveryState.FAILED
    assert "workers ended" in Delivery.objects.get().answer


def test_a_hold_is_renewed_and_known_when_lost(acme: Tenant) -> None:
    notice = prepare(1)
    batch = take(notice)
    batch.renewed_at -= timedelta(seconds=6)
    Delivery.objects.update(lease_until=timezone.now() + timedelta(seconds=1))
    assert batch.is_still_held()
    soon = timezone.now() + timedelta(seconds=20)
    assert Delivery.objects.filter(lease_until__gt=soon).exists()
    Due.objects.filter(key=notice.pk).update(ticket=99)
    batch.renewed_at -= timedelta(seconds=6)
    assert not batch.is_still_held()


def test_a_hand_out_that_was_overtaken_sends_nothing(acme: Tenant, sink: SmtpSink) -> None:
    notice = prepare(1)
    lease = lease_of(notice)
    Due.objects.filter(pk=lease.due_id).update(ticket=lease.ticket + 1)
    assert deliver(notice.pk, lease) is None
    assert not sink.taken
    assert Delivery.objects.get().state == DeliveryState.WAITING


def test_a_mail_that_went_out_after_the_hold_was_lost_is_recorded_as_sent(acme: Tenant) -> None:
    notice = prepare(1)
    late = take(notice)
    Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    take(notice, Lease(1, 77))
    late.record([(late.wanted[0], TAKEN)])
    assert Delivery.objects.get().state == DeliveryState.SENT
