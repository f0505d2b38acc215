"""From outcomes to a verdict, and what is believed of it."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.models import Verdict
from monitors.verdicts.judging import (
    FREE_FLIPS,
    HOUR,
    LONGEST_HOLD,
    Damping,
    damped,
    judge,
    told_at_earliest,
)
from tests.monitors.making import DEGRADED, DOWN, NOON, UNKNOWN, UP, after, outcome

VERDICTS = st.lists(st.sampled_from(list(Verdict)), max_size=8)


@pytest.mark.parametrize(
    ("found", "quorum", "verdict"),
    [
        ([], None, UNKNOWN),
        ([UP], None, UP),
        ([DOWN], None, DOWN),
        ([UP, DOWN], None, DEGRADED),
        ([DOWN, DOWN], None, DOWN),
        ([UP, UP, DOWN], None, DEGRADED),
        ([UP, DOWN, DOWN], None, DOWN),
        ([UP, DOWN, DOWN], 3, DEGRADED),
        ([UP, UP, DOWN], 1, DOWN),
        ([UP, DEGRADED], None, DEGRADED),
        ([UNKNOWN, UNKNOWN], None, UNKNOWN),
        ([UNKNOWN, DOWN, UNKNOWN], None, DOWN),
        ([UNKNOWN, UP], None, UP),
    ],
)
def test_the_verdict_of_all_regions(
    found: list[Verdict], quorum: int | None, verdict: Verdict
) -> None:
    said = [outcome(v, region=f"r{n}") for n, v in enumerate(found)]
    assert judge(said, quorum=quorum, regions=len(said)).verdict == verdict


def test_the_commonest_error_and_the_middle_latency() -> None:
    said = [
        outcome(DOWN, "timeout", region="a", latency_ms=None),
        outcome(DOWN, "http_500", region="b", latency_ms=90),
        outcome(DOWN, "http_500", region="c", latency_ms=110),
    ]
    found = judge(said, quorum=None, regions=3)
    assert (found.error_code, found.latency_ms) == ("http_500", 90)


@given(VERDICTS, st.none() | st.integers(1, 8))
def test_what_always_holds(found: list[Verdict], quorum: int | None) -> None:
    said = [outcome(v, region=f"r{n}") for n, v in enumerate(found)]
    verdict = judge(said, quorum=quorum, regions=len(said)).verdict
    known = {v for v in found if v != UNKNOWN}
    assert (verdict == UNKNOWN) == (not known)
    assert (verdict == UP) == (known == {UP})
    # One region more that fails never makes it look better.
    worse = [*said, outcome(DOWN, region="one more")]
    order = [UNKNOWN, UP, DEGRADED, DOWN]
    again = judge(worse, quorum=quorum, regions=len(said)).verdict
    assert order.index(again) >= order.index(verdict)


def test_the_first_three_flips_of_an_hour_are_never_delayed() -> None:
    memory, current = Damping(), UP
    for minute, found in enumerate([DOWN, UP, DOWN]):
        is_believed, memory = damped(current, found, memory, at=after(minutes=minute))
        assert is_believed
        current = found
    assert len(memory.flipped_at) == FREE_FLIPS
    is_believed, memory = damped(current, UP, memory, at=after(minutes=3))
    assert not is_believed
    assert (memory.held, memory.held_since) == (UP, after(minutes=3))
    assert not damped(current, UP, memory, at=after(minutes=4))[0]
    assert damped(current, UP, memory, at=after(minutes=5))[0]


def test_what_does_not_hold_is_forgotten() -> None:
    memory = Damping((NOON, NOON, NOON), UP, after(minutes=1))
    assert damped(DOWN, DOWN, memory, at=after(minutes=2)) == (False, Damping((NOON,) * 3))
    # Something else than what was held begins to count anew.
    _, other = damped(DOWN, DEGRADED, memory, at=after(minutes=2))
    assert other.held_since == after(minutes=2)
    assert damped(DOWN, UP, Damping((NOON,) * 9), at=NOON + HOUR)[0]


@given(st.lists(st.tuples(st.integers(1, 900), st.sampled_from([UP, DEGRADED, DOWN]))))
def test_a_flapping_monitor_is_told_of_seldom_and_in_the_end(
    steps: list[tuple[int, Verdict]],
) -> None:
    memory, current, at = Damping(), UP, NOON
    told: list[datetime] = []
    for pause_s, found in steps:
        at += timedelta(seconds=pause_s)
        recent = [moment for moment in told if at - moment < HOUR]
        is_believed, memory = damped(current, found, memory, at=at)
        if found != current and len(recent) < FREE_FLIPS:
            assert is_believed
        if is_believed:
            current = found
            told.append(at)
    assert len([moment for moment in told if at - moment < HOUR]) <= FREE_FLIPS + 12
    # Whatever lasts is told at last.
    for found in (UP, DOWN):
        if found != current:
            is_believed, after_it = damped(current, found, memory, at=at)
            assert is_believed or damped(current, found, after_it, at=at + LONGEST_HOLD)[0]


@given(st.lists(st.integers(0, 70 * 60), max_size=9), st.sampled_from([UP, DEGRADED]))
def test_a_held_flip_is_told_when_it_is_said_to_be(ago_s: list[int], found: Verdict) -> None:
    flips = tuple(NOON - timedelta(seconds=ago) for ago in sorted(ago_s, reverse=True))
    is_believed, memory = damped(DOWN, found, Damping(flips), at=NOON)
    told_at = told_at_earliest(memory)
    assert (told_at is None) is is_believed
    if told_at is not None:
        assert NOON < told_at <= NOON + LONGEST_HOLD
        assert damped(DOWN, found, memory, at=told_at)[0]
        assert not damped(DOWN, found, memory, at=told_at - timedelta(microseconds=1))[0]


def test_what_is_not_known_neither_waits_nor_counts() -> None:
    memory = Damping((NOON,) * 9)
    assert damped(UP, UNKNOWN, memory, at=NOON) == (True, memory)
    assert damped(UNKNOWN, DOWN, memory, at=NOON) == (True, memory)
