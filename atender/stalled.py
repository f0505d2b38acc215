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
from contextlib import contextmanager
from itertools import count

EVERY_S = 0.5
# Of the kernel's `struct tcp_info`: milliseconds since the other side last sent anything.
LAST_DATA_AT, INFO_LENGTH = 52, 104


class Watch:
    """Ends the connections of senders that are waited for longer than `silent_s`."""

    def __init__(self, silent_s: float) -> None:
        self.silent_s = silent_s
        self._numbers = count()
        self._waiting: dict[int, tuple[float, str]] = {}
        self._change = threading.Condition()
        self._pid = 0

    @contextmanager
    def over(self, peer: str) -> Iterator[None]:
        """Watch over a wait for the next piece from this address."""
        number = next(self._numbers)
        with self._change:
            self._waiting[number] = time.monotonic() + self.silent_s, peer
            self._start()
            self._change.notify()
        try:
            yield
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
                late = {peer for until, peer in self._waiting.values() if until <= now}
            if late:
                end_silent(late, silent_s=self.silent_s)
            time.sleep(EVERY_S)


def end_silent(peers: set[str], *, silent_s: float) -> None:
    """Read no more from this process's connections to these addresses that were silent so long.

    One that only waited for its next request is ended with them, as a server may at any time; so is
    one whose request has been at work for as long. Does nothing where the kernel is not Linux.
    """
    for number in os.listdir("/proc/self/fd") if sys.platform == "linux" else ():
        connection = _socket_at(int(number))
        if connection is None:
            continue
        with connection:
            try:
                if connection.getpeername()[0] in peers and _silence_s(connection) >= silent_s:
                    connection.shutdown(socket.SHUT_RD)
            except OSError:
                continue


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
    return float(struct.unpack_from("=I", info, LAST_DATA_AT)[0]) / 1000
