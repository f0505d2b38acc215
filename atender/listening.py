"""One direct connection per process on which PostgreSQL notifies of changes.

The same thread knows whether the database answers at all. While it cannot listen it polls once a
second; as soon as it can again, everybody reads everything, since notifications were lost
meanwhile.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection as django_connection
from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg.conninfo import make_conninfo

from atender.patience import DEAD_PEERS, NoAnswer, PatientConnection, answered_within

log = logging.getLogger(__name__)

HEARTBEAT_S = 1.0
HEARTBEAT_LIMIT_S = 2.5
CATCH_UP_LIMIT_S = 5.0
CONNECT_LIMIT_S = 2
RETRY_S = 0.25
# How long to poll before the next attempt to listen.
ASKING_S = 5.0
BORROW_LIMIT_S = 0.5

Link = psycopg.Connection[Any]


class Listener:
    """`is_answering` says whether the database does; `answered_at` when it last did."""

    def __init__(self) -> None:
        self.is_answering = False
        self.is_listening = False
        self.answered_at: datetime | None = None
        self._heard: dict[str, Callable[[Link, str], None]] = {}
        self._readers: list[Callable[[Link], None]] = []
        self._first_outcome = threading.Event()
        self._stopping = threading.Event()
        self._starting = threading.Lock()
        self._process = 0
        self._asked_at = float("-inf")

    @property
    def has_started(self) -> bool:
        return self._process == os.getpid()

    def on(self, channel: str, told: Callable[[Link, str], None]) -> None:
        """Call `told` with the payload of each notification, in the listening thread."""
        self._heard[channel] = told

    def on_connecting(self, read: Callable[[Link], None]) -> None:
        """Call `read` whenever anything may have changed: it reads all that it wants to know."""
        self._readers.append(read)

    def start(self, *, wait_s: float = 3.0) -> None:
        """Follow in a thread of this process; returns once it is known whether there is an answer.

        Again in the same process it does nothing; in a fork it starts the fork's own thread.
        """
        with self._starting:
            if self._process == os.getpid():
                return
            self._process = os.getpid()
            self._first_outcome.clear()
            threading.Thread(target=self._follow, name="listener", daemon=True).start()
        self._first_outcome.wait(wait_s)

    def stop(self) -> None:
        self._stopping.set()

    def _follow(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except NoAnswer as error:
                self._fall_silent(error)
            except (psycopg.Error, OSError) as error:
                if self.is_listening:
                    log.warning("no notifications, asking instead: %s", str(error).strip())
            except Exception:
                log.exception("what was told could not be taken in")
            # Lost a moment ago, it is to be had again at once; and while nothing answers, trying
            # to listen is the quicker question.
            was_listening, self.is_listening = self.is_listening, False
            is_worth_asking = self.is_answering or time.monotonic() - self._asked_at > ASKING_S
            if is_worth_asking and not was_listening:
                self._ask()
            self._stopping.wait(RETRY_S)

    def _listen(self) -> None:
        """Follow one connection until it is lost; raises psycopg.Error then."""
        address = make_conninfo(direct_address(), connect_timeout=CONNECT_LIMIT_S, **DEAD_PEERS)
        with PatientConnection.connect(address, autocommit=True) as link:
            with answered_within(HEARTBEAT_LIMIT_S):
                for channel in self._heard:
                    link.execute(f"LISTEN {channel}")
            self._catch_up(link)
            self.is_listening = True
            while not self._stopping.is_set():
                # A list first: the connection is locked for as long as it yields notices.
                for notice in list(link.notifies(timeout=HEARTBEAT_S, stop_after=1)):
                    with answered_within(CATCH_UP_LIMIT_S):
                        self._heard[notice.channel](link, notice.payload)
                with answered_within(HEARTBEAT_LIMIT_S):
                    link.execute("SELECT 1")
                self.answered_at = datetime.now(UTC)

    def _ask(self) -> None:
        """Read everything once a second over a connection of the pool, as long as that works."""
        self._asked_at = time.monotonic()
        pool = django_connection.pool  # type: ignore[attr-defined]
        while time.monotonic() - self._asked_at < ASKING_S and not self._stopping.is_set():
            try:
                pool.open()
                with pool.connection(timeout=BORROW_LIMIT_S) as link:
                    self._catch_up(link)
            except (psycopg.Error, OSError) as error:
                self._fall_silent(error)
                return
            self._stopping.wait(HEARTBEAT_S)

    def _catch_up(self, link: Link) -> None:
        with answered_within(HEARTBEAT_LIMIT_S):
            # A pool may hand out a connection whose server is gone.
            link.execute("SELECT 1")
        # Also if the database has been silent since this process started.
        if not self.is_answering and self._first_outcome.is_set():
            log.warning("the database answers again")
            _renew_pool()
        self.is_answering = True
        with answered_within(CATCH_UP_LIMIT_S):
            for read in self._readers:
                read(link)
        self.answered_at = datetime.now(UTC)
        self._first_outcome.set()

    def _fall_silent(self, error: Exception) -> None:
        if self.is_answering:
            log.warning("the database does not answer: %s", str(error).strip())
        self.is_answering = False
        self._first_outcome.set()


def _renew_pool() -> None:
    """Start with fresh connections: the pool's are dead, and its next try may be minutes away."""
    pools: dict[str, Any] = DatabaseWrapper._connection_pools  # type: ignore[attr-defined]
    pool = pools.pop(django_connection.alias, None)
    if pool is not None:
        # Closing waits for connection attempts that nobody will answer.
        threading.Thread(target=pool.close, name="closing-pool", daemon=True).start()


def direct_address() -> str:
    """The direct connection in libpq's words."""
    return str(settings.DATABASE_DIRECT_URL).replace("postgres://", "postgresql://", 1)


listener = Listener()
