"""The client library, loaded when a model is first asked: no process pays for it that asks none."""

from importlib import import_module
from threading import Thread
from typing import Any

NAME = "openai"


def load(within_s: float | None = None) -> Any | None:
    """Return the library, or None where it takes longer; whoever asks next may find it.

    Without a limit it is for those whom nobody waits for.
    """
    loading = Thread(target=import_module, args=(NAME,), daemon=True)
    loading.start()
    loading.join(within_s)
    return None if loading.is_alive() else import_module(NAME)
