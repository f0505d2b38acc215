"""Workers killed with SIGKILL, again and again, while an update goes out to many."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.utils import timezone

from atender.due.models import Due
from atender.due.work import hand_out
from atender.ids import ulid_uuid
from atender.tenants.context import in_tenant
from incidents.models import Page
from subscribers.models import Delivery, DeliveryState
from tests.smtp_sink import SmtpSink

ROOT = Path(__file__).resolve().parents[2]
LONGEST_S = 120

PEOPLE = """
WITH new AS (
    INSERT INTO subscribers_subscriber
        (page_id, channel, address, language, kinds, state, version, created_at, verified_at)
    SELECT %s, 'email', 'person' || n || '@example.com', 'en', 'both', 'active', 1, now(), now()
    FROM generate_series(1, %s) AS n RETURNING id
)
INSERT INTO subscribers_scope (subscriber_id, created_at) SELECT id, now() FROM new
"""


@dataclass
class Reckoning:
    """What arrived, against what the record says; addresses."""

    kills: int
    lost: set[str]
    doubled: set[str]
    recorded_and_sent_again: set[str]
    said_to_be_lost: set[str]
    most_doubles_of_a_kill: int


@dataclass
class Rush:
    """What was known at each kill: who had arrived, and who was recorded."""

    arrived: list[int] = field(default_factory=list)
    recorded: list[set[str]] = field(default_factory=list)


_rush = Rush()


def add_people(count: int) -> None:
    page = Page.objects.get(is_default=True)
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, [ulid_uuid(page.pk), count])


@contextmanager
def qcluster(database: str, url: str) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "EMAIL_URL": url,
        "ATENDER_WORKERS": "1",
    }
    running = subprocess.Popen(
        [sys.executable, "manage.py", "qcluster"],
        cwd=ROOT,
        env=environment,
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield running
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def rush(database: str, sink: SmtpSink, *, kills: int, chance: random.Random) -> None:
    """Send it all, killing the workers `kills` times at random moments while mails go out."""
    global _rush  # noqa: PLW0603 - what the reckoning is made from
    _rush = Rush()
    with in_tenant("acme"):
        total = Page.objects.get(is_default=True).subscribers.count()
        for number in range(kills):
            # Each life gets a share of the mails; the moment within a batch is chance.
            upto = total * (number + 1) // (kills + 2) + chance.randrange(total // (kills + 2))
            with qcluster(database, sink.url):
                until(lambda upto=upto: len(sink.taken) >= upto)
            # What a killed worker's sockets still held is read before it is counted.
            time.sleep(0.2)
            until(nobody_else_works)
            _rush.arrived.append(len(sink.taken))
            _rush.recorded.append(recorded())
            leases_run_out()
        with qcluster(database, sink.url):
            until(lambda: not Delivery.objects.open().exists() and bool(recorded()))


def until(done: "object") -> None:
    assert callable(done)
    deadline = time.monotonic() + LONGEST_S
    while not done():
        assert time.monotonic() < deadline, "It stands still."
        time.sleep(0.002)


def nobody_else_works() -> bool:
    """Whether PostgreSQL has done what it was asked: a lease lasts longer than that."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND state <> 'idle'"
        )
        (working,) = cursor.fetchone()
    return not working


def recorded() -> set[str]:
    rows = Delivery.objects.filter(state=DeliveryState.SENT)
    return set(rows.values_list("subscriber__address", flat=True))


def leases_run_out() -> None:
    """Thirty seconds pass, and the clock strikes."""
    past = timezone.now() - timedelta(seconds=1)
    Due.objects.exclude(lease_until=None).update(lease_until=past)
    Delivery.objects.exclude(lease_until=None).update(lease_until=past)
    hand_out()


def reckon(sink: SmtpSink) -> Reckoning:
    came = [mail.to for mail in sink.taken]
    counts = Counter(came)
    everybody = set(Page.objects.get(is_default=True).subscribers.values_list("address", flat=True))
    again: set[str] = set()
    doubles, began = [0], 0
    for arrived, known in zip(_rush.arrived, _rush.recorded, strict=True):
        after = set(came[arrived:])
        again |= after & known
        # What was in flight is tried last: only those of this life are this kill's.
        doubles.append(len(after & set(came[began:arrived])))
        began = arrived
    said = {
        row.subscriber.address
        for row in Delivery.objects.select_related("subscriber")
        if any(entry["result"] == "lost" for entry in row.log)
    }
    return Reckoning(
        kills=len(_rush.arrived),
        lost=everybody - set(came),
        doubled={address for address, count in counts.items() if count > 1},
        recorded_and_sent_again=again,
        said_to_be_lost=said,
        most_doubles_of_a_kill=max(doubles),
    )
