"""The one verb that settles verdicts, and what it announces."""

from collections.abc import Iterator
from typing import Any

import pytest

from atender.tenants.models import Tenant
from monitors.catalogue import add_monitor, change_monitor, delete_monitor
from monitors.configs.watching import Watch
from monitors.models import Monitor, RegionState
from monitors.signals import Flip, verdicts_changed
from monitors.verdicts.settling import settle
from tests.factories import STAFF
from tests.monitors.making import DEGRADED, DOWN, UNKNOWN, UP, after, outcome


@pytest.fixture
def heard(acme: Tenant) -> Iterator[list[Flip]]:
    flips: list[Flip] = []

    def hear(**said: Any) -> None:
        flips.extend(flip for _, flip in said["flips"])

    verdicts_changed.connect(hear)
    yield flips
    verdicts_changed.disconnect(hear)


def watched(**watch: Any) -> Monitor:
    return add_monitor("shop", by=STAFF, watch=Watch(url="https://shop.example/", **watch))


def test_a_flip_is_kept_and_announced_once(heard: list[Flip]) -> None:
    monitor = watched()
    settle(monitor, outcome=outcome())
    flip = settle(monitor, outcome=outcome(DOWN, "http_500", at=after(60)))
    assert settle(monitor, outcome=outcome(DOWN, "http_500", at=after(120))) is None
    assert [(f.before, f.after) for f in heard] == [(UNKNOWN, UP), (UP, DOWN)]
    assert flip == heard[1]
    assert (flip.error_code, flip.at, flip.regions[0].error_code) == (
        "http_500",
        after(60),
        "http_500",
    )
    assert "application error" in flip.cause
    monitor.refresh_from_db()
    assert (monitor.verdict, monitor.verdict_since, monitor.error_code) == (
        DOWN,
        after(60),
        "http_500",
    )
    assert (monitor.checked_at, monitor.cause) == (after(120), flip.cause)


def test_the_caller_sees_what_was_settled(heard: list[Flip]) -> None:
    monitor = watched()
    settle(monitor, outcome=outcome(DOWN, "timeout", latency_ms=None))
    assert (monitor.verdict, monitor.error_code, monitor.latency_ms) == (DOWN, "timeout", None)
    settle(monitor, outcome=outcome(at=after(60)))
    assert (monitor.verdict, monitor.error_code, monitor.cause) == (UP, "", "")


def test_regions_are_heard_together(heard: list[Flip]) -> None:
    monitor = watched(regions=["eu", "us", "ap"])
    for region in ("eu", "us", "ap"):
        settle(monitor, outcome=outcome(region=region))
    settle(monitor, outcome=outcome(DOWN, "timeout", region="eu", at=after(10)))
    assert monitor.verdict == DEGRADED
    assert "regional" in monitor.cause
    settle(monitor, outcome=outcome(DOWN, "timeout", region="us", at=after(20)))
    assert monitor.verdict == DOWN
    # A region that was left says nothing more, and one that fell silent neither.
    change_monitor(monitor, by=STAFF, regions=["us", "ap"])
    assert not RegionState.objects.filter(region="eu").exists()
    settle(monitor, outcome=outcome(region="ap", at=after(minutes=30)))
    assert monitor.verdict == UP


def test_what_comes_late_changes_nothing(heard: list[Flip]) -> None:
    monitor = watched()
    settle(monitor, outcome=outcome(at=after(60)))
    settle(monitor, outcome=outcome(DOWN, "timeout", at=after(0)), at=after(61))
    assert monitor.verdict == UP


def test_flapping_is_told_of_with_restraint(heard: list[Flip]) -> None:
    monitor = watched()
    settle(monitor, outcome=outcome())
    for minute in range(1, 60):
        found = outcome(DOWN if minute % 2 else UP, at=after(minutes=minute))
        settle(monitor, outcome=found)
    assert len(heard) == 4
    assert monitor.held_since == after(minutes=59) or monitor.held_since is None
    settle(monitor, outcome=outcome(DOWN, at=after(minutes=80)))
    assert monitor.verdict == DOWN


def test_a_deleted_monitor_stays_as_it_was(heard: list[Flip]) -> None:
    monitor = watched()
    delete_monitor(monitor, by=STAFF)
    assert settle(monitor, outcome=outcome(DOWN, "timeout")) is None
    assert heard == []
    assert not RegionState.objects.exists()


def test_a_refusing_listener_leaves_nothing_behind(heard: list[Flip]) -> None:
    monitor = watched()

    def break_down(**_: Any) -> None:
        raise RuntimeError("a listener broke")

    verdicts_changed.connect(break_down)
    try:
        with pytest.raises(RuntimeError):
            settle(monitor, outcome=outcome(DOWN, "timeout"))
    finally:
        verdicts_changed.disconnect(break_down)
    monitor.refresh_from_db()
    assert (monitor.verdict, RegionState.objects.count()) == (UNKNOWN, 0)
