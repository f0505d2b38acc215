"""Whether promised updates came in time: plain arithmetic, then the record."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from incidents.correcting import change_incident
from incidents.lifecycle import delete_incident, post_update
from incidents.models import Incident
from incidents.promises.keeping import promises_due, promises_of
from incidents.promises.outcomes import Outcome, Said, promises_in, tally, warn_at
from incidents.publishing import publish
from incidents.timeline import withdraw_update
from incidents.transitions import Saying
from tests.factories import STAFF, default_page, make_incident

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OUTCOMES: dict[str, tuple[list[tuple[int, bool, int | None]], float, Outcome]] = {
    "nothing yet": ([], 29, Outcome.OPEN),
    "nothing at its very time": ([], 30, Outcome.OPEN),
    "nothing a second later": ([], 30.02, Outcome.MISSED),
    "a word": ([(20, True, None)], 40, Outcome.KEPT),
    "a word at its very time": ([(30, True, None)], 40, Outcome.KEPT),
    "a word too late": ([(31, True, None)], 40, Outcome.MISSED),
    "a private note": ([(20, False, None)], 40, Outcome.MISSED),
    "moved in time": ([(20, False, 60)], 40, Outcome.MOVED),
    "moved too late": ([(31, False, 60)], 40, Outcome.MISSED),
    "a word that promises again": ([(20, True, 60)], 40, Outcome.KEPT),
    "moved, then a word": ([(10, False, 60), (20, True, None)], 40, Outcome.MOVED),
}


def at(minutes: float) -> datetime:
    return NOON + minutes * MINUTE


@pytest.mark.parametrize("story", OUTCOMES)
def test_what_becomes_of_a_promise(story: str) -> None:
    later, now, outcome = OUTCOMES[story]
    timeline = [Said(NOON, is_word=True, promises=at(30))]
    timeline += [Said(at(m), is_word=w, promises=at(p) if p else None) for m, w, p in later]
    assert promises_in(timeline, now=at(now))[0].outcome == outcome


def test_how_late() -> None:
    promise = [Said(NOON, is_word=True, promises=at(30))]
    (so_far,) = promises_in(promise, now=at(34))
    assert so_far.late_by(at(34)) == 4 * MINUTE
    (late,) = promises_in([*promise, Said(at(36), is_word=True)], now=at(90))
    assert (late.settled_at, late.late_by(at(90))) == (at(36), 6 * MINUTE)
    (kept,) = promises_in([*promise, Said(at(20), is_word=True)], now=at(90))
    assert kept.late_by(at(90)) == timedelta(0)


def test_the_rate_is_of_those_that_fell_due() -> None:
    stories = [
        promises_in([Said(NOON, is_word=True, promises=at(30))], now=at(now)) for now in (9, 99)
    ]
    counted = tally([promise for promises in stories for promise in promises])
    assert (counted.open, counted.missed, counted.rate) == (1, 1, 0.0)
    assert tally([]).rate is None


@given(
    st.lists(
        st.tuples(st.integers(0, 90), st.booleans(), st.none() | st.integers(1, 60)), max_size=8
    ),
    st.integers(0, 150),
)
def test_every_promise_has_one_outcome_and_the_past_does_not_change(
    entries: list[tuple[int, bool, int | None]], now: int
) -> None:
    timeline = [
        Said(at(m), is_word=w, promises=at(m + p) if p else None)
        for m, w, p in sorted(entries, key=lambda entry: entry[0])
    ]
    promises = promises_in(timeline, now=at(now))
    assert len(promises) == sum(said.promises is not None for said in timeline)
    later = promises_in(timeline, now=at(200))
    for promise, then in zip(promises, later, strict=True):
        assert then.outcome != Outcome.OPEN
        assert promise.outcome in (Outcome.OPEN, then.outcome)
        if then.outcome == Outcome.KEPT:
            assert then.settled_at is not None
            assert then.made_at <= then.settled_at <= then.due_at


@pytest.mark.parametrize(("minutes", "warned"), [(60, 55), (15, 10), (6, 1), (4, 2), (5, 2.5)])
def test_staff_are_warned_five_minutes_before_or_half_way(minutes: int, warned: float) -> None:
    assert warn_at(NOON, at(minutes)) == at(warned)


def promised(incident: Incident, after: timedelta, by: timedelta, **words: object) -> None:
    """Say something `after` its start that promises more `by` a time after it."""
    start = incident.started_at
    saying = Saying(next_update_by=start + by, **{"body": "Still slow.", **words})  # type: ignore[arg-type]
    post_update(incident, by=STAFF, saying=saying, at=start + after)


@pytest.fixture
def long_ago(acme: object) -> Incident:
    return make_incident(at=timezone.now() - 5 * 60 * MINUTE)


def outcomes(incident: Incident) -> list[str]:
    incident.refresh_from_db()
    return [promise.outcome for promise in promises_of(incident, now=timezone.now())]


def test_the_timeline_says_what_was_kept(long_ago: Incident) -> None:
    promised(long_ago, MINUTE, 30 * MINUTE)
    promised(long_ago, 30 * MINUTE, 60 * MINUTE)
    promised(long_ago, 70 * MINUTE, 80 * MINUTE, is_public=False)
    assert outcomes(long_ago) == ["kept", "missed", "missed"]


def test_resolving_early_keeps_the_promise_and_promises_nothing(long_ago: Incident) -> None:
    promised(long_ago, MINUTE, 30 * MINUTE)
    promised(long_ago, 20 * MINUTE, 60 * MINUTE, status="resolved", body="")
    assert outcomes(long_ago) == ["kept"]


def test_what_was_taken_back_kept_nothing(acme: object) -> None:
    incident = make_incident()
    promised(incident, MINUTE, 600 * MINUTE)
    hold = Saying(body="Here it is.", hold=timedelta(seconds=20))
    update = post_update(incident, by=STAFF, saying=hold, at=incident.started_at + 2 * MINUTE)
    assert outcomes(incident) == ["kept"]
    withdraw_update(update, by=STAFF)
    assert outcomes(incident) == ["open"]


def test_a_promise_that_nobody_could_read_is_none(acme: object) -> None:
    incident = make_incident(at=timezone.now() - 60 * MINUTE, pages=())
    promised(incident, MINUTE, 30 * MINUTE)
    promised(incident, 2 * MINUTE, 600 * MINUTE)
    assert outcomes(incident) == []
    publish(incident, pages=[default_page()], by=STAFF)
    assert outcomes(incident) == ["open"]


def test_a_promise_is_moved_on_the_timeline(acme: object) -> None:
    incident = make_incident()
    promised(incident, MINUTE, 600 * MINUTE)
    until = incident.started_at + 700 * MINUTE
    at = incident.started_at + 2 * MINUTE
    change_incident(incident, by=STAFF, at=at, next_update_by=until)
    assert outcomes(incident) == ["moved", "open"]
    assert incident.next_update_by == until
    change_incident(incident, by=STAFF, at=at, title="API answers slowly")
    change_incident(incident, by=STAFF, at=at, next_update_by=until)
    assert incident.updates.count() == 3


def test_a_period_for_reports(
    long_ago: Incident, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    promised(long_ago, MINUTE, 30 * MINUTE)
    promised(long_ago, 20 * MINUTE, 100 * MINUTE)
    gone = make_incident(at=long_ago.started_at)
    promised(gone, MINUTE, 30 * MINUTE)
    delete_incident(gone, by=STAFF)
    start, now = long_ago.started_at, timezone.now()
    with django_assert_num_queries(2):
        found = promises_due(start, start + 100 * MINUTE, now=now)
    assert [(pk, promise.outcome) for pk, promise in found] == [(long_ago.id, "kept")]
    assert tally(p for _, p in promises_due(start, now, now=now)).rate == 0.5
