"""Two verbs that meet: one begins when the other has come to a step of its own."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from atender.tenants.context import in_tenant

BLOCKED = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
PATIENCE_S = 60.0


class Other:
    """Does something in a thread of its own; `result` raises what it raised."""

    def __init__(self, deed: Callable[[], object]) -> None:
        self._deed = deed
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._do)
        self._thread.start()

    def _do(self) -> None:
        try:
            with in_tenant("acme"):
                self._deed()
        except Exception as error:
            self._error = error
        finally:
            connection.close()

    def wait_until_blocked(self) -> None:
        """Until it waits for somebody's lock, or has come to its end without."""
        until = time.monotonic() + PATIENCE_S
        while self._thread.is_alive() and time.monotonic() < until:
            with connection.cursor() as cursor:
                # A transaction sees for ever what it saw first.
                cursor.execute("SELECT pg_stat_clear_snapshot()")
                cursor.execute(BLOCKED)
                if cursor.fetchone() != (0,):
                    return
            time.sleep(0.01)

    def result(self) -> None:
        self._thread.join()
        if self._error is not None:
            raise self._error


def meets(
    monkeypatch: pytest.MonkeyPatch, module: Any, step: str, deed: Callable[[], object]
) -> list[Other]:
    """Have a deed begin when a verb comes to a step; goes on once the deed waits, or is done."""
    begun: list[Other] = []
    real = getattr(module, step)

    def met(*args: Any, **kwargs: Any) -> Any:
        if not begun:
            begun.append(Other(deed))
            begun[0].wait_until_blocked()
        return real(*args, **kwargs)

    monkeypatch.setattr(module, step, met)
    return begun
