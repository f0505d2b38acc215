"""No connection that a tenant asks for leads into the operator's network."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from atender.outbound.connecting import PrivateTarget, connect


@pytest.fixture
def port() -> Iterator[int]:
    """A port of 127.0.0.1 on which somebody listens, and who counts."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "2130706433"])
def test_a_private_target_is_refused_before_a_byte_is_sent(
    settings: Settings, port: int, host: str
) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = False

    with pytest.raises(PrivateTarget, match="private network"):
        connect(host, port, timeout_s=2)


def test_an_operator_may_allow_them(settings: Settings, port: int) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True

    with connect("localhost", port, timeout_s=2) as link:
        assert link.getpeername()[:2] == ("127.0.0.1", port)


def test_a_closed_port_is_an_error_of_the_network(settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    with pytest.raises(ConnectionRefusedError):
        connect("127.0.0.1", port, timeout_s=2)


def test_a_host_that_does_not_answer_costs_no_more_than_the_limit(settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        link = connect("127.0.0.1", server.getsockname()[1], timeout_s=0.2)
        done = threading.Event()
        with link, pytest.raises(TimeoutError):
            link.recv(1)
        done.set()
    assert done.is_set()


def test_a_name_that_changes_is_asked_for_once(settings: Settings, port: int) -> None:
    """Public at the first question, ours at the second: the second is never put."""
    settings.PRIVATE_TARGETS_ALLOWED = False
    asked = []

    def rebinding(host: str) -> list[str]:
        asked.append(host)
        return ["192.0.2.1"] if len(asked) == 1 else ["127.0.0.1"]

    with pytest.raises(PrivateTarget):
        connect("rebind.example", port, timeout_s=2, resolver=rebinding)
    assert asked == ["rebind.example"]


def test_of_several_addresses_only_the_public_are_tried(settings: Settings, port: int) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = False
    with pytest.raises(PrivateTarget):
        connect("both.example", port, timeout_s=2, resolver=lambda _: ["127.0.0.1", "10.0.0.1"])


def test_an_address_that_refuses_leaves_the_next(settings: Settings, port: int) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    with connect("two.example", port, timeout_s=2, resolver=lambda _: ["::1", "127.0.0.1"]) as link:
        assert link.getpeername() == ("127.0.0.1", port)


def test_a_resolver_that_sleeps_costs_no_more_than_the_limit() -> None:
    asleep = threading.Event()

    def sleeping(_: str) -> list[str]:
        asleep.wait(30)
        return []

    started = time.monotonic()
    with pytest.raises(TimeoutError, match="not found in time"):
        connect("slow.example", 80, timeout_s=0.2, resolver=sleeping)
    assert time.monotonic() - started < 15
    asleep.set()


@pytest.mark.parametrize("name", ["a" * 70 + ".example", "no-such-host.invalid", ".."])
def test_an_impossible_name_is_an_error_of_the_network(name: str) -> None:
    with pytest.raises(OSError):  # noqa: PT011 - whatever the system's resolver says of it
        connect(name, 80, timeout_s=5)
