"""A PostgreSQL of the tests' own, which they may freeze, stop and start."""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from atender.embedded import EmbeddedPostgres


def until(found: Callable[[], object], seconds: float = 10) -> float:
    """Wait for it; returns how long it took."""
    started = time.monotonic()
    while not found():
        assert time.monotonic() - started < seconds, "it did not happen in time"
        time.sleep(0.01)
    return time.monotonic() - started


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    home = Path(tempfile.mkdtemp(prefix="atender-tests-"))
    # As root the server runs as another account, which has to pass through.
    home.chmod(0o711)
    with EmbeddedPostgres(home, durable=False) as server:
        yield server
    shutil.rmtree(server.place.root, ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


@contextmanager
def frozen(server: EmbeddedPostgres) -> Iterator[None]:
    """Stop every process of the server where it stands, as a stalled machine would."""
    assert server.pid is not None
    # The first one first, so that it starts no other.
    processes = [server.pid]
    os.kill(server.pid, signal.SIGSTOP)
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    processes += [int(child) for child in children]
    try:
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        yield
    finally:
        for process in reversed(processes):
            os.kill(process, signal.SIGCONT)
