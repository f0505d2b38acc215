"""What nearness in meaning adds to matching, and what it never does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assist.matching import ActiveIncident, build_index, match
from assist.matching.geometry import Floats
from assist.matching.matcher import NOTHING_SHARED
from assist.matching.meaning import LIFTED_FROM, MOST_LIFTED, WORTH_ALONE, lifted, nearness

SIGNING = ActiveIncident("a", "Electronic signing unavailable", "Documents cannot be signed.")
SLOW = ActiveIncident("b", "API response times degraded")
LATE = ActiveIncident("c", "Parcels delayed", "Deliveries take longer.")
UNFOUND = "my autograph is not taken, the box stays grey"
MESSAGES = [UNFOUND, "your api is super slow today", "where is my parcel?", "", "\N{GRINNING FACE}"]

numbers = st.floats(-50, 50, width=32)
pairs = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=8)


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("absent", [0.0, -30.0, LIFTED_FROM, float("nan")])
def test_what_is_absent_or_far_changes_nothing_at_all(message: str, absent: float) -> None:
    index = build_index([SIGNING, SLOW, LATE])
    near = np.full(3, absent, dtype=np.float32)
    assert match(message, index, near=near) == match(message, index)


def test_what_is_very_near_and_alone_is_found() -> None:
    index = build_index([SIGNING])
    assert match(UNFOUND, index).matches == ()
    (found,) = match(UNFOUND, index, near=np.array([9.0], dtype=np.float32)).matches
    assert found.is_card
    assert found.reasons == ()


def test_what_is_merely_near_makes_no_card_alone() -> None:
    index = build_index([SIGNING])
    found = match(UNFOUND, index, near=np.array([7.9], dtype=np.float32)).matches
    assert not any(one.is_card for one in found)


def test_what_is_as_near_to_another_makes_no_card_alone() -> None:
    index = build_index([SIGNING, SLOW])
    found = match(UNFOUND, index, near=np.array([9.0, 8.0], dtype=np.float32)).matches
    assert not any(one.is_card for one in found)


def test_of_many_only_what_is_nearer_and_leads_is_lifted() -> None:
    """Of eight that are active one is near by chance; and what is near to two tells neither."""

    def lifts(*near: float) -> float:
        scores = np.zeros(len(near), dtype=np.float32)
        return float(lifted(scores, np.array(near, dtype=np.float32))[0])

    others = [0.0] * 7
    assert lifts(7.0) == pytest.approx(MOST_LIFTED)
    assert lifts(7.0, *others) == 0
    assert 0 < lifts(7.5, *others) < lifts(10.0, *others) == pytest.approx(MOST_LIFTED)
    assert lifts(10.0, 7.5, *others) == 0


@given(pairs)
def test_it_lifts_by_little_and_never_lowers(given_pairs: list[tuple[float, float]]) -> None:
    scores, near = np.array(given_pairs, dtype=np.float32).T
    after = lifted(scores, near)
    assert (after >= scores).all()
    ceiling = np.maximum(scores, WORTH_ALONE) + np.float32(MOST_LIFTED)
    assert (after <= ceiling).all()
    assert (after[near <= LIFTED_FROM] == scores[near <= LIFTED_FROM]).all()


def test_nothing_shared_stays_far_below_whatever_is_shared() -> None:
    scores = np.array([NOTHING_SHARED, 2.0], dtype=np.float32)
    assert lifted(scores, np.array([9.0, 7.0], dtype=np.float32))[0] <= -7.0


def unit(*values: float) -> Floats:
    vector: Floats = np.array(values, dtype=np.float32)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def test_nearness_is_told_by_what_is_usual_whatever_the_scale() -> None:
    """A model for which everything is alike says as much as one for which nothing is."""
    rng = np.random.default_rng(1)
    ordinary = rng.normal(size=(12, 64)).astype(np.float32)
    incidents = rng.normal(size=(2, 64)).astype(np.float32)
    message = incidents[0] + 0.3 * rng.normal(size=64).astype(np.float32)
    found = []
    for alike in (0.0, 20.0):
        everything = [
            np.concatenate([np.atleast_2d(rows), np.full((len(np.atleast_2d(rows)), 1), alike)], 1)
            for rows in (message, incidents, ordinary)
        ]
        near, of, usual = (
            (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
            for rows in everything
        )
        found.append(nearness(near[0], of, usual, usual))
    for near in found:
        assert near[0] > 4 > 2 > near[1]


def test_a_language_that_is_all_alike_to_a_model_tells_little() -> None:
    rng = np.random.default_rng(2)
    english: Floats = (rng.normal(size=(12, 64)) / 8).astype(np.float32)
    incidents: Floats = (rng.normal(size=(1, 64)) / 8).astype(np.float32)
    foreign: Floats = (english[:1] + 0.1 * english).astype(np.float32)
    message = np.asarray(english[0] + 0.2 * incidents[0], dtype=np.float32)
    assert nearness(message, incidents, foreign, foreign)[0] > LIFTED_FROM
    assert nearness(message, incidents, foreign, english)[0] < LIFTED_FROM


def test_an_incident_without_a_vector_is_not_known() -> None:
    ordinary = np.stack([unit(1, number, 0) for number in range(12)])
    incidents = np.stack([unit(0, 0, 1), np.full(3, np.nan, dtype=np.float32)])
    near = nearness(unit(0, 0, 1), incidents, ordinary, ordinary)
    assert near[0] > 8
    assert np.isnan(near[1])
