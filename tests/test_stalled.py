"""Which connections are ended for their slowness, on real sockets."""

import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

import pytest

from atender.stalled import EVERY_S, SlowConnections, Watch

# No other test's, whose connections would be ended too.
HOME = "127.0.0.2"
# So long that a process that stands still for a second or two changes nothing.
PATIENCE_S = 4.0
PIECE = 100

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
        client.settimeout(60)
        taken.settimeout(60)
        return client, taken


@pytest.fixture
def server() -> Iterator[Server]:
    with socket.create_server((HOME, 0)) as listener, ExitStack() as stack:
        yield Server(listener, stack)


class Looks:
    """What is slow, as one sees it who looks again and again."""

    def __init__(self) -> None:
        self.slow = SlowConnections(PATIENCE_S, PIECE)

    def ports(self) -> set[int]:
        return {one.getpeername()[1] for _, one in self.slow.found()}

    def during(self, seconds: float, *between: Callable[[], object]) -> set[int]:
        """The ports of all that were found meanwhile; `between` looks each of these is done."""
        found, until = set[int](), time.monotonic() + seconds
        while time.monotonic() < until:
            for deed in between:
                deed()
            found |= self.ports()
            time.sleep(PATIENCE_S / 10)
        return found | self.ports()


def port_of(client: socket.socket) -> int:
    return int(client.getsockname()[1])


def test_silent_and_dribbling_senders_are_slow_and_no_others(server: Server) -> None:
    (stalls, _), (dribbles, _), (sends, _), (reads, answering) = (
        server.connected() for _ in range(4)
    )
    stalls.sendall(b"a")
    found = Looks().during(
        3 * PATIENCE_S,
        lambda: dribbles.sendall(b"a"),
        lambda: sends.sendall(b"a" * PIECE),
        lambda: answering.sendall(b"a"),
    )
    assert found == {port_of(stalls), port_of(dribbles)}
    assert port_of(reads) not in found


def test_who_speaks_again_after_a_rest_has_all_the_time(server: Server) -> None:
    """A proxy's connection, kept for later: long silent, and then somebody's upload begins."""
    client, _ = server.connected()
    looks = Looks()
    looks.during(PATIENCE_S / 2)
    time.sleep(PATIENCE_S)
    client.sendall(b"a")
    assert not looks.during(PATIENCE_S / 2)
    assert looks.during(PATIENCE_S) == {port_of(client)}


def test_who_reads_slowly_is_let_be(server: Server) -> None:
    _, answering = server.connected()
    answering.setblocking(False)
    with suppress(BlockingIOError):
        while True:
            answering.send(b"a" * 1_000_000)
    assert not Looks().during(2 * PATIENCE_S)


def test_what_this_process_connected_to_at_the_same_address_is_let_be(server: Server) -> None:
    """A database beside the proxy, whose connection rests in the pool."""
    ours, theirs = server.connected()
    assert Looks().during(2 * PATIENCE_S) == {port_of(ours)}
    with Watch(PATIENCE_S, PIECE).over(HOME) as wait:
        assert theirs.recv(1) == b""
    assert wait.is_ended
    theirs.sendall(b"a row")
    assert ours.recv(5) == b"a row"


def test_a_dribbler_is_ended(server: Server) -> None:
    client, taken = server.connected()
    is_over = threading.Event()

    def dribble() -> None:
        while not is_over.wait(PATIENCE_S / 5):
            client.sendall(b"a")

    dribbling = threading.Thread(target=dribble)
    dribbling.start()
    try:
        with Watch(PATIENCE_S, PIECE).over(HOME) as wait:
            received = sum(1 for _ in iter(lambda: taken.recv(1), b""))
    finally:
        is_over.set()
        dribbling.join()
    assert wait.is_ended
    assert 1 < received < PIECE


def test_who_is_waited_for_long_but_sends_is_not_ended(server: Server) -> None:
    client, taken = server.connected()
    with Watch(PATIENCE_S, PIECE).over(HOME) as wait:
        for _ in range(int(1.5 * PATIENCE_S / EVERY_S)):
            time.sleep(EVERY_S)
            client.sendall(b"a" * PIECE)
            assert taken.recv(PIECE) == b"a" * PIECE
    assert not wait.is_ended
