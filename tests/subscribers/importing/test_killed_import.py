"""A real worker, killed with SIGKILL while it imports: every line is taken once, none by half."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from atender.due.models import Due
from atender.due.work import hand_out
from atender.tenants.context import in_tenant
from subscribers.importing.runs import start_import
from subscribers.models import ContactImport, Scope, Subscriber
from tests.factories import STAFF, default_page

ROOT = Path(__file__).resolve().parents[3]
CONTACTS = 5_000
PATIENCE_S = 60


@contextmanager
def worker(database: str) -> Iterator[None]:
    """The product's own; killed at the end as a machine that loses power would."""
    environment = {**os.environ, "DATABASE_URL": database, "ATENDER_WORKERS": "1"}
    running = subprocess.Popen(
        [sys.executable, "manage.py", "qcluster"],
        cwd=ROOT,
        env=environment,
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def wait_for(done: int) -> ContactImport:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        run = ContactImport.objects.get()
        if run.done >= done:
            return run
        time.sleep(0.02)
    raise AssertionError(f"{run.done} lines after {PATIENCE_S} s")


def test_killed_in_the_middle(fresh_database: str) -> None:
    lines = "".join(f"p{number}@example.com,API\n" for number in range(CONTACTS))
    with in_tenant("acme"):
        start_import(default_page(), data=f"email,components\n{lines}".encode(), by=STAFF)
        with worker(fresh_database):
            wait_for(1)
        run = ContactImport.objects.get()
        assert Subscriber.objects.count() == Scope.objects.count() == run.imported
        Due.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        hand_out()
        with worker(fresh_database):
            wait_for(CONTACTS)
        run.refresh_from_db()
        assert (run.state, run.imported, run.skipped, run.refused) == ("done", CONTACTS, 0, 0)
        assert Subscriber.objects.active().count() == Scope.objects.count() == CONTACTS
