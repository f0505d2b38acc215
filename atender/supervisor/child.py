import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from atender.tether import tether

# A process that lived this long counts as healthy again.
HEALTHY_S = 10.0
FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 1.5


class Child:
    """A process that is started again whenever it ends, within two seconds.

    Each has a process group of its own, in our session: Ctrl-C in the terminal reaches only us,
    and whatever a dead one leaves behind is found by the group.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: Path,
        files: Sequence[int] = (),
    ) -> None:
        self.name = name
        self.command = [str(word) for word in command]
        self.environment = dict(environment)
        self.folder = folder
        self.files = tuple(files)
        self.deaths = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._group: int | None = None
        self._started_at = 0.0
        self._due_at = 0.0
        self._quick_deaths = 0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def exit_status(self) -> int | None:
        return self._process.poll() if self._process else None

    def hold_back(self, seconds: float) -> None:
        """Let it start no earlier than this, unless told by `hurry`."""
        self._due_at = time.monotonic() + seconds

    def hurry(self) -> None:
        """Start at the next tick, if it has not started yet."""
        if not self.deaths:
            self._due_at = 0.0

    def tick(self) -> str | None:
        """Start the process if it is due; return a sentence when it was found dead."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._due_at:
                self._start(now)
            return None
        status = self._process.poll()
        return None if status is None else self._bury(now, status)

    def ask_to_stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def has_stopped(self) -> bool:
        return self._process is None or self.exit_status is not None

    def destroy(self) -> None:
        """Kill the process and everything it started."""
        self._signal_group(signal.SIGKILL)
        # Its process id may be reused.
        self._group = None
        if self._process:
            self._process.wait()

    def _start(self, now: float) -> None:
        self._signal_group(signal.SIGKILL)
        self._process = subprocess.Popen(
            self.command,
            env=self.environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            pass_fds=self.files,
            process_group=0,
            preexec_fn=tether(signal.SIGTERM),  # noqa: PLW1509
        )
        self._group = self._process.pid
        self._started_at = now

    def _bury(self, now: float, status: int) -> str:
        # Its own children get the pause before the restart to end by themselves.
        self._signal_group(signal.SIGTERM)
        was_healthy = now - self._started_at > HEALTHY_S
        self._quick_deaths = 1 if was_healthy else self._quick_deaths + 1
        self.deaths += 1
        pause_s = min(FIRST_PAUSE_S * 2 ** (self._quick_deaths - 1), LONGEST_PAUSE_S)
        self._due_at = now + pause_s
        self._process = None
        return f"{self.name} {_ending(status)}; it is started again."

    def _signal_group(self, number: signal.Signals) -> None:
        if self._group is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._group, number)


def _ending(status: int) -> str:
    if status < 0:
        return f"was ended by {signal.Signals(-status).name}"
    return f"ended with exit code {status}"
