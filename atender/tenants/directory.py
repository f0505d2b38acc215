"""Host names and what is served there, kept whole in each process.

Asking the database at every request cost a query each (1,610 requests/s against 10,028 with the
look-up in the process). A host is about 900 bytes, so ten thousand are 9 MB. A trigger
notifies on every change of a tenant or domain. Serving processes follow it and keep a copy in a
file, from which one that starts without a database knows its hosts; others read the directory
again when it is older than `DIRECTORY_MAX_AGE_S`.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from atender.ids import ulid_text
from atender.listening import Link, Listener
from atender.tenants.addresses import Address, keep_addresses, kept_addresses
from atender.tenants.models import HostKind

log = logging.getLogger(__name__)

CHANNEL = "atender_directory"
HOSTS = """
SELECT domain, schema_name, tenant_id, name, kind, page_id
FROM public.tenants_domain JOIN public.tenants_tenant t ON t.id = tenant_id
WHERE NOT is_suspended
"""


class Directory:
    """`addresses` is replaced as a whole, so that whoever holds one sees it unchanged."""

    def __init__(self) -> None:
        self.addresses: Mapping[str, Address] = {}
        # Changes heard of, and how many of them the last reading had heard of when it began.
        self._heard = 1
        self._seen = 0
        self._read_at = float("-inf")
        self._is_following = False
        self._is_known = threading.Event()
        self._lock = threading.Lock()
        self._on_change: list[Callable[[], None]] = []

    def find(self, host: str) -> Address | None:
        """Return the address of a lower-case host without port, or None; no query when fresh."""
        if not self._is_following and not self._is_fresh():
            self._read()
        return self.addresses.get(host)

    def expire(self) -> None:
        self._heard += 1

    def follow(self, listener: Listener) -> None:
        """From here on know what `listener` is told, and never ask at a request."""
        self.addresses = kept_addresses()
        self._is_following = True
        if self.addresses:
            self._is_known.set()
        listener.on(CHANNEL, lambda link, _payload: self._take_over(link))
        listener.on_connecting(self._take_over)

    def wait_until_known(self) -> None:
        """Wait for the first reading, or what an earlier process kept, of one that follows."""
        if self._is_following:
            self._is_known.wait()

    def on_change(self, changed: Callable[[], None]) -> None:
        """Call `changed` after a followed change, in the listening thread."""
        self._on_change.append(changed)

    def _take_over(self, link: Link) -> None:
        addresses = addresses_of(link.execute(HOSTS).fetchall())
        if addresses != self.addresses:
            self.addresses = addresses
            keep_addresses(addresses)
            for changed in self._on_change:
                changed()
        self._is_known.set()

    def _is_fresh(self) -> bool:
        if self._seen != self._heard:
            return False
        return time.monotonic() - self._read_at < settings.DIRECTORY_MAX_AGE_S

    def _read(self) -> None:
        # Threads with an older copy do not wait for the one that reads: the database may be slow.
        if not self._lock.acquire(blocking=not self.addresses):
            return
        try:
            if self._is_fresh():
                return
            # Taken first: a change that arrives while rows are being read makes them stale again.
            heard, self._read_at = self._heard, time.monotonic()
            try:
                self.addresses = read_addresses()
            except DatabaseError:
                # A page must outlive its database: what was known stays true until it is back.
                log.warning("the directory of hosts could not be read; the last one stands")
                later = threading.Timer(settings.DIRECTORY_MAX_AGE_S, self.expire)
                later.daemon = True
                later.start()
            self._seen = heard
        finally:
            self._lock.release()


def read_addresses() -> dict[str, Address]:
    """Read every host of every tenant that is not suspended; one query."""
    with connection.cursor() as cursor:
        cursor.execute(HOSTS)
        return addresses_of(cursor.fetchall())


def addresses_of(rows: Iterable[tuple[Any, ...]]) -> dict[str, Address]:
    return {row[0]: address_of(*row) for row in rows}


# At each change of one host every process reads all of them, and makes anew what has changed: to
# make ten thousand takes a quarter of a second.
@lru_cache(maxsize=200_000)
def address_of(
    host: str, schema: str, tenant_id: UUID, name: str, kind: str, page_id: UUID | None
) -> Address:
    page = ulid_text(page_id) if page_id else None
    return Address(host, schema, ulid_text(tenant_id), name, HostKind(kind), page)


directory = Directory()


def expire_directory() -> None:
    """Have this process read anew; others hear the trigger. Call it inside the change."""
    # It must not serve what it knew before the commit, nor think it knows what it read meanwhile.
    directory.expire()
    transaction.on_commit(directory.expire)
