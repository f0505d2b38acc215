"""What is kept of checks: raw for days, hours for more than a year."""

from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from atender.due.models import Due
from atender.tenants.models import Tenant
from monitors.catalogue import add_monitor
from monitors.checks.keeping import ADDING_UP, HOURS_AT_ONCE, SETTLES, add_up
from monitors.models import Check, CheckHour, Monitor
from tests.factories import STAFF
from tests.monitors.making import NOON, after

HOUR = timedelta(hours=1)


@pytest.fixture
def monitor(acme: Tenant) -> Monitor:
    return Monitor.objects.get()


def checks(monitor: Monitor, *found: tuple[datetime, str, int | None]) -> None:
    Check.objects.bulk_create(
        Check(monitor=monitor, region="eu", verdict=verdict, latency_ms=latency, checked_at=at)
        for at, verdict, latency in found
    )


def test_hours_that_are_over_are_added_up_once(monitor: Monitor) -> None:
    checks(
        monitor,
        *[(after(minutes=n), "up", 10 * n) for n in range(1, 11)],
        (after(minutes=20), "down", 9000),
        (after(minutes=30), "degraded", 500),
        (after(minutes=40), "unknown", None),
        (after(minutes=61), "up", 20),
    )
    now = NOON + HOUR + SETTLES
    assert add_up(now) == NOON + 2 * HOUR + SETTLES
    (hour,) = CheckHour.objects.values()
    assert (hour["began_at"], hour["region"], hour["monitor_id"]) == (NOON, "eu", monitor.id)
    counts = [hour[name] for name in ("checks", "down", "degraded", "unknown")]
    assert counts == [13, 1, 1, 1]
    # A failure's latency says nothing of answers.
    assert (hour["median_ms"], hour["p95_ms"]) == (60, 500)
    add_up(now)
    assert CheckHour.objects.count() == 1
    add_up(now + HOUR)
    assert CheckHour.objects.count() == 2


def test_an_hour_waits_for_those_who_report_late(monitor: Monitor) -> None:
    checks(monitor, (after(minutes=59), "up", 20))
    add_up(NOON + HOUR + timedelta(minutes=1))
    assert not CheckHour.objects.exists()


def test_a_long_pause_is_made_up_for_in_steps(monitor: Monitor) -> None:
    days = 5
    checks(monitor, *[(NOON + n * HOUR, "up", 20) for n in range(24 * days)])
    add_up(NOON + timedelta(days=days, hours=1))
    assert CheckHour.objects.count() == HOURS_AT_ONCE


def test_what_no_sum_holds_yet_is_not_forgotten(monitor: Monitor, settings: Settings) -> None:
    days = settings.CHECKS_KEPT_DAYS + 5
    checks(monitor, *[(NOON + n * HOUR, "up", 20) for n in range(24 * days)])
    now = NOON + timedelta(days=days, hours=1)
    for _ in range(days):
        add_up(now)
    assert CheckHour.objects.count() == 24 * days
    assert Check.objects.count() == 24 * settings.CHECKS_KEPT_DAYS - 1


def test_a_pause_without_checks_holds_up_nothing(monitor: Monitor) -> None:
    later = NOON + 2 * HOURS_AT_ONCE * HOUR
    checks(monitor, (NOON, "up", 20), (later, "up", 30))
    add_up(NOON + HOUR + SETTLES)
    add_up(later + HOUR + SETTLES)
    assert [hour.began_at for hour in CheckHour.objects.order_by("began_at")] == [NOON, later]


def test_what_is_old_is_forgotten(monitor: Monitor, settings: Settings) -> None:
    now = NOON + timedelta(days=500)
    checks(
        monitor,
        (now - timedelta(days=settings.CHECKS_KEPT_DAYS, minutes=1), "up", 20),
        (now - timedelta(days=settings.CHECKS_KEPT_DAYS - 1), "up", 20),
    )
    for age in (401, 399):
        CheckHour.objects.create(
            monitor=monitor,
            region="eu",
            began_at=now - timedelta(days=age),
            checks=1,
            degraded=0,
            down=0,
            unknown=0,
        )
    add_up(now)
    assert Check.objects.count() == 1
    assert not CheckHour.objects.filter(began_at__lt=now - timedelta(days=400)).exists()


def test_the_first_monitor_promises_the_first_sum(acme: Tenant) -> None:
    Due.objects.filter(kind=ADDING_UP).delete()
    add_monitor("shop", by=STAFF)
    add_monitor("login", by=STAFF)
    assert Due.objects.filter(schema="acme", kind=ADDING_UP).count() == 1


def test_nobody_watched_is_nothing_to_add(monitor: Monitor) -> None:
    Monitor.objects.all().delete()
    assert add_up(NOON) is None
