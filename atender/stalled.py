"""Senders that are too slow in the middle of what they send.

The server waits for the next piece of a body without a limit of time, and with it the thread that
asked, until the connection ends. So somebody looks after those who wait too long, and ends it. Why
so: docs/decisions/0006-bodies-before-django.md.
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
from typing import NamedTuple

EVERY_S = 0.5


@dataclass(slots=True)
class Wait:
    """A wait for the next piece from one address, and whether it was found to be in vain."""

    until: float
    peer: str
    is_ended: bool = False


class Watch:
    """Ends the connections of senders that take longer than `patience_s` for `piece` bytes."""

    def __init__(self, patience_s: float, piece: int) -> None:
        self.patience_s = patience_s
        self.slow = SlowConnections(patience_s, piece)
        self._numbers = count()
        self._waiting: dict[int, Wait] = {}
        self._change = threading.Condition()
        self._pid = 0

    @contextmanager
    def over(self, peer: str) -> Iterator[Wait]:
        """Watch over a wait for the next piece from this address."""
        number, wait = next(self._numbers), Wait(time.monotonic() + self.patience_s, peer)
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
            threading.Thread(target=self._look, name="slow senders", daemon=True).start()

    def _look(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._waiting)
                waits = list(self._waiting.values())
            # What is slow shows only to who has looked for a while; most senders need no look.
            soon = time.monotonic() + self.patience_s * 0.9
            if any(wait.until <= soon for wait in waits):
                # Out of file numbers there is no looking either; a moment later there may be.
                with suppress(OSError):
                    self._end([wait for wait in waits if wait.until <= time.monotonic()])
            time.sleep(EVERY_S)

    def _end(self, late: list[Wait]) -> None:
        peers = {wait.peer for wait in late}
        for peer, connection in self.slow.found():
            if peer not in peers:
                continue
            # Said first: who waits goes on at the very moment at which the connection ends.
            for wait in late:
                wait.is_ended = wait.is_ended or wait.peer == peer
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RD)


class Info(NamedTuple):
    """Of a connection, from the kernel's `struct tcp_info` of Linux 4.6 or later."""

    received: int
    taken: int
    is_answering: bool
    silent_s: float

    @classmethod
    def of(cls, connection: socket.socket) -> "Info":
        told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 148)
        unacknowledged, unsent = _number("I", told, 24), _number("I", told, 144)
        silent_ms = min(_number("I", told, 44), _number("I", told, 52))
        return cls(
            received=_number("Q", told, 128),
            taken=_number("Q", told, 120),
            is_answering=bool(unacknowledged or unsent),
            silent_s=silent_ms / 1000,
        )


@dataclass(slots=True)
class Turn:
    """Since when it is the other side's turn to speak, and what had been said until then."""

    since: float
    received: int
    taken: int
    has_spoken: bool = False


class SlowConnections:
    """Those on which, for so long, fewer bytes than a piece came, and none of ours went out.

    Remembers what it saw, so it has to be asked again and again. A connection that only waits for
    its next request is among them, which a server may end at any time; so is one whose answer has
    been in the making for as long. One whose answer is being sent is let be, however slowly it is
    read. Finds nothing where the kernel is not Linux.
    """

    def __init__(self, patience_s: float, piece: int) -> None:
        self.patience_s = patience_s
        self.piece = piece
        self._turns: dict[tuple[str, int], Turn] = {}

    def found(self) -> Iterator[tuple[str, socket.socket]]:
        """The address at the other end of each, and the connection, open until the next one."""
        seen = {}
        for peer, connection in _served():
            with suppress(OSError):
                turn = seen[peer] = self._turn(self._turns.get(peer), Info.of(connection))
                if time.monotonic() - turn.since >= self.patience_s:
                    yield peer[0], connection
        self._turns = seen

    def _turn(self, turn: Turn | None, info: Info) -> Turn:
        now = time.monotonic()
        if turn is None:
            return Turn(now - info.silent_s, info.received, info.taken)
        if info.is_answering or info.taken != turn.taken or self._is_fast(turn, info):
            return Turn(now, info.received, info.taken)
        if info.received != turn.received and not turn.has_spoken:
            # However long it rested before: a new request may just have begun.
            turn.since, turn.has_spoken = now, True
        return turn

    def _is_fast(self, turn: Turn, info: Info) -> bool:
        return info.received - turn.received >= self.piece


def _number(kind: str, told: bytes, at: int) -> int:
    (number,) = struct.unpack_from(f"={kind}", told, at)
    return int(number)


def _served() -> Iterator[tuple[tuple[str, int], socket.socket]]:
    """Each connection to us, with the address and port at its other end."""
    # What this process itself connected to, such as a database, may have the same address.
    ports = {one.getsockname()[1] for one in _sockets() if _listens(one)}
    for connection in _sockets():
        with suppress(OSError):
            if connection.getsockname()[1] in ports and not _listens(connection):
                peer = connection.getpeername()
                yield (str(peer[0]), int(peer[1])), connection


def _sockets() -> Iterator[socket.socket]:
    """A copy of each Internet socket of this process, which is closed after its turn."""
    for number in os.listdir("/proc/self/fd") if sys.platform == "linux" else ():
        connection = _socket_at(int(number))
        if connection is not None:
            with connection:
                yield connection


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
