"""Real workers, killed with SIGKILL while they send: nothing is lost, nobody is told twice."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from atender.due.models import Due
from atender.due.work import hand_out
from atender.tenants.context import in_tenant
from subscribers.models import Delivery, DeliveryState, Notice
from tests.factories import make_incident
from tests.smtp_sink import STALL, TAKE_AND_STALL, SmtpSink
from tests.subscribers.making import make_subscriber

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = [f"p{number}@example.com" for number in range(8)]


@pytest.fixture
def posted(fresh_database: str) -> Iterator[str]:
    """An incident with eight subscribers, posted while no worker runs."""
    with in_tenant("acme"):
        for address in PEOPLE:
            make_subscriber(address)
        make_incident()
        yield fresh_database


@contextmanager
def workers(database: str, sink: SmtpSink) -> Iterator["subprocess.Popen[bytes]"]:
    """The product's own worker processes; killed at the end as a machine that loses power would."""
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "EMAIL_URL": sink.url,
        "ATENDER_WORKERS": "1",
    }
    command = [sys.executable, "manage.py", "qcluster"]
    running = subprocess.Popen(
        command, cwd=ROOT, env=environment, start_new_session=True, stderr=subprocess.DEVNULL
    )
    try:
        yield running
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def leases_run_out() -> None:
    """Thirty seconds pass, and the clock strikes."""
    past = timezone.now() - timedelta(seconds=1)
    Due.objects.exclude(lease_until=None).update(lease_until=past)
    Delivery.objects.exclude(lease_until=None).update(lease_until=past)
    with in_tenant("acme"):
        hand_out()


def test_killed_before_the_server_took_the_mail(posted: str, sink: SmtpSink) -> None:
    sink.answer("DATA", STALL, to=PEOPLE[3], times=1)
    with workers(posted, sink):
        assert sink.stalled.wait(120)
        wait_until_recorded(3)
    assert [mail.to for mail in sink.taken] == PEOPLE[:3]
    leases_run_out()
    with workers(posted, sink):
        sink.wait_for(8, seconds=120)
        wait_until_sent()
    assert sorted(mail.to for mail in sink.taken) == PEOPLE


def test_killed_after_the_server_took_it_and_before_it_was_recorded(
    posted: str, sink: SmtpSink
) -> None:
    """Only the mail in flight can come twice, and then it is the same message."""
    sink.answer("DATA", TAKE_AND_STALL, to=PEOPLE[3], times=1)
    with workers(posted, sink):
        assert sink.stalled.wait(120)
        wait_until_recorded(3)
    leases_run_out()
    with workers(posted, sink):
        sink.wait_for(9, seconds=120)
        wait_until_sent()
    twice = Counter(mail.to for mail in sink.taken)
    assert twice == {**dict.fromkeys(PEOPLE, 1), PEOPLE[3]: 2}
    first, second = sink.to(PEOPLE[3])
    assert first.message["Message-ID"] == second.message["Message-ID"]


def wait_until_recorded(count: int) -> None:
    deadline = timezone.now() + timedelta(seconds=120)
    while Delivery.objects.filter(state=DeliveryState.SENT).count() < count:
        assert timezone.now() < deadline


def wait_until_sent() -> None:
    deadline = timezone.now() + timedelta(seconds=120)
    while timezone.now() < deadline:
        if Notice.objects.get().sent_at:
            break
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}
