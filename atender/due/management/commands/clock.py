import logging
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection

from atender.due.work import hand_out
from atender.own_key import refuse_missing_secrets

log = logging.getLogger(__name__)

TICK_S = 1.0


class Command(BaseCommand):
    help = "Hand out due work every second. Several may run; they share the work."

    def handle(self, *_args: Any, **_options: Any) -> None:
        refuse_missing_secrets()
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        while not stopping.is_set():
            started_at = time.monotonic()
            self._tick()
            stopping.wait(max(0.0, TICK_S - (time.monotonic() - started_at)))

    def _tick(self) -> None:
        try:
            hand_out()
        except DatabaseError as error:
            log.warning("the database does not answer, next try in a second: %s", error)
        finally:
            # Back to the pool: a broken connection is replaced at the next tick.
            connection.close()
