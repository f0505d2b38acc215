"""Which connections are ended for their silence, on real sockets."""

import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest

from atender.stalled import Watch, silent_among

# No other test's, whose connections would be ended too.
HOME = "127.0.0.2"
SILENT_S = 1.0

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel of Linux")


@dataclass
class Server:
    """Takes connections, and holds both ends of each."""

    listener: socket.socket
    stack: ExitStack = field(default_factory=ExitStack)

    def connected(self) -> tuple[socket.socket, socket.socket]:
        client = self.stack.enter_context(
            socket.create_connection(self.listener.getsockname(), source_address=(HOME, 0))
        )
        taken = self.stack.enter_context(self.listener.accept()[0])
        client.settimeout(5)
        taken.settimeout(5)
        return client, taken


@pytest.fixture
def server() -> Iterator[Server]:
    with socket.create_server((HOME, 0)) as listener, ExitStack() as stack:
        yield Server(listener, stack)


def silent_clients() -> set[tuple[str, int]]:
    return {one.getpeername() for _, one in silent_among({HOME}, silent_s=SILENT_S)}


def test_only_a_connection_on_which_neither_side_speaks_is_silent(server: Server) -> None:
    (stalls, _), (sends, _), (reads, answering) = (server.connected() for _ in range(3))
    for client in (stalls, sends, reads):
        client.sendall(b"a")
    for _ in range(4):
        time.sleep(SILENT_S / 2)
        sends.sendall(b"a")
        answering.sendall(b"a")
    assert silent_clients() == {stalls.getsockname()}


def test_what_this_process_connected_to_at_the_same_address_is_let_be(server: Server) -> None:
    """A database beside the proxy, whose connection rests in the pool."""
    ours, theirs = server.connected()
    time.sleep(2 * SILENT_S)
    assert ours.getpeername() not in silent_clients()
    watch = Watch(SILENT_S)
    with watch.over(HOME) as wait:
        assert theirs.recv(1) == b""
    assert wait.is_ended
    theirs.sendall(b"a row")
    assert ours.recv(5) == b"a row"


def test_who_is_waited_for_long_but_sends_is_not_ended(server: Server) -> None:
    client, taken = server.connected()
    with Watch(SILENT_S).over(HOME) as wait:
        for _ in range(6):
            time.sleep(SILENT_S / 2)
            client.sendall(b"a")
            assert taken.recv(1) == b"a"
    assert not wait.is_ended
