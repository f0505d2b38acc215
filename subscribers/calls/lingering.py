"""Slow calls finish in the background: no turn waits for their end.

A turn is a worker's time. Where it has nothing to do but to wait for the slow, a thread of the same
process hears those to their end and writes down what came of them, and the worker does other work.
A process that ends waits for its threads; killed, it leaves leases that end, as any does.
"""

import logging
import threading
from collections.abc import Callable

from django.db import connection

from atender.tenants.context import current_schema, in_tenant

log = logging.getLogger(__name__)

# Of how many batches calls may go on in one process. Where more hang, a turn waits for its own;
# those that are known to be slow never take the places of others.
QUICK, SLOW = threading.BoundedSemaphore(4), threading.BoundedSemaphore(2)


def has_room_for_slow() -> bool:
    """Whether calls that are known to take long may be begun."""
    if not SLOW.acquire(blocking=False):
        return False
    SLOW.release()
    return True


def linger(hear: Callable[[], bool], *, slow: bool) -> bool:
    """Call `hear` in a thread until it returns True; False if there is no room for it.

    What is not committed yet no thread could see.
    """
    room = SLOW if slow else QUICK
    if connection.in_atomic_block or not room.acquire(blocking=False):
        return False
    work = threading.Thread(target=_go_on, args=(hear, current_schema(), room), name="lingering")
    work.start()
    return True


def _go_on(hear: Callable[[], bool], schema: str, room: threading.BoundedSemaphore) -> None:
    try:
        while not _once(hear, schema):
            pass
    except Exception:
        # Their leases end, and they are called again under the same ids.
        log.exception("what a slow endpoint answered was not written down")
    finally:
        room.release()


def _once(hear: Callable[[], bool], schema: str) -> bool:
    """The connection is given back meanwhile."""
    try:
        with in_tenant(schema):
            return hear()
    finally:
        connection.close()
