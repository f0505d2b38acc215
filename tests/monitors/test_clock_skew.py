"""A region whose clock is hours off says when it checked all the same."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from atender.tenants.models import Tenant
from monitors.catalogue import add_monitor
from monitors.configs.watching import Watch
from monitors.kinds import Finding
from monitors.models import Monitor, Verdict
from monitors.probing.claiming import job_of
from monitors.probing.remote import _told
from monitors.probing.sources import Result, keep_for_all
from tests.factories import STAFF
from tests.monitors.making import DEGRADED, DOWN, UP

HOURS_OFF = [timedelta(hours=-7), timedelta(hours=7)]


def of_the_database() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    assert row is not None
    return datetime.fromisoformat(str(row[0]))


def report(
    monitor: Monitor, region: str, verdict: Verdict, *, off: timedelta = timedelta()
) -> None:
    """What a prober of the region reports whose clock is off by so much."""
    finding = Finding(verdict, "" if verdict == UP else "timeout")
    result = Result(job_of(monitor, region=region, schema="acme"), finding, age_s=2.0)
    with time_machine.travel(timezone.now() + off):
        keep_for_all([result], place=region)
    monitor.refresh_from_db()


@pytest.mark.parametrize("off", HOURS_OFF)
def test_verdicts_and_times_are_right_where_a_regions_clock_is_hours_off(
    acme: Tenant, off: timedelta
) -> None:
    watch = Watch(url="https://shop.example/", regions=("eu", "us"), quorum=2)
    monitor = add_monitor("shop", by=STAFF, watch=watch)
    report(monitor, "eu", UP, off=off)
    report(monitor, "us", UP)
    assert monitor.verdict == UP
    before = of_the_database()
    report(monitor, "eu", DOWN, off=off)
    assert monitor.verdict == DEGRADED
    report(monitor, "us", DOWN)
    assert monitor.verdict == DOWN
    assert monitor.verdict_since is not None
    assert before - timedelta(seconds=2) <= monitor.verdict_since <= of_the_database()


@pytest.mark.parametrize("off", HOURS_OFF)
def test_a_prober_far_away_tells_no_time_of_its_own(acme: Tenant, off: timedelta) -> None:
    monitor = add_monitor("shop", by=STAFF, watch=Watch(url="https://shop.example/"))
    result = Result(job_of(monitor), Finding(DOWN, "timeout"), age_s=2.0)
    with time_machine.travel(timezone.now() + off):
        said = _told(result)
    assert said == {
        "monitor_id": monitor.id,
        "verdict": "down",
        "error_code": "timeout",
        "latency_ms": None,
        "age_ms": 2000,
    }
