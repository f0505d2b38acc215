"""The connections to this process, and what the kernel knows of them.

Nothing is found where the kernel is not Linux.
"""

import os
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

# The kernel's names (`tcp_states.h`): the other side has broken it off, or has said its last.
CLOSE, CLOSE_WAIT = 7, 8


class Info(NamedTuple):
    """Of a connection, from the kernel's `struct tcp_info` of Linux 4.6 or later."""

    state: int
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
            state=told[0],
            received=_number("Q", told, 128),
            taken=_number("Q", told, 120),
            is_answering=bool(unacknowledged or unsent),
            silent_s=silent_ms / 1000,
        )


def has_hung_up(address: str) -> bool:
    """Whether a connection from this address was ended by its other side, and not yet by us.

    One that was broken off names no address any more, so it may be anybody's.
    """
    return any(_is_over(one, address) for one in _taken())


def _is_over(connection: socket.socket, address: str) -> bool:
    told = Info.of(connection)
    if told.state != CLOSE_WAIT:
        # One that nobody ever spoke on is another's, kept by the server for its workers.
        return told.state == CLOSE and told.received > 0
    try:
        return bool(connection.getpeername()[0] == address)
    except OSError:
        return True


def _number(kind: str, told: bytes, at: int) -> int:
    (number,) = struct.unpack_from(f"={kind}", told, at)
    return int(number)


def served() -> Iterator[tuple[tuple[str, int], socket.socket]]:
    """Each connection to us, with the address and port at its other end."""
    for connection in _taken():
        with suppress(OSError):
            peer = connection.getpeername()
            yield (str(peer[0]), int(peer[1])), connection


def _taken() -> Iterator[socket.socket]:
    # What this process itself connected to, such as a database, may have the same address.
    ports = {one.getsockname()[1] for one in _sockets() if _listens(one)}
    for connection in _sockets():
        if connection.getsockname()[1] in ports and not _listens(connection):
            yield connection


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
