"""Real processes killed with SIGKILL: a worker while it pages, a prober while it checks."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone

from alerts.models import Alert, Call, CallState, Escalation
from atender.tenants.context import in_public, in_tenant
from monitors.catalogue import add_monitor
from monitors.configs.watching import Watch
from monitors.models import Check
from monitors.rounds.models import Round
from tests.alerts.calling import person, policy
from tests.alerts.making import make_alert, probe
from tests.factories import STAFF
from tests.smtp_sink import TAKE_AND_STALL, SmtpSink
from tests.subscribers.chaos import ROOT, leases_run_out, qcluster, until
from tests.web_server import Request, WebServer, reply

NAMES = ("Dana", "Eli", "Fay", "Gil", "Hal")
IN_FLIGHT = "fay@acme.example"
INTERVAL_S = 5


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink


def test_a_worker_killed_in_the_middle_of_a_page(fresh_database: str, sink: SmtpSink) -> None:
    """Everybody of the step is called; only what was on its way may come twice, as one message."""
    sink.answer("DATA", TAKE_AND_STALL, to=IN_FLIGHT, times=1)
    with in_tenant("acme"):
        policy([person(name) for name in NAMES])
        make_alert(monitor=probe())
        with qcluster(fresh_database, sink.url):
            until(lambda: sink.stalled.is_set() and states()[CallState.SENT] == 2)
        before = {mail.to for mail in sink.taken}
        leases_run_out()
        with qcluster(fresh_database, sink.url):
            until(lambda: states()[CallState.SENT] == len(NAMES))
        came = Counter(mail.to for mail in sink.taken)
        assert set(came) == {f"{name.lower()}@acme.example" for name in NAMES}
        assert {address for address, times in came.items() if times > 1} == {IN_FLIGHT} & before
        ids = {mail.message["Message-ID"] for mail in sink.taken if mail.to == IN_FLIGHT}
        assert len(ids) == 1
        assert (Alert.objects.count(), Escalation.objects.count()) == (1, 1)


def states() -> Counter[str]:
    return Counter(Call.objects.values_list("state", flat=True))


@contextmanager
def probing(database: str) -> "Iterator[subprocess.Popen[bytes]]":
    running = subprocess.Popen(
        [sys.executable, "manage.py", "probe", "--region", "eu"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database, "ATENDER_ALLOW_PRIVATE_TARGETS": "1"},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield running
    finally:
        running.send_signal(signal.SIGKILL)
        running.wait()


def test_a_prober_killed_with_its_checks_is_followed_within_one_interval(
    fresh_database: str,
) -> None:
    asked: list[Request] = []
    is_asked_again = threading.Event()

    def hangs_first(request: Request) -> bytes:
        asked.append(request)
        if len(asked) == 1:
            is_asked_again.wait(60)
        is_asked_again.set()
        return reply(b"ok")

    with WebServer(hangs_first) as server, in_tenant("acme"):
        watch = Watch(url=f"{server.base}/", interval_s=INTERVAL_S, timeout_s=20, regions=["eu"])
        monitor = add_monitor("shop", by=STAFF, watch=watch)
        with probing(fresh_database):
            until(lambda: asked)
        left_at = timezone.now()
        with in_public():
            due_at = Round.objects.get(monitor_id=monitor.pk).due_at
        assert due_at - left_at < timedelta(seconds=INTERVAL_S * 1.05)
        assert not Check.objects.filter(monitor=monitor).exists()
        with probing(fresh_database):
            until(lambda: Check.objects.filter(monitor=monitor).exists())
        assert Check.objects.filter(monitor=monitor).earliest("id").verdict == "up"
