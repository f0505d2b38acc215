"""The whole demo, as `make demo` runs it: its start, its accidents and its end."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from atender.embedded import EmbeddedPostgres
from atender.supervisor.demo import BASE_DIR, answers
from atender.supervisor.port import HOST
from tests.ports import free_port

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")

# A machine busy with other tests is several times slower than a quiet one.
START_LIMIT_S = 400.0
SERVERS = ("granian", "manage.py qcluster", "manage.py clock", "manage.py probe")


@dataclass
class Demo:
    home: Path
    port: int

    def start(self) -> subprocess.Popen[str]:
        outside = ("ATENDER_", "DATABASE_", "DJANGO_", "PYTEST_", "MAKE", "EMAIL_URL")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(outside)}
        return subprocess.Popen(
            [sys.executable, "-m", "atender.supervisor"],
            cwd=BASE_DIR,
            env={
                **kept,
                "ATENDER_HOME": str(self.home),
                "PORT": str(self.port),
                "ATENDER_INTERNAL_PORT": str(free_port()),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    @property
    def file(self) -> Path:
        return self.home / "demo.json"

    def tenants(self) -> Any:
        return json.loads(self.file.read_text())["tenants"]

    def postgres_pid(self) -> int:
        return int(json.loads(self.file.read_text())["postgres_pid"])


@pytest.fixture
def demo() -> Iterator[Demo]:
    home = Path(tempfile.mkdtemp(prefix="atender-tests-"))
    home.chmod(0o711)
    yield Demo(home, free_port())
    shutil.rmtree(EmbeddedPostgres(home).place.root, ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


def in_session(session: int) -> dict[int, str]:
    """Return the living processes of a session and their command lines."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, *_, belongs_to = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
        except OSError:
            continue
        if int(belongs_to) == session and state != "Z":
            found[int(folder.name)] = command
    return found


def server_of(demo: Demo) -> int | None:
    return EmbeddedPostgres(demo.home).pid


def running(session: int, server: str) -> set[int]:
    return {pid for pid, command in in_session(session).items() if server in command}


def wait_until(condition: Callable[[], object], within_s: float) -> None:
    started_at = time.monotonic()
    while not condition():
        assert time.monotonic() - started_at < within_s, "it did not happen in time"
        time.sleep(0.05)


def until_ready(demo: Demo, process: subprocess.Popen[str]) -> None:
    wait_until(lambda: demo.file.exists() or process.poll() is not None, START_LIMIT_S)
    assert process.poll() is None, process.stdout and process.stdout.read()


def finish(process: subprocess.Popen[str], number: signal.Signals) -> str:
    """Ask to stop, more than once, and return all that was printed."""
    for _ in range(3):
        process.send_signal(number)
        time.sleep(0.05)
    said, _ = process.communicate(timeout=180)
    return said


def kill_and_see_it_return(session: int, server: str) -> None:
    before = running(session, server)
    assert before, f"no process with {server!r} in its command line"
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: running(session, server) - before, within_s=60)


def test_life_of_a_demo(demo: Demo) -> None:
    process = demo.start()
    session = process.pid
    try:
        until_ready(demo, process)
        assert answers(demo.port)
        known = demo.tenants()
        for server in SERVERS:
            kill_and_see_it_return(session, server)
        wait_until(lambda: answers(demo.port), START_LIMIT_S)

        dead = demo.postgres_pid()
        assert server_of(demo) == dead
        os.kill(dead, signal.SIGKILL)
        time.sleep(3)
        assert server_of(demo) is None
        assert process.poll() is None
        # While its number is taken, PostgreSQL's own programs start no other.
        with pytest.raises(ProcessLookupError):
            os.kill(dead, 0)
        EmbeddedPostgres(demo.home).start()
        wait_until(lambda: answers(demo.port), START_LIMIT_S)
    finally:
        said = finish(process, signal.SIGINT)
    assert process.returncode == 0
    assert said.endswith("Stopped.\n")
    assert f"is ready: http://{HOST}:{demo.port}/" in said
    assert "[WARNING]" not in said
    assert in_session(session) == {}
    assert server_of(demo) is None

    assert not demo.file.exists()
    process = demo.start()
    try:
        until_ready(demo, process)
        assert demo.tenants() == known
    finally:
        finish(process, signal.SIGTERM)
    assert process.returncode == 0
    assert in_session(process.pid) == {}


def test_taken_port_is_one_sentence_and_nothing_is_started(demo: Demo) -> None:
    with socket.create_server((HOST, demo.port)):
        process = demo.start()
        said, _ = process.communicate(timeout=180)
    assert process.returncode == 1
    assert said.startswith(f"Port {demo.port} is taken by another program; ")
    assert said.count("\n") == 1
    assert list(demo.home.iterdir()) == []


def test_stop_while_it_prepares_leaves_nothing(demo: Demo) -> None:
    process = demo.start()
    wait_until(lambda: server_of(demo), START_LIMIT_S)
    finish(process, signal.SIGTERM)
    assert process.returncode == 0
    assert in_session(process.pid) == {}
    assert server_of(demo) is None
    assert not demo.file.exists()
