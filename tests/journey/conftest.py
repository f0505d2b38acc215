"""The whole product as `make demo` starts it, and a real browser."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from atender.embedded import EmbeddedPostgres
from tests.plugins.kept import prepare
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
# Without these Chromium looks for servers of its maker's, which no test may reach.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOLD_S = 3
START_LIMIT_S = 400.0
# Far from what is usual: a machine that is busy is no defect of the product's.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    if CHROMIUM is None:
        if os.environ.get("ATENDER_BROWSER_TESTS") == "required":
            pytest.fail("Chromium is not installed, and browser tests are required.")
        pytest.skip("Chromium is not installed")
    return {"executable_path": CHROMIUM, "args": QUIET}


@dataclass
class Demo:
    """The running demo: where it is and what it sent."""

    base: str
    home: Path
    acme: dict[str, Any]
    globex: dict[str, Any]
    seen: set[str] = field(default_factory=set)

    def at(self, host: str, path: str = "/") -> str:
        return f"http://{host}{path}"

    def call(
        self, host: str, path: str, body: Any = None, key: str = "", method: str | None = None
    ) -> tuple[int, Any]:
        """Send JSON as a program would; returns status and document."""
        request = urllib.request.Request(
            self.base + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Host": host, "Content-Type": "application/json"},
            method=method,
        )
        if key:
            request.add_header("Authorization", f"Bearer {key}")
        try:
            with urllib.request.urlopen(request) as response:
                return response.status, json.loads(response.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def mails_to(self, address: str) -> list[EmailMessage]:
        paths = sorted((self.home / "mail").glob("*.eml"))
        mails = [message_from_bytes(p.read_bytes(), policy=policy.default) for p in paths]
        return [mail for mail in mails if address in mail["To"]]

    def wait_for_mails(self, address: str, count: int, timeout_s: float = 90) -> list[EmailMessage]:
        """Wait until so many have come, and a little longer, since one too many is a defect."""
        until = time.monotonic() + timeout_s
        while len(self.mails_to(address)) < count and time.monotonic() < until:
            time.sleep(0.2)
        time.sleep(1.5)
        mails = self.mails_to(address)
        assert len(mails) == count, [mail["Subject"] for mail in mails]
        return mails


@pytest.fixture(scope="package")
def demo() -> Iterator[Demo]:
    """One for all journeys of a worker; it ends with them, for its processes never rest."""
    with running_demo(ATENDER_CONSOLE_HOLD_S=str(HOLD_S)) as demo:
        yield demo


@contextmanager
def running_demo(**more: str) -> Iterator[Demo]:
    """A fresh demo on a port of its own; `more` goes into its environment."""
    home = Path(tempfile.mkdtemp(prefix="atender-demo-"))
    home.chmod(0o711)
    prepare(EmbeddedPostgres(home))
    environment = {
        **{k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "ATENDER_SECRET_KEY")},
        "PORT": str(free_port()),
        "ATENDER_INTERNAL_PORT": str(free_port()),
        "ATENDER_HOME": str(home),
        **more,
    }
    log = (home / "demo.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "atender.supervisor"],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        yield ready(process, home)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=180)
        shutil.rmtree(home, ignore_errors=True)


def ready(process: subprocess.Popen[bytes], home: Path) -> Demo:
    until = time.monotonic() + START_LIMIT_S
    while time.monotonic() < until and process.poll() is None:
        if b"Incidents is ready" in (home / "demo.log").read_bytes():
            facts = json.loads((home / "demo.json").read_text())
            acme, globex = facts["tenants"]
            return Demo(facts["base"], home, acme, globex)
        time.sleep(0.3)
    raise AssertionError((home / "demo.log").read_text())
