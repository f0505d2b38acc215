"""The first screen, and how background work is doing."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ

from atender.console.queue import health
from atender.due.models import Due
from atender.tenants.models import Tenant

NOW = timezone.now()


def waiting(seconds: int) -> None:
    OrmQ.objects.create(key="atender", payload="", lock=NOW - timedelta(seconds=seconds))


def due(schema: str, seconds: int, key: str = "1") -> None:
    Due.objects.create(schema=schema, kind="x", key=key, due_at=NOW - timedelta(seconds=seconds))


def test_an_idle_queue_is_well(acme: Tenant) -> None:
    state = health(NOW)

    assert (state.waited_s, state.overdue, state.is_stuck) == (None, 0, False)


@pytest.mark.parametrize(("seconds", "is_stuck"), [(3, False), (21, True), (-60, False)])
def test_a_task_that_waits_long_is_a_sign(acme: Tenant, seconds: int, is_stuck: bool) -> None:
    waiting(seconds)

    state = health(NOW)

    # A task that a worker holds has its time in the future.
    assert state.waited_s == (seconds if seconds > 0 else None)
    assert state.is_stuck is is_stuck


def test_only_this_tenants_overdue_work_counts(acme: Tenant) -> None:
    due("globex", 600)
    due("acme", 5)
    assert not health(NOW).is_stuck

    due("acme", 120, key="2")
    state = health(NOW)
    assert (state.overdue, state.is_stuck) == (1, True)
    assert state.overdue_since == NOW - timedelta(seconds=120)


def test_the_first_screen_tells_it(console: Client) -> None:
    assert "flowing" in console.get("/admin/").content.decode()

    due("acme", 120)
    html = console.get("/admin/").content.decode()
    assert "An operator should check that a worker and the clock are running" in html


def test_the_first_screen_is_for_staff(acme: Tenant, bobs_console: Client) -> None:
    assert Client(HTTP_HOST="acme.localhost").get("/admin/").status_code == 302
    assert bobs_console.get("/admin/").status_code == 200
