"""No connection that a tenant asks for leads into the operator's network."""

import socket
import threading
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from atender.outbound.connecting import PrivateTarget, connect, is_public


@pytest.fixture
def port() -> Iterator[int]:
    """A port of 127.0.0.1 on which somebody listens, and who counts."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "ff02::1",
    ],
)
def test_these_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "64:ff9b::101:101"]
)
def test_these_are(address: str) -> None:
    assert is_public(address)


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
