"""The client library as it is where it takes too long to load for whoever has a limit."""

from importlib import import_module
from threading import Event, Thread
from types import ModuleType

import pytest

PLACE = "assist.language_model.loading"


def load_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on it is loaded for those alone who wait without a limit, and for all after them."""
    may_load = Event()

    class Unhurried(Thread):
        def join(self, timeout: float | None = None) -> None:
            if timeout is None:
                may_load.set()
            if may_load.is_set():
                super().join()

    def late(name: str) -> ModuleType:
        # At the end of a test that nobody waited in, too.
        may_load.wait(60)
        return import_module(name)

    monkeypatch.setattr(f"{PLACE}.Thread", Unhurried)
    monkeypatch.setattr(f"{PLACE}.import_module", late)
