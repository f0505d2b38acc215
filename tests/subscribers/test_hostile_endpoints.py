"""Endpoints that misbehave, and addresses that lead where nobody may call."""

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from atender.due.slots import slot
from atender.outbound.web import WebLimits
from atender.refusals import Refused
from atender.tenants.models import Tenant
from subscribers.calls import calling, turns
from subscribers.calls.addressing import clean_url
from subscribers.deliveries import batches
from subscribers.models import Delivery, DeliveryState, Endpoint
from tests.factories import make_incident
from tests.smtp_sink import SmtpSink
from tests.subscribers.called import (
    Listener,
    delivery_to,
    endpoint_of,
    later,
    listening,
    make_endpoint,
)
from tests.subscribers.making import make_subscriber, say, work_off
from tests.web_server import HangUp, Request, reply

IMPATIENT = WebLimits(connect_s=1, total_s=1, body_bytes=4096, cuts_body=True)


@pytest.fixture(autouse=True)
def private_targets(settings: Any, acme: Tenant) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True


@pytest.fixture
def server() -> Iterator[Listener]:
    with listening() as running:
        yield running


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a minute passes in a second."""
    monkeypatch.setattr(calling, "LIMITS", IMPATIENT)


def endless(_: Request) -> Iterator[bytes]:
    """A gigabyte, as fast as it is taken."""
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"
    for _piece in range(1000):
        yield b"x" * 1_000_000


def silent(_: Request) -> Iterator[bytes]:
    threading.Event().wait(5)
    yield reply()


def dripping(_: Request) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
    for _drop in range(50):
        threading.Event().wait(0.1)
        yield b"x"


def broken_off(_: Request) -> Iterator[bytes]:
    yield b"HTTP/1.1 20"
    raise HangUp


def test_a_gigabyte_is_not_read(server: Listener) -> None:
    server.mood = endless
    hook = make_endpoint(server)
    make_incident()
    work_off()
    assert delivery_to(hook).state == DeliveryState.SENT


@pytest.mark.parametrize("mood", [silent, dripping, broken_off, lambda _: b"nonsense\r\n\r\n"])
def test_what_is_no_answer_is_tried_again(server: Listener, impatient: None, mood: Any) -> None:
    server.mood = mood
    hook = make_endpoint(server)
    make_incident()
    work_off()
    waiting = delivery_to(hook)
    assert (waiting.state, waiting.log[0]["result"]) == (DeliveryState.WAITING, "deferred")
    assert "127.0.0.1" in waiting.answer
    assert endpoint_of(hook).failures == 1


def test_nobody_listens_there() -> None:
    with listening() as gone:
        hook = make_endpoint(gone)
    make_incident()
    work_off()
    assert "refuses the connection" in delivery_to(hook).answer


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "169.254.169.254",
        "10.0.0.1",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::a00:1]",
        "100.64.0.1",
    ],
)
def test_an_address_of_a_private_network_is_not_taken(address: str, settings: Any) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = False
    with pytest.raises(Refused) as refusal:
        clean_url(f"https://{address}/hook")
    assert refusal.value.field == "url"


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "ftp://hooks.example.com/",
        "https://user:password@hooks.example.com/",
        "https://hooks.example.com:25/",
        "https:///nothing",
        "javascript:alert(1)",
        "https://hooks.example.com/" + "a" * 3000,
        "",
    ],
)
def test_what_is_no_address_to_call(url: str, settings: Any) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = False
    with pytest.raises(Refused):
        clean_url(url)


@pytest.mark.parametrize("leads_to", ["127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1"])
def test_a_name_that_leads_into_a_private_network_is_not_called(
    server: Listener, settings: Any, monkeypatch: pytest.MonkeyPatch, leads_to: str
) -> None:
    """As it rebinds: it was somebody's public address when it was handed in."""
    hook = make_endpoint(server)
    rebound = f"http://hooks.example.com:{server.port}/hook"
    Endpoint.objects.filter(pk=hook.pk).update(url=rebound)
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (leads_to, 0))]
    asks = socket.getaddrinfo

    def resolved(host: Any, *args: Any, **kwargs: Any) -> Any:
        return found if host == "hooks.example.com" else asks(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    make_incident()
    settings.PRIVATE_TARGETS_ALLOWED = False
    work_off()
    assert not server.requests
    assert "private network" in delivery_to(hook).answer


def test_a_slow_one_holds_up_neither_mails_nor_others(server: Listener, sink: SmtpSink) -> None:
    """All but one answer while that one is still thinking."""
    may_answer, told = threading.Event(), threading.Event()
    seen: list[str] = []

    def thinking(request: Request) -> bytes:
        if request.target == "/slow":
            assert may_answer.wait(30)
        else:
            seen.append(request.target)
            if len(seen) == 20:
                told.set()
        return reply()

    server.mood = thinking
    slow = make_endpoint(server, "/slow")
    for number in range(20):
        make_endpoint(server, f"/{number}")
    make_subscriber()
    make_incident()

    def let_go() -> None:
        told.wait(30)
        may_answer.set()

    threading.Thread(target=let_go).start()
    work_off()
    # The slow one came first, and would have stood in everybody's way.
    assert len(seen) == 20
    assert [mail.to for mail in sink.taken] == ["maria@example.com"]
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}
    assert delivery_to(slow).state == DeliveryState.SENT


def test_one_that_is_known_to_be_slow_waits_for_a_worker_of_its_own(server: Listener) -> None:
    slow, quick = make_endpoint(server, "/slow"), make_endpoint(server, "/quick")
    Endpoint.objects.filter(pk=slow.pk).update(is_slow=True)
    with slot("subscribers.calls.slow", most=1) as mine:
        assert mine.is_held
        make_incident()
        work_off()
        assert server.paths == ["/quick"]
        assert delivery_to(quick).state == DeliveryState.SENT
        assert delivery_to(slow).attempts == 0
    later(seconds=2)
    assert server.paths == ["/quick", "/slow"]
    assert not endpoint_of(slow).is_slow


def test_mails_always_have_a_worker(server: Listener, sink: SmtpSink, settings: Any) -> None:
    settings.CALLING_WORKERS = 1
    make_endpoint(server)
    make_subscriber()
    with slot("subscribers.calls", most=1):
        make_incident()
        work_off()
        assert len(sink.taken) == 1
        assert not server.requests
    later(seconds=2)
    assert len(server.requests) == 1


def test_a_batch_ends_where_its_lease_went_to_another(
    server: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is out is heard to its end; the rest is given back."""
    monkeypatch.setattr(turns, "SIDE_BY_SIDE", 1)
    monkeypatch.setattr(batches.Batch, "is_still_held", lambda _: False)
    for number in range(3):
        make_endpoint(server, f"/{number}")
    make_incident()
    work_off(2)
    counts = sorted(Delivery.objects.values_list("state", flat=True))
    assert counts == ["sent", "waiting", "waiting"]
    monkeypatch.undo()
    later(seconds=3)
    assert sorted(server.paths) == ["/0", "/1", "/2"]


def test_a_worker_that_died_while_calling_leaves_it_to_another(server: Listener) -> None:
    """At least once: the second call carries the same id, and the log says why there are two."""
    hook = make_endpoint(server)
    make_incident()
    work_off(1)
    Delivery.objects.update(
        state=DeliveryState.SENDING,
        lease_until=timezone.now() - timedelta(seconds=1),
        claimed_by="dead:1:1",
        attempts=1,
        message_id="",
    )
    work_off()
    sent = delivery_to(hook)
    assert (sent.state, sent.attempts) == (DeliveryState.SENT, 2)
    assert [entry["result"] for entry in sent.log] == ["lost", "taken"]
    assert server.ids == [f"msg_{sent.pk}"]


def test_a_message_that_cannot_be_made_stops_the_notice_and_loses_nothing(
    server: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = make_endpoint(server)
    incident = make_incident()

    def broken(*_: object) -> str:
        raise RuntimeError("no such field")

    with monkeypatch.context() as patch:
        patch.setattr(calling, "standard", broken)
        work_off()
    waiting = delivery_to(hook)
    assert (waiting.state, waiting.attempts) == (DeliveryState.WAITING, 0)
    say(incident, "More.")
    later(minutes=1)
    later(minutes=2)
    assert len(server.requests) == 2
