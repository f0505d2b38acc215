"""Senders that fall silent in the middle of what they send.

The server waits for the next piece of a body without a limit of time, and with it the thread that
asked, until the connection ends. So somebody looks after those who wait too long, and ends it.
"""

import os
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count

EVERY_S = 0.5
# Of the kernel's `struct tcp_info`: milliseconds since data was last sent, and last received.
SENT_AT, RECEIVED_AT, INFO_LENGTH = 44, 52, 104


@dataclass(slots=True)
class Wait:
    """A wait for the next piece from one address, and whether it was found to be in vain."""

    until: float
    peer: str
    is_ended: bool = False


class Watch:
    """Ends the connections of senders that are waited for longer than `silent_s`."""

    def __init__(self, silent_s: float) -> None:
        self.silent_s = silent_s
        self._numbers = count()
        self._waiting: dict[int, Wait] = {}
        self._change = threading.Condition()
        self._pid = 0

    @contextmanager
    def over(self, peer: str) -> Iterator[Wait]:
        """Watch over a wait for the next piece from this address."""
        number, wait = next(self._numbers), Wait(time.monotonic() + self.silent_s, peer)
        with self._change:
            self._waiting[number] = wait
            self._start()
            self._change.notify()
        try:
            yield wait
        finally:
            with self._change:
                del self._waiting[number]

    def _start(self) -> None:
        # A thread does not come along into a process that is forked.
        if self._pid != os.getpid():
            self._pid = os.getpid()
            threading.Thread(target=self._look, name="stalled senders", daemon=True).start()

    def _look(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._waiting)
                now = time.monotonic()
                late = [wait for wait in self._waiting.values() if wait.until <= now]
            if late:
                self._end(late)
            time.sleep(EVERY_S)

    def _end(self, late: list[Wait]) -> None:
        peers = {wait.peer for wait in late}
        # Out of file numbers there is no looking either; a moment later there may be.
        with suppress(OSError):
            for peer, connection in silent_among(peers, silent_s=self.silent_s):
                # Said first: who waits goes on at the very moment at which the connection ends.
                for wait in late:
                    wait.is_ended = wait.is_ended or wait.peer == peer
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RD)


def silent_among(peers: set[str], *, silent_s: float) -> Iterator[tuple[str, socket.socket]]:
    """Each connection from these addresses that was silent so long, open until the next one.

    Neither side said anything there: an answer that is being sent is let be. One that only waits
    for its next request is among them, which a server may end at any time; so is one whose answer
    has been in the making for as long. Finds nothing where the kernel is not Linux.
    """
    # What this process itself connected to, such as a database, may have the same address.
    served = {one.getsockname()[1] for one in _sockets() if _listens(one)}
    for connection in _sockets():
        peer = _silent_peer(connection, served, silent_s)
        if peer in peers:
            yield peer, connection


def _sockets() -> Iterator[socket.socket]:
    """A copy of each Internet socket of this process, which is closed after its turn."""
    for number in os.listdir("/proc/self/fd") if sys.platform == "linux" else ():
        connection = _socket_at(int(number))
        if connection is not None:
            with connection:
                yield connection


def _silent_peer(connection: socket.socket, served: set[int], silent_s: float) -> str:
    """The address at the other end of a connection to us that is silent; else ""."""
    try:
        is_ours = connection.getsockname()[1] in served
        if is_ours and not _listens(connection) and _silence_s(connection) >= silent_s:
            return str(connection.getpeername()[0])
    except OSError:
        pass
    return ""


def _listens(connection: socket.socket) -> bool:
    return bool(connection.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def _socket_at(number: int) -> socket.socket | None:
    """A copy of the Internet socket under this number, which may be another's a moment later."""
    try:
        copied = os.dup(number)
    except OSError:
        return None
    try:
        connection = socket.socket(fileno=copied)
    except OSError:
        os.close(copied)
        return None
    if connection.family in (socket.AF_INET, socket.AF_INET6):
        return connection
    connection.close()
    return None


def _silence_s(connection: socket.socket) -> float:
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, INFO_LENGTH)
    since_ms = (struct.unpack_from("=I", info, at)[0] for at in (SENT_AT, RECEIVED_AT))
    return float(min(since_ms)) / 1000
