"""When to stop: asked by a signal, or left alone by the `make` that started us."""

import os
import re
import signal
import sys
from pathlib import Path
from types import FrameType


class StopRequest:
    """Remembers the first request; further ones change nothing, so none cuts a shutdown short."""

    def __init__(self) -> None:
        self._is_made = False
        self._make = os.getppid() if "MAKELEVEL" in os.environ else None
        self._make_caught_interrupts = self._make is not None and _catches_interrupts(self._make)

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._note)
        # Under nohup the terminal's end is to be ignored.
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._note)

    def is_made(self) -> bool:
        return self._is_made or self._make_is_ending()

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._is_made = True

    def _make_is_ending(self) -> bool:
        # An interrupt sent to `make` alone is not handed on: it puts its handlers back and waits
        # for us. Only the mask of signals that it catches shows that.
        if self._make is None:
            return False
        if os.getppid() != self._make:
            return True
        return self._make_caught_interrupts and not _catches_interrupts(self._make)


def _catches_interrupts(pid: int) -> bool:
    """Read from Linux's /proc, elsewhere False. Source: proc(5), SigCgt."""
    if sys.platform != "linux":
        return False
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    caught = re.search(r"^SigCgt:\s*([0-9a-f]+)", status, re.MULTILINE)
    return bool(caught and int(caught[1], 16) >> (signal.SIGINT - 1) & 1)
