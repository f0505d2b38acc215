"""An installation of the tests' own: a PostgreSQL that may be hurt, and real web processes."""

import http.client
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
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from atender.embedded import EmbeddedPostgres
from statuspage.edge.asking import Asked
from statuspage.edge.shelf import Shelf
from tests.plugins.kept import prepare
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = ("ATENDER_", "DATABASE_", "DJANGO_", "PYTEST_", "EMAIL_URL", "HTTP_")
ACME, GLOBEX = "status.acme.localhost", "status.globex.localhost"
CONSOLE = "acme.localhost"
# A machine busy with other tests is several times slower than a quiet one.
START_LIMIT_S = 400.0
# Far from what is usual (`make bench SCENARIO=publish` measures that), and far from the minute
# after which a document is made anew without being told.
SOON_S = 60.0


def until(found: Callable[[], object], seconds: float = SOON_S) -> float:
    """Wait for it; returns how long it took."""
    started = time.monotonic()
    while not found():
        assert time.monotonic() - started < seconds, "it did not happen in time"
        time.sleep(0.01)
    return time.monotonic() - started


def kept(folder: Path) -> Iterator[bytes]:
    """What lies in a folder that others write to and delete from meanwhile."""
    for path in folder.glob("*"):
        with suppress(FileNotFoundError):
            yield path.read_bytes()


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Web:
    """A web server as the product runs it, with one worker unless told otherwise."""

    port: int
    process: subprocess.Popen[bytes]

    def get(self, path: str = "/", host: str = ACME, method: str = "GET", **headers: str) -> Answer:
        return self.ask(method, path, host=host, headers=headers)

    def ask(
        self,
        method: str,
        path: str,
        *,
        host: str = ACME,
        headers: dict[str, str] | None = None,
        body: str | bytes | None = None,
    ) -> Answer:
        names = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        started = time.monotonic()
        try:
            connection.request(method, path, body=body, headers={"Host": host, **names})
            answer = connection.getresponse()
            content = answer.read()
            said = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, said, content, time.monotonic() - started)
        finally:
            connection.close()

    def raw(self, request: bytes, *, is_all: bool = False) -> bytes:
        """Send bytes as they are; returns everything that comes back.

        `is_all` ends our side of the connection behind them.
        """
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            connection.sendall(request)
            if is_all:
                connection.shutdown(socket.SHUT_WR)
            received = b""
            while chunk := connection.recv(65536):
                received += chunk
            return received

    def answers(self) -> bool:
        """Whether it serves by now; fails at once where it has ended instead."""
        assert self.process.poll() is None, f"the server ended with {self.process.returncode}"
        try:
            return self.get("/healthz").status == 200
        except (OSError, http.client.HTTPException):
            return False

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(120)


@dataclass
class Installation:
    postgres: EmbeddedPostgres
    home: Path
    tenants: dict[str, dict[str, str]] = field(default_factory=dict)

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OUTSIDE)}
        return {
            **kept,
            "DATABASE_URL": self.postgres.url,
            "ATENDER_SECRET_KEY": "a key for tests alone, of no worth to anybody else at all",
            "ATENDER_HOME": str(self.home),
            "ATENDER_DEMO": "1",
            "ATENDER_LOG_LEVEL": "ERROR",
            **more,
        }

    def fill(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "tests.edge.filling"],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            check=True,
        )
        self.tenants = json.loads(done.stdout.splitlines()[-1])

    @contextmanager
    def serving(self, *, workers: int = 1, **more: str) -> Iterator[Web]:
        """Serve until the block ends; `more` goes into the server's environment."""
        web = self.start(workers=workers, **more)
        try:
            until(web.answers, START_LIMIT_S)
            yield web
        finally:
            web.stop()

    def start(self, *, workers: int = 1, **more: str) -> Web:
        port = free_port()
        command = [
            *(
                sys.executable,
                "-m",
                "atender.granian",
                "atender.wsgi:application",
                "--interface",
                "wsgi",
            ),
            *("--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)),
            *("--blocking-threads", "64", "--backpressure", "512", "--no-access-log", "--no-ws"),
            *("--workers-kill-timeout", "3", "--log-level", "error"),
        ]
        return Web(port, subprocess.Popen(command, cwd=ROOT, env=self.environment(**more)))

    def post(self, web: Web, path: str, tenant: str = "acme", **body: Any) -> Any:
        """Do something as a program of the tenant does; returns what it is answered."""
        authority = {
            "Authorization": f"Bearer {self.tenants[tenant]['key']}",
            "Content-Type": "application/json",
        }
        sent, host = json.dumps(body), f"{tenant}.localhost"

        def ask() -> Answer:
            return web.ask("POST", f"/api/v1{path}", host=host, headers=authority, body=sent)

        answer = ask()
        started = time.monotonic()
        # A worker may not know yet that the database is back; nothing was saved, and it says so.
        while answer.status == 503 and time.monotonic() - started < SOON_S:
            time.sleep(0.1)
            answer = ask()
        assert answer.status in (200, 201), answer.text
        return answer.json()

    def open_incident(self, web: Web, title: str, tenant: str = "acme") -> str:
        opened = self.post(
            web,
            "/incidents",
            tenant,
            title=title,
            severity="major",
            message="We are looking into it.",
            status_page_ids=[self.tenants[tenant]["page"]],
        )
        return str(opened["id"])

    def delete(self, web: Web, path: str, tenant: str = "acme") -> None:
        authority = {"Authorization": f"Bearer {self.tenants[tenant]['key']}"}
        answer = web.ask("DELETE", f"/api/v1{path}", host=f"{tenant}.localhost", headers=authority)
        assert answer.status == 204, answer.text

    def query(self, sql: str) -> None:
        """Change something behind everybody's back, as another process would."""
        import psycopg  # noqa: PLC0415

        with psycopg.connect(self.postgres.url, autocommit=True) as link:
            link.execute(sql)

    @contextmanager
    def titled(self, title: str) -> Iterator[None]:
        """Have Acme's page say this at its head, until the block ends: later tests read it too."""
        change = "UPDATE acme.statuspage_branding SET title = '{}'"
        self.query(change.format(title))
        try:
            yield
        finally:
            self.query(change.format(""))

    def kept(self, schema: str) -> set[Asked]:
        """Which documents of a tenant's pages lie on disk.

        More may come at any moment: what is always ready is made behind whoever asks.
        """
        shelf = Shelf(self.home / "edge")
        pages = (shelf.pages / schema).iterdir()
        return {asked for page in pages for asked in shelf.held(schema, page.name)}

    def forget_who_asked(self) -> None:
        """Other tests ask often enough to be refused."""
        for schema in self.tenants:
            self.query(f"DELETE FROM {schema}.limits_bucket")


@contextmanager
def installed() -> Iterator[Installation]:
    home = Path(tempfile.mkdtemp(prefix="atender-tests-"))
    # As root the server runs as another account, which has to pass through.
    home.chmod(0o711)
    server = EmbeddedPostgres(home, durable=False)
    prepare(server)
    with server as postgres:
        installation = Installation(postgres, home)
        installation.fill()
        yield installation
    shutil.rmtree(postgres.place.root, ignore_errors=True)
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
