"""Host names and what is served there, kept whole in each process.

Asking the database at every request cost a query each (1,610 requests/s against 10,028 with the
look-up in the process). One row is about 300 bytes, so ten thousand hosts are 3 MB. A trigger
notifies on every change of a tenant or domain; without a listening connection the directory is
read again when it is older than `DIRECTORY_MAX_AGE_S`.
"""

import logging
import threading
import time
from dataclasses import dataclass

import psycopg
from django.conf import settings
from django.db import DatabaseError

from atender.tenants.context import in_public
from atender.tenants.models import Domain, HostKind

log = logging.getLogger(__name__)

CHANNEL = "atender_directory"
RECONNECT_AFTER_S = 1.0
HEARTBEAT_S = 10.0


@dataclass(frozen=True, slots=True)
class Address:
    """What a host serves: a tenant's console, or one of its pages."""

    host: str
    schema: str
    tenant_id: str
    tenant_name: str
    kind: HostKind
    page_id: str | None


class Directory:
    def __init__(self) -> None:
        self._addresses: dict[str, Address] = {}
        # Changes heard of, and how many of them the last reading had heard of when it began.
        self._heard = 1
        self._seen = 0
        self._read_at = float("-inf")
        self._is_listening = False
        self._lock = threading.Lock()
        self._stopping = threading.Event()

    def find(self, host: str) -> Address | None:
        """Return the address of a lower-case host without port, or None; no query when fresh."""
        if not self._is_fresh():
            self._read()
        return self._addresses.get(host)

    def expire(self) -> None:
        self._heard += 1

    def listen(self) -> None:
        """Follow the trigger's notifications in a thread of this process."""
        threading.Thread(target=self._follow, name="directory", daemon=True).start()

    def stop(self) -> None:
        """Have the listening thread end once its connection does."""
        self._stopping.set()

    def _is_fresh(self) -> bool:
        if self._seen != self._heard:
            return False
        return self._is_listening or time.monotonic() - self._read_at < settings.DIRECTORY_MAX_AGE_S

    def _read(self) -> None:
        # Those who know something do not wait for the one who reads: the database may be slow.
        if not self._lock.acquire(blocking=not self._addresses):
            return
        try:
            if self._is_fresh():
                return
            # Taken first: a change that comes while the rows are read makes them old again.
            heard, self._read_at = self._heard, time.monotonic()
            try:
                self._addresses = read_addresses()
            except DatabaseError:
                # A page must outlive its database: what was known stays true until it is back.
                log.warning("the directory of hosts could not be read; the last one stands")
                threading.Timer(settings.DIRECTORY_MAX_AGE_S, self.expire).start()
            self._seen = heard
        finally:
            self._lock.release()

    def _follow(self) -> None:
        while not self._stopping.is_set():
            try:
                self._follow_one_connection()
            except psycopg.Error as error:
                log.warning("no notifications, asking instead: %s", error)
            self._is_listening = False
            self.expire()
            self._stopping.wait(RECONNECT_AFTER_S)

    def _follow_one_connection(self) -> None:
        with psycopg.connect(listening_address(), autocommit=True, connect_timeout=3) as listener:
            listener.execute(f"LISTEN {CHANNEL}")
            self.expire()
            self._is_listening = True
            while True:
                for _ in listener.notifies(timeout=HEARTBEAT_S):
                    self.expire()
                # A connection that died without a word is noticed here.
                listener.execute("SELECT 1")


def listening_address() -> str:
    """The direct connection in libpq's words."""
    return str(settings.DATABASE_DIRECT_URL).replace("postgres://", "postgresql://", 1)


def read_addresses() -> dict[str, Address]:
    """Read every host of every tenant that is not suspended; one query."""
    with in_public():
        rows = Domain.objects.filter(tenant__is_suspended=False).values_list(
            "domain", "tenant__schema_name", "tenant_id", "tenant__name", "kind", "page_id"
        )
        return {
            host: Address(host, schema, tenant_id, name, HostKind(kind), page_id)
            for host, schema, tenant_id, name, kind, page_id in rows
        }


directory = Directory()
