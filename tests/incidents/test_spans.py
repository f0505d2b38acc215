import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.backfill import Told
from incidents.models.vocabulary import ComponentStateName as State
from incidents.models.vocabulary import Kind, Status
from incidents.spans import spans_of

BEGIN = datetime(2026, 9, 1, 10, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return BEGIN + timedelta(minutes=minutes)


def told(minutes: float, status: str | None, **states: str) -> Told:
    return Told(
        key=str(minutes),
        status=Status(status) if status else None,
        text="",
        at=at(minutes),
        states={name: State(state) for name, state in states.items()},
    )


def spans(
    *entries: Told, until: float, kind: Kind = Kind.INCIDENT, **defaults: str
) -> list[tuple[str, str, float, float]]:
    found = spans_of(
        entries,
        {name: State(state) for name, state in defaults.items()},
        kind=kind,
        started_at=at(0),
        until=at(until),
    )
    return [
        (
            span.component_id,
            span.state,
            (span.started_at - BEGIN) / timedelta(minutes=1),
            (span.ended_at - BEGIN) / timedelta(minutes=1),
        )
        for span in found
    ]


def test_a_default_lasts_from_beginning_to_end() -> None:
    entries = told(5, "investigating"), told(30, "monitoring"), told(60, "resolved")
    assert spans(*entries, until=60, api="degraded") == [("api", "degraded", 0, 60)]


def test_what_is_told_goes_before_the_default() -> None:
    entries = (
        told(5, "investigating", api="major_outage"),
        told(30, "monitoring", api="degraded"),
        told(60, "resolved"),
    )
    assert spans(*entries, until=60, api="partial_outage") == [
        ("api", "major_outage", 0, 30),
        ("api", "degraded", 30, 60),
    ]


def test_a_component_that_is_told_of_later_was_well_before() -> None:
    entries = told(0, "investigating"), told(20, None, web="partial_outage"), told(60, "resolved")
    assert spans(*entries, until=60, web="degraded") == [("web", "partial_outage", 20, 60)]


def test_one_that_recovers_early_is_well_from_then_on() -> None:
    entries = (
        told(0, "investigating", api="major_outage", web="degraded"),
        told(20, "identified", web="operational"),
        told(60, "resolved", api="operational"),
    )
    assert spans(*entries, until=60) == [
        ("api", "major_outage", 0, 60),
        ("web", "degraded", 0, 20),
    ]


def test_between_resolving_and_reopening_all_is_well() -> None:
    entries = (
        told(0, "investigating"),
        told(20, "resolved"),
        told(40, "investigating"),
        told(60, "resolved"),
    )
    assert spans(*entries, until=60, api="degraded") == [
        ("api", "degraded", 0, 20),
        ("api", "degraded", 40, 60),
    ]


def test_planned_work_is_felt_once_it_begins() -> None:
    entries = (
        told(0, "scheduled", api="maintenance"),
        told(120, "in_progress"),
        told(150, "verifying"),
        told(180, "completed"),
    )
    found = [("api", "maintenance", 120, 180)]
    assert spans(*entries, until=180, kind=Kind.MAINTENANCE) == found
    silent = [told((e.at - BEGIN) / timedelta(minutes=1), e.status) for e in entries]
    assert spans(*silent, until=180, kind=Kind.MAINTENANCE, api="maintenance") == found


def test_planned_work_that_was_cancelled_is_never_felt() -> None:
    entries = told(0, "scheduled"), told(60, "cancelled")
    assert spans(*entries, until=60, kind=Kind.MAINTENANCE, api="maintenance") == []


@pytest.mark.parametrize("end", [0, 30])
def test_no_span_is_empty_or_turned(end: float) -> None:
    entries = told(0, "investigating"), told(0, "identified", api="degraded"), told(0, "resolved")
    assert spans(*entries, until=end, web="degraded") == []


STATUSES = st.sampled_from(["investigating", "identified", "monitoring", "resolved", None])
STATES = st.sampled_from([state.value for state in State])


@given(
    st.lists(st.tuples(st.integers(0, 90), STATUSES, st.dictionaries(st.just("api"), STATES))),
    st.integers(0, 30),
)
def test_spans_never_overlap_and_lie_within(
    steps: list[tuple[int, str | None, dict[str, str]]], more: int
) -> None:
    ordered = sorted(steps, key=lambda step: step[0]) or [(0, "investigating", {})]
    until = ordered[-1][0] + more
    found = spans(*(told(m, s, **states) for m, s, states in ordered), until=until, api="degraded")
    assert all(0 <= start < end <= until for _, _, start, end in found)
    assert all(a[3] <= b[2] for a, b in itertools.pairwise(found))
    assert all(state != State.OPERATIONAL for _, state, _, _ in found)
