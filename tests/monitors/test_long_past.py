"""A monitor's longer past, from the sums of hours; and regions in which nobody checks."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from atender.tenants.models import Tenant
from monitors.console.charting import LONG_DAYS, STEPS
from monitors.console.history import long_chart
from monitors.models import CheckHour, Monitor, Verdict
from monitors.probing.running import how_to_staff, unstaffed
from monitors.rounds.models import Round
from tests.monitors.test_screen import screen, watched

HOUR = timedelta(hours=1)


def hours(monitor: Monitor, *found: tuple[int, int | None, int]) -> None:
    """Sums of hours so many hours ago, with a middle latency and failures."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    CheckHour.objects.bulk_create(
        CheckHour(
            monitor=monitor,
            region="",
            began_at=now - ago * HOUR,
            checks=60,
            down=down,
            degraded=0,
            unknown=0,
            median_ms=median,
            p95_ms=median,
        )
        for ago, median, down in found
    )


@pytest.mark.parametrize("days", LONG_DAYS)
def test_steps_are_whole_hours(days: int) -> None:
    assert (days * 24) % STEPS == 0


def test_hours_become_steps(acme: Tenant) -> None:
    monitor = watched()
    hours(monitor, (1, 100, 0), (2, 300, 0), (50, None, 60), (24 * 20, 900, 0))
    now = timezone.now()
    chart, buckets, span = long_chart(monitor, days=8, now=now)
    assert span == timedelta(days=8)
    assert sum(bucket.checks for bucket in buckets) == 180
    assert [bucket.worst for bucket in buckets].count(Verdict.DOWN) == 1
    assert chart.summary.startswith("Latency from 100 to")
    assert "within the last 8 days" in chart.summary
    month, *_ = long_chart(monitor, days=32, now=now)
    assert "900 ms within the last 32 days" in month.summary


def test_the_screen_shows_it(console: Client) -> None:
    monitor = watched()
    path = f"/admin/monitors/monitor/{monitor.pk}/change/"
    assert "none is yet" in console.get(f"{path}?days=32").content.decode()
    hours(monitor, (1, 100, 0), (100, 120, 3))
    page = console.get(f"{path}?days=32").content.decode()
    assert "within the last 32 days" in page
    assert page.count("<polyline") == 2
    for nonsense in ("7", "x", "-1", "8&days=9"):
        assert "within the last hour" in console.get(f"{path}?days={nonsense}").content.decode()


def test_a_region_without_a_prober_says_what_to_do(console: Client) -> None:
    monitor = watched(regions=["eu-west", "us-east"])
    now = timezone.now()
    assert unstaffed(monitor, now) == []
    Round.objects.filter(region="eu-west").update(due_at=now - timedelta(minutes=1))
    sentence = "No prober has reported from eu-west; start one there: "
    assert sentence in screen(console, monitor)
    assert unstaffed(monitor, now) == ["eu-west"]


@pytest.mark.parametrize(
    ("regions", "sentence"),
    [
        ([], ""),
        ([""], "No prober takes its checks; start one: manage.py probe."),
        (
            ["eu", "us"],
            "No prober has reported from eu, us; start one there: manage.py probe --region eu.",
        ),
    ],
)
def test_what_to_do(regions: list[str], sentence: str) -> None:
    assert how_to_staff(regions) == sentence
