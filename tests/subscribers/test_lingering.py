"""One endpoint that takes its time delays nobody, even where one worker makes all calls."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from atender.due.models import Due
from atender.tenants.context import in_tenant
from subscribers.calls import lingering, turns
from subscribers.models import Delivery, DeliveryState, Endpoint, Notice, NoticeState
from tests.factories import make_incident
from tests.subscribers.called import Listener, delivery_to, endpoint_of, make_endpoint
from tests.subscribers.chaos import until
from tests.subscribers.making import strike, work_off
from tests.web_server import Request, reply


class Thinker(Listener):
    """Answers at once, but what begins with /slow only when it may."""

    def __init__(self) -> None:
        self.may_answer = threading.Event()
        super().__init__(self._think)

    def _think(self, request: Request) -> bytes:
        if request.target.startswith("/slow"):
            assert self.may_answer.wait(60)
        return reply()


@pytest.fixture
def server(
    fresh_database: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Thinker]:
    """In a database where commits are real: what another thread writes is seen."""
    settings.PRIVATE_TARGETS_ALLOWED = True
    settings.CALLING_WORKERS = 1
    monkeypatch.setattr(turns, "PATIENCE_S", 0.2)
    with Thinker() as running, in_tenant("acme"):
        yield running
        running.may_answer.set()
        for thread in threading.enumerate():
            if thread.name == "lingering":
                thread.join(60)


def sent_to(path_part: str) -> int:
    to = Delivery.objects.filter(subscriber__address__contains=path_part)
    return to.filter(state=DeliveryState.SENT).count()


@pytest.mark.parametrize("is_known", [False, True])
def test_others_are_called_while_one_thinks(server: Thinker, is_known: bool) -> None:
    slow, quick = make_endpoint(server, "/slow"), make_endpoint(server, "/quick")
    Endpoint.objects.filter(pk=slow.pk).update(is_slow=is_known)
    make_incident("First")
    work_off()
    strike()
    until(lambda: sorted(server.paths) == ["/quick", "/slow"])
    make_incident("Second")
    work_off()
    assert Delivery.objects.filter(subscriber=quick, state=DeliveryState.SENT).count() == 2
    # It is called for one thing at a time.
    states = Delivery.objects.filter(subscriber=slow).order_by("id").values_list("state", flat=True)
    assert list(states) == [DeliveryState.SENDING, DeliveryState.WAITING]
    server.may_answer.set()

    def all_told() -> bool:
        strike()
        Due.objects.update(due_at=timezone.now(), lease_until=None)
        return set(Notice.objects.values_list("state", flat=True)) == {NoticeState.SENT}

    until(all_told)
    assert sorted(server.paths) == ["/quick", "/quick", "/slow", "/slow"]
    assert len(set(server.ids)) == 4
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}


def test_what_is_heard_late_is_written_down_like_all_else(server: Thinker) -> None:
    slow = make_endpoint(server, "/slow")
    make_incident()
    work_off()
    held = delivery_to(slow)
    assert held.state == DeliveryState.SENDING
    server.may_answer.set()
    until(lambda: delivery_to(slow).state == DeliveryState.SENT)
    told = delivery_to(slow)
    assert [entry["answer"] for entry in told.log] == ["Answered 200."]
    until(lambda: endpoint_of(slow).last_success_at is not None)
    assert server.paths == ["/slow"]


def test_where_there_is_no_room_a_turn_waits_for_its_own(
    server: Thinker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lingering, "QUICK", threading.BoundedSemaphore(1))
    make_endpoint(server, "/slow")
    make_incident("First")
    work_off()
    make_endpoint(server, "/slow-too")
    make_incident("Second")
    turn = threading.Timer(0.5, server.may_answer.set)
    turn.start()
    work_off()
    assert server.may_answer.is_set()
    assert "/slow-too" in server.paths


def test_those_known_to_be_slow_leave_room_for_others(
    server: Thinker, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = threading.BoundedSemaphore(1)
    full.acquire()
    monkeypatch.setattr(lingering, "SLOW", full)
    slow = make_endpoint(server, "/slow")
    quick = make_endpoint(server, "/quick")
    Endpoint.objects.filter(pk=slow.pk).update(is_slow=True)
    make_incident()
    work_off()
    assert (delivery_to(slow).attempts, delivery_to(quick).state) == (0, DeliveryState.SENT)
    full.release()
    server.may_answer.set()
    Due.objects.update(due_at=timezone.now(), lease_until=None)
    strike()
    assert delivery_to(slow).attempts == 1
