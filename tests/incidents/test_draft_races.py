"""The clock, two people and a killed worker at one draft, on real commits."""

import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from atender.staff.models import User
from atender.tenants.context import in_tenant
from incidents.drafts.keeping import (
    AlreadyPosted,
    Written,
    being_posted,
    discard_draft,
    forget,
    save_draft,
)
from incidents.drafts.publishing import publish_draft
from incidents.lifecycle import post_update
from incidents.models import Draft, Incident, IncidentUpdate
from incidents.transitions import Saying
from tests.factories import make_incident
from tests.incidents.test_races import at_once

ROOT = Path(__file__).resolve().parents[2]
BODY = "We know why."
# A worker that has posted inside its transaction and then stands still.
STALLING = """
import sys, time
import django
django.setup()
from datetime import datetime
from atender.tenants.context import in_tenant
from incidents.drafts.publishing import publish_draft
from incidents.signals import incident_changed

def stall(**_):
    print("posted", flush=True)
    time.sleep(60)

incident_changed.connect(stall)
with in_tenant("acme"):
    publish_draft(sys.argv[1], now=datetime.fromisoformat(sys.argv[2]))
"""


@pytest.fixture
def due(fresh_database: str) -> tuple[str, str, datetime]:
    """A database, and in it Alice's update whose time comes in an hour."""
    at = timezone.now() + timedelta(hours=1)
    with in_tenant("acme"):
        alice = User.objects.get(name="Alice")
        draft = save_draft(
            Written(body=BODY), by=alice.actor, incident=make_incident(), publish_at=at
        )
    return fresh_database, draft.pk, at


def posted() -> int:
    with in_tenant("acme"):
        return IncidentUpdate.objects.filter(body=BODY).count()


def left() -> int:
    with in_tenant("acme"):
        return Draft.objects.count()


def test_two_workers_publish_one(due: tuple[str, str, datetime]) -> None:
    _, pk, at = due
    outcomes = at_once(*[lambda: publish_draft(pk, now=at)] * 4)
    assert outcomes == [None] * 4
    assert (posted(), left()) == (1, 0)


def test_discarded_while_the_clock_publishes_it_is_one_or_the_other(
    due: tuple[str, str, datetime],
) -> None:
    _, pk, at = due
    with in_tenant("acme"):
        draft = Draft.objects.get()
    outcomes = at_once(lambda: publish_draft(pk, now=at), lambda: discard_draft(draft, by=draft.by))
    was_late = isinstance(outcomes[1], AlreadyPosted)
    assert not [o for o in outcomes if isinstance(o, Exception) and not was_late]
    assert (posted(), left()) == (int(was_late), 0)


def test_posted_by_hand_while_the_clock_publishes_it_is_one(
    due: tuple[str, str, datetime],
) -> None:
    _, pk, at = due

    def by_hand() -> Any:
        incident = Incident.objects.get()
        with being_posted(pk):
            saying = Saying(body=BODY)
            alice = User.objects.get(name="Alice").actor
            return post_update(incident, by=alice, saying=saying, submission_id=pk)

    outcomes = at_once(by_hand, lambda: publish_draft(pk, now=at), by_hand)
    assert not [o for o in outcomes if isinstance(o, Exception)]
    assert (posted(), left()) == (1, 0)


def test_the_same_new_form_kept_at_once_is_one_draft(fresh_database: str) -> None:
    with in_tenant("acme"):
        alice = User.objects.get(name="Alice").actor
    keep = lambda: save_draft(  # noqa: E731
        Written(title="Slow"), by=alice, draft_id="01JD0000000000000000000000"
    )
    outcomes = at_once(keep, keep, keep)
    assert not [o for o in outcomes if isinstance(o, Exception)]
    assert left() == 1


def test_killed_between_posting_and_forgetting_nothing_is_doubled_or_lost(
    due: tuple[str, str, datetime],
) -> None:
    database, pk, at = due
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "atender.settings",
    }
    worker = subprocess.Popen(
        [sys.executable, "-c", STALLING, pk, at.isoformat()],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
    )
    assert worker.stdout
    assert worker.stdout.readline() == b"posted\n"
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert (posted(), left()) == (0, 1)
    with in_tenant("acme"):
        publish_draft(pk, now=at)
    assert (posted(), left()) == (1, 0)


def test_forgotten_under_the_lock_it_is_not_published(due: tuple[str, str, datetime]) -> None:
    _, pk, at = due
    with in_tenant("acme"), being_posted(None):
        forget(Draft.objects.select_for_update().get(pk=pk))
    with in_tenant("acme"):
        assert publish_draft(pk, now=at) is None
    assert (posted(), left()) == (0, 0)
