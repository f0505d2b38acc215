"""How long this process waits for PostgreSQL to answer.

A server's own limits (`statement_timeout`) end what is slow. A frozen server, or a network that
swallows packets, keeps no limits: there the client itself has to stop waiting.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.abc import RV, PQGen

from atender.ahead import AskingConnection

# How often a waiting thread looks up, so that signals and limits are noticed.
LOOK_UP_S = 0.1
# Networks that lose a peer without a word are noticed by the kernel within about ten seconds.
DEAD_PEERS = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}

_thread = threading.local()
_process_limit_s: float | None = None


class NoAnswer(psycopg.OperationalError):
    """The database did not answer in time; the connection is closed."""


class PatientConnection(AskingConnection):
    """A connection that gives up on a server which does not answer within the limit."""

    def wait(self, gen: PQGen[RV], interval: float = LOOK_UP_S, timeout: float | None = None) -> RV:
        limit_s = _left_s() if timeout is None else timeout
        try:
            return super().wait(gen, interval, limit_s)
        except psycopg.OperationalError as error:
            # Whoever gave a timeout (to wait for notifications) wants to go on with it.
            if timeout is not None or type(error).__name__ != "_WaitTimeout":
                raise
            self.pgconn.finish()
            raise NoAnswer(f"The database did not answer within {limit_s:.1f} s.") from None


def limit_statements(seconds: float | None) -> None:
    """Have no thread of this process wait longer for one statement; None waits for ever."""
    global _process_limit_s  # noqa: PLW0603 - what kind of process this is
    _process_limit_s = seconds


@contextmanager
def answered_within(seconds: float) -> Iterator[None]:
    """Give all statements of the block this long together."""
    outer: float | None = getattr(_thread, "until", None)
    until = time.monotonic() + seconds
    _thread.until = until if outer is None else min(until, outer)
    try:
        yield
    finally:
        _thread.until = outer


def _left_s() -> float | None:
    until: float | None = getattr(_thread, "until", None)
    if until is None:
        return _process_limit_s
    left_s = max(until - time.monotonic(), 0.0)
    return left_s if _process_limit_s is None else min(left_s, _process_limit_s)
