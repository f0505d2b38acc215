import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from atender.embedded import EmbeddedPostgres
from atender.embedded.postmaster import is_alive
from tests.embedded.conftest import on_linux


def remember(url: str, word: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS words (word text)")
        connection.execute("INSERT INTO words VALUES (%s)", [word])


def words(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT word FROM words ORDER BY word")]


def kill(server: EmbeddedPostgres) -> int:
    pid = server.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while server.pid is not None and time.monotonic() < deadline:
        time.sleep(0.01)
    return pid


def test_data_outlives_a_stop(home: Path) -> None:
    with EmbeddedPostgres(home) as server:
        remember(server.url, "first")
        pid = server.pid
    assert pid is not None
    assert not is_alive(pid)
    assert server.pid is None
    with EmbeddedPostgres(home) as server:
        assert words(server.url) == ["first"]


def test_stop_ends_open_connections(home: Path) -> None:
    server = EmbeddedPostgres(home)
    with psycopg.connect(server.start()) as connection:
        connection.execute("SELECT 1")
        server.stop()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    assert server.pid is None


def test_stop_twice_is_one_stop(home: Path) -> None:
    server = EmbeddedPostgres(home)
    server.start()
    server.stop()
    server.stop()
    assert server.pid is None


def test_killed_server_comes_back_with_everything_committed(home: Path) -> None:
    with EmbeddedPostgres(home) as server:
        remember(server.url, "committed")
        # A connection's own process outlives the killed server for a moment.
        connection = psycopg.connect(server.url)
        kill(server)
        server.stop()
        with EmbeddedPostgres(home) as again:
            assert words(again.url) == ["committed"]
        connection.close()


@on_linux
def test_lock_whose_number_another_process_got_is_recovered(home: Path) -> None:
    server = EmbeddedPostgres(home)
    server.start()
    kill(server)
    server.stop()
    other = subprocess.Popen(["sleep", "60"], **server.account.identity())
    try:
        for lock in (
            server.place.data / "postmaster.pid",
            server.place.sockets / ".s.PGSQL.5432.lock",
        ):
            rest = lock.read_text().splitlines(keepends=True)[1:]
            lock.write_text("".join([f"{other.pid}\n", *rest]))
        with EmbeddedPostgres(home) as again:
            assert again.pid not in (None, other.pid)
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_second_start_joins_and_leaves_stopping_to_the_first(home: Path) -> None:
    with EmbeddedPostgres(home) as first:
        second = EmbeddedPostgres(home)
        assert second.start() == first.url
        assert second.pid == first.pid
        second.stop()
        assert first.pid is not None
        remember(first.url, "still there")
    assert first.pid is None


def test_whoever_finds_the_server_of_a_living_owner_dead_brings_it_back(home: Path) -> None:
    with EmbeddedPostgres(home) as first:
        remember(first.url, "before")
        assert not first.has_ended()
        dead = kill(first)
        assert first.has_ended()
        second = EmbeddedPostgres(home)
        second.start()
        second.stop()
        assert first.pid not in (None, dead)
        assert words(first.url) == ["before"]
    assert first.pid is None


def test_half_made_data_is_made_anew(home: Path) -> None:
    server = EmbeddedPostgres(home)
    server.place.unfinished.mkdir()
    (server.place.unfinished / "PG_VERSION").write_text("18\n")
    with server:
        remember(server.url, "made")


@on_linux
def test_server_ends_when_the_process_that_started_it_is_killed(home: Path) -> None:
    program = (
        "import sys, time; from atender.embedded import EmbeddedPostgres; "
        "server = EmbeddedPostgres(sys.argv[1]); server.start(); "
        "print(server.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, home], stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
        starter.kill()
    deadline = time.monotonic() + 60
    while EmbeddedPostgres(home).pid and time.monotonic() < deadline:
        time.sleep(0.02)
    assert EmbeddedPostgres(home).pid is None, f"process {pid} is left"


def test_command_starts_tells_and_stops(home: Path) -> None:
    def run(action: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "atender.embedded", action],
            env={**os.environ, "ATENDER_HOME": str(home)},
            capture_output=True,
            text=True,
        )

    url = run("start").stdout.strip()
    try:
        remember(url, "by command")
        assert run("status").stdout.startswith("runs, process ")
        assert run("url").stdout.strip() == url
    finally:
        assert run("stop").stdout == "stopped\n"
    assert run("status").stdout == "does not run\n"


def test_command_does_not_stop_what_another_uses(home: Path) -> None:
    with EmbeddedPostgres(home) as server:
        refused = subprocess.run(
            [sys.executable, "-m", "atender.embedded", "stop"],
            env={**os.environ, "ATENDER_HOME": str(home)},
            capture_output=True,
            text=True,
        )
        assert refused.returncode == 1
        assert refused.stderr == ("Another process of this home uses it; stop that one instead.\n")
        assert server.pid is not None
