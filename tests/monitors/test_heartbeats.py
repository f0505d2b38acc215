"""Heartbeats: calls in time, late, twice, and not at all."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from atender.due.models import Due
from atender.tenants.models import Tenant
from monitors.catalogue import add_monitor, change_monitor, delete_monitor
from monitors.checks.keeping import ADDING_UP
from monitors.configs.watching import Watch
from monitors.heartbeats.calls import LATE, miss_call, take_call
from monitors.heartbeats.expecting import expected_after, late_at
from monitors.models import Check, Monitor
from tests.factories import STAFF
from tests.monitors.making import DOWN, NOON, UNKNOWN, UP, after


def heartbeat(**config: object) -> Monitor:
    watch = Watch(kind="heartbeat", interval_s=300, config={"grace_s": 60, **config})
    return add_monitor("nightly", by=STAFF, watch=watch)


def expected(monitor: Monitor) -> datetime | None:
    rows = Due.objects.filter(kind=LATE, key=monitor.id)
    return rows.values_list("due_at", flat=True).first()


def test_calls_in_time(acme: Tenant) -> None:
    monitor = heartbeat()
    assert expected(monitor) is None
    take_call(monitor, at=NOON)
    assert expected(monitor) == after(360)
    take_call(monitor, at=after(290))
    take_call(monitor, at=after(290))
    assert expected(monitor) == after(650)
    assert miss_call(monitor.id, at=after(360)) == after(650)
    monitor.refresh_from_db()
    assert (monitor.verdict, monitor.verdict_since) == (UP, NOON)


def test_one_that_does_not_come_and_one_that_comes_late(acme: Tenant) -> None:
    monitor = heartbeat()
    take_call(monitor, at=NOON)
    assert miss_call(monitor.id, at=after(360)) is None
    monitor.refresh_from_db()
    assert (monitor.verdict, monitor.error_code) == (DOWN, "heartbeat_missed")
    assert "the job did not run" in monitor.cause
    take_call(monitor, at=after(400))
    monitor.refresh_from_db()
    assert (monitor.verdict, expected(monitor)) == (UP, after(760))
    assert Check.objects.filter(monitor=monitor).count() == 3


def test_a_call_that_arrives_out_of_order_moves_nothing_back(acme: Tenant) -> None:
    monitor = heartbeat()
    take_call(monitor, at=after(100))
    take_call(monitor, at=NOON)
    assert expected(monitor) == after(460)


def test_one_that_never_called_is_not_missed(acme: Tenant) -> None:
    monitor = heartbeat()
    assert miss_call(monitor.id, at=after(minutes=99)) is None
    monitor.refresh_from_db()
    assert monitor.verdict == UNKNOWN


def test_the_promise_follows_the_monitor(acme: Tenant) -> None:
    monitor = heartbeat()
    take_call(monitor, at=NOON)
    change_monitor(monitor, by=STAFF, interval_s=60, config={"grace_s": 0})
    assert expected(monitor) == after(60)
    change_monitor(monitor, by=STAFF, kind="http", url="https://shop.example/")
    assert expected(monitor) is None
    monitor = heartbeat()
    take_call(monitor, at=NOON)
    delete_monitor(monitor, by=STAFF)
    assert expected(monitor) is None
    assert miss_call(monitor.id, at=after(minutes=99)) is None
    kinds = Due.objects.filter(kind__startswith="monitors.").values_list("kind", flat=True)
    assert set(kinds) == {ADDING_UP}


@pytest.mark.parametrize(
    ("called", "due"),
    [
        # Berlin's clocks go from 2 to 3 on 29 March 2026, and from 3 to 2 on 25 October.
        ("2026-03-28T01:30:05Z", "2026-03-29T01:00:00Z"),
        ("2026-03-29T01:00:10Z", "2026-03-30T00:30:00Z"),
        ("2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z"),
        ("2026-10-25T00:30:10Z", "2026-10-26T01:30:00Z"),
        # A clock that is half a minute ahead calls for the time that comes.
        ("2026-04-24T00:29:30Z", "2026-04-25T00:30:00Z"),
    ],
)
def test_a_cron_expression_in_the_nights_of_a_clock_change(called: str, due: str) -> None:
    found = expected_after(
        datetime.fromisoformat(called), interval_s=60, cron="30 2 * * *", zone="Europe/Berlin"
    )
    assert found == datetime.fromisoformat(due).astimezone(UTC)


def test_grace_comes_on_top() -> None:
    config = {"cron": "*/5 * * * *", "grace_s": 30, "time_zone": "UTC"}
    assert late_at(NOON, interval_s=60, says=config.get) == NOON + timedelta(minutes=5, seconds=30)


def test_the_address_needs_no_key(acme: Tenant, globex: Tenant) -> None:
    monitor = heartbeat()
    job, path = Client(HTTP_HOST="acme.localhost"), f"/api/v1/heartbeat/{monitor.heartbeat_token}"
    for method in ("get", "head", "post"):
        assert getattr(job, method)(path).status_code == 200
    assert job.put(path).status_code == 405
    monitor.refresh_from_db()
    assert monitor.verdict == UP
    assert job.get(f"{path}x").status_code == 404
    assert Client(HTTP_HOST="globex.localhost").get(path).status_code == 404
    assert Client(HTTP_HOST="status.acme.localhost").get(path).status_code == 404
