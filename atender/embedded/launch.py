"""The server as a process: brought up until it answers, and ended."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress

from atender.embedded.account import Account
from atender.embedded.cluster import ENVIRONMENT
from atender.embedded.places import SOCKET_NAME, Place
from atender.embedded.postmaster import disown_stale_lock, running_postmaster, serves
from atender.embedded.trouble import PostgresTrouble
from atender.tether import tether

# Recovery after a crash replays at most a checkpoint's worth of changes.
START_LIMIT_S = 120.0
# What a killed server's own processes need to notice that it is gone.
ORPHANS_LIMIT_S = 20.0
STOP_LIMITS_S = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))
PAUSE_S = 0.02

Process = subprocess.Popen[bytes]


def launch(place: Place, command: Sequence[str], account: Account, *, is_tied: bool) -> Process:
    """Start the server of a place where none runs, and wait until it answers."""
    deadline = time.monotonic() + ORPHANS_LIMIT_S
    while True:
        _clear_stale_locks(place)
        before = place.log.stat().st_size if place.log.exists() else 0
        process = _spawn(place, command, account, is_tied=is_tied)
        if await_ready(place, process):
            return process
        said = _said_since(place, before)
        is_waiting_for_orphans = "pre-existing shared memory block" in said
        if not is_waiting_for_orphans or time.monotonic() > deadline:
            raise PostgresTrouble(f"PostgreSQL did not start: {said.strip()[-1500:]}")
        time.sleep(0.2)


def _clear_stale_locks(place: Place) -> None:
    disown_stale_lock(place.data)
    # The socket's own lock guards nothing that the home's and the data's do not.
    for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
        (place.sockets / name).unlink(missing_ok=True)


def _spawn(place: Place, command: Sequence[str], account: Account, *, is_tied: bool) -> Process:
    with place.log.open("ab") as log:
        # A session of its own: Ctrl-C in the terminal is for us, who stop it in good order.
        return subprocess.Popen(
            command,
            env=ENVIRONMENT,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=tether(signal.SIGINT) if is_tied else None,  # noqa: PLW1509
            **account.identity(),
        )


def _said_since(place: Place, offset: int) -> str:
    with place.log.open("rb") as log:
        log.seek(offset)
        return log.read().decode(errors="replace")


def await_ready(place: Place, process: Process | None) -> bool:
    """Wait for the place's server, ours or another's; False when it ended first."""
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        running = running_postmaster(place.data)
        if running and running.is_ready:
            return True
        has_ended = process.poll() is not None if process else running is None
        if has_ended:
            return False
        time.sleep(PAUSE_S)
    raise PostgresTrouble(f"PostgreSQL is not ready after {START_LIMIT_S:.0f} s; see {place.log}.")


def end(place: Place, process: Process | None) -> None:
    """Stop the server: open transactions are rolled back, everything committed is kept."""
    for number, limit_s in STOP_LIMITS_S:
        running = running_postmaster(place.data)
        if running is None:
            break
        with suppress(ProcessLookupError):
            os.kill(running.pid, number)
            # One that somebody froze could not hear the first.
            os.kill(running.pid, signal.SIGCONT)
        if _has_ended(running.pid, place, within_s=limit_s):
            break
    if process:
        process.wait()


def _has_ended(pid: int, place: Place, *, within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if not serves(pid, place.data):
            return True
        time.sleep(PAUSE_S)
    return False
