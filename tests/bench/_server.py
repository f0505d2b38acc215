"""Granian as the product runs it, driven by wrk."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

CONNECTIONS = 32
WORKERS = 2
# No more threads than connections in the pool: what is too much waits in line and does not fail.
THREADS = 8
TICK_US = 1_000_000 / os.sysconf("SC_CLK_TCK")
UNITS_MS = {"us": 0.001, "ms": 1, "s": 1000}


@dataclass
class Server:
    """A running server and what its rounds under load have cost so far."""

    port: int
    process: subprocess.Popen[bytes]
    host: str
    path: str = "/"
    requests: int = 0
    seconds: float = 0.0
    cpu_us: float = 0.0
    p99_ms: list[float] = field(default_factory=list)

    @property
    def rps(self) -> float:
        return self.requests / self.seconds

    def get(self) -> bytes:
        return self.ask()[0]

    def ask(self, **headers: str) -> tuple[bytes, str]:
        """Return the body and the ETag."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{self.path}", headers={"Host": self.host, **headers}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            body: bytes = answer.read()
            return body, str(answer.headers["ETag"])

    def warm_up(self) -> None:
        """Let every worker import and compile what it needs, outside the figures."""
        self.load(3)
        self.requests, self.seconds, self.cpu_us = 0, 0.0, 0.0
        self.p99_ms.clear()

    def load(self, seconds: int, *headers: str) -> None:
        """Drive it for some seconds; raises RuntimeError when an answer was an error."""
        before = _cpu_us(self.process.pid)
        out = subprocess.run(
            [
                *(
                    "wrk",
                    "-t1",
                    f"-c{CONNECTIONS}",
                    f"-d{seconds}s",
                    "--latency",
                    "--timeout",
                    "20s",
                ),
                *("-H", f"Host: {self.host}"),
                *(word for header in headers for word in ("-H", header)),
                f"http://127.0.0.1:{self.port}{self.path}",
            ],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        if " 0 requests in" in out or "Non-2xx" in out or "Socket errors" in out:
            raise RuntimeError(f"Not every request was answered:\n{out}")
        done = re.search(r"(\d+) requests in ([\d.]+)s", out)
        slowest = re.search(r"99%\s+([\d.]+)(us|ms|s)\s", out)
        assert done, out
        assert slowest, out
        self.requests += int(done[1])
        self.seconds += float(done[2])
        self.cpu_us += _cpu_us(self.process.pid) - before
        self.p99_ms.append(float(slowest[1]) * UNITS_MS[slowest[2]])


@contextmanager
def serving(
    application: str, *, host: str, path: str = "/", workers: int = WORKERS, **environment: str
) -> Iterator[Server]:
    """Serve a WSGI application with the product's own settings."""
    if not shutil.which("wrk"):
        sys.exit("This benchmark needs wrk; on Debian and Ubuntu: apt-get install wrk")
    port = _free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", application, "--interface", "wsgi"),
            *("--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)),
            *("--blocking-threads", str(THREADS), "--no-access-log", "--no-ws"),
            *("--log-level", "error"),
        ],
        env={**os.environ, **environment},
    )
    try:
        server = Server(port, process, host, path)
        _wait_for(server)
        yield server
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(server: Server) -> None:
    for _ in range(900):
        try:
            server.get()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The server does not answer.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _cpu_us(pid: int) -> float:
    """CPU time of the workers, user and system, all threads; the parent only waits."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(_ticks(int(child)) for child in children) * TICK_US


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
