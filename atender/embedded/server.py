"""Starts and stops the PostgreSQL of one home. Nothing here needs Django."""

import time
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg

from atender.embedded.account import Account, unprivileged_account
from atender.embedded.binaries import Installation, find_installation
from atender.embedded.cluster import ROLE, create_cluster, data_major, write_access_rules
from atender.embedded.launch import PAUSE_S, START_LIMIT_S, Process, await_ready, end, launch
from atender.embedded.places import Place, choose_place, outside
from atender.embedded.postmaster import running_postmaster
from atender.embedded.settings import server_settings
from atender.embedded.trouble import PostgresTrouble
from atender.file_lock import FileLock

DATABASE = "atender"
STARTING, STARTED = "starting", "started"


class EmbeddedPostgres:
    """The server of one home; others may join it, and only the one that started it stops it.

    `durable` off is for tests, whose data need not survive a power cut; `is_tied` ends the
    server when this process dies without stopping it.
    """

    def __init__(self, home: Path | str, *, durable: bool = True, is_tied: bool = True) -> None:
        self.home = Path(home).absolute()
        self.durable = durable
        self.is_tied = is_tied
        self._process: Process | None = None
        self._lock: FileLock | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @cached_property
    def account(self) -> Account:
        return unprivileged_account()

    @cached_property
    def place(self) -> Place:
        self.home.mkdir(parents=True, exist_ok=True)
        return choose_place(self.home.resolve(), self.account)

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}@{quote(str(self.place.sockets), safe='')}/{DATABASE}"

    @property
    def pid(self) -> int | None:
        """Return the server's process id while it runs."""
        if self._process and self._process.poll() is None:
            return self._process.pid
        running = running_postmaster(self.place.data)
        return running.pid if running else None

    def has_ended(self) -> bool:
        """Whether the server that this process started has ended.

        Asking also frees its process id: until then PostgreSQL refuses to start another one.
        """
        return self._process is not None and self._process.poll() is not None

    @property
    def is_mine(self) -> bool:
        """Tell whether stopping is up to this process."""
        return self._lock is not None and self._lock.is_held

    def start(self) -> str:
        """Bring the server up, or join the one that runs; return its address."""
        place = self.place
        self._lock = FileLock(self.home / "postgres.lock")
        try:
            if self._lock.try_to_take(note=STARTING) or not self._joins(self._lock):
                self._ensure_running(place)
            self._lock.leave_note(STARTED)
        except BaseException:
            self.stop()
            raise
        return self.url

    def stop(self) -> None:
        """End the server if it is mine; what was committed is kept."""
        if not self.is_mine:
            return
        try:
            end(self.place, self._process)
        finally:
            self.leave()

    def leave(self) -> None:
        """Let the server run on without this process."""
        if self._lock:
            self._lock.give_back()

    def _joins(self, lock: FileLock) -> bool:
        """Wait for the server of another process; False where bringing it up is up to us."""
        deadline = time.monotonic() + START_LIMIT_S
        while time.monotonic() < deadline:
            running = running_postmaster(self.place.data)
            if running and running.is_ready:
                return True
            # Its owner lives on but the server has died: whoever asks brings it back.
            is_gone = running is None and lock.note() == STARTED
            if is_gone or lock.try_to_take(note=STARTING):
                return False
            time.sleep(PAUSE_S)
        raise PostgresTrouble(
            f"Another process has been starting the PostgreSQL of {self.home} for "
            f"{START_LIMIT_S:.0f} s; stop it, or see {self.place.log}."
        )

    def _ensure_running(self, place: Place) -> None:
        if not running_postmaster(place.data):
            installation = self._prepared(place)
            access = write_access_rules(place)
            command = [
                str(installation.program("postgres")),
                *("-D", str(place.data)),
                *server_settings(place, access, durable=self.durable),
            ]
            is_tied = self.is_tied and self.is_mine
            self._process = launch(place, command, self.account, is_tied=is_tied)
        elif not await_ready(place, None):
            raise PostgresTrouble(f"PostgreSQL ended while it started; see {place.log}.")
        _ensure_database(self.url)

    def _prepared(self, place: Place) -> Installation:
        major = data_major(place)
        installation = find_installation(
            self.account, copies_below=lambda: outside(self.account), major=major
        )
        if major is None:
            create_cluster(place, installation, self.account)
        return installation


def _ensure_database(url: str) -> None:
    with psycopg.connect(url.removesuffix(DATABASE) + "postgres", autocommit=True) as connection:
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        if connection.execute(query, [DATABASE]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")
