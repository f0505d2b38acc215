"""How long and how long ago, as staff read it: no line ends between a number and its unit."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from atender.console.spans import (
    before,
    length_in_full,
    length_words,
    shown_length,
    since_words,
    span_words,
)
from atender.console.times import moment

NOW = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
DAY, MINUTES, SECONDS = timedelta(days=1), timedelta(minutes=12), timedelta(seconds=40)


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (DAY, "1\N{NO-BREAK SPACE}d ago"),
        (MINUTES, "12\N{NO-BREAK SPACE}min ago"),
        (SECONDS, "40\N{NO-BREAK SPACE}s ago"),
        (-MINUTES, "in 12\N{NO-BREAK SPACE}min"),
        (timedelta(0), "just now"),
    ],
)
def test_how_long_ago(away: timedelta, words: str) -> None:
    with time_machine.travel(NOW, tick=False):
        assert since_words(NOW - away) == words
        assert f">{words}</time>" in moment(NOW - away)


def test_how_far() -> None:
    with time_machine.travel(NOW, tick=False):
        assert span_words(NOW + DAY) == "1\N{NO-BREAK SPACE}d"
    assert before(NOW - MINUTES, NOW) == "12\N{NO-BREAK SPACE}min before"


def test_a_length_stays_in_one_line_and_letters_have_plain_spaces() -> None:
    assert shown_length(timedelta(days=2, hours=4)) == "2 d 4 h".replace(" ", "\N{NO-BREAK SPACE}")
    assert length_words(timedelta(days=2, hours=4)) == "2 d 4 h"


@pytest.mark.parametrize(
    ("seconds", "short", "in_full"),
    [
        (-5, "0 s", "0 seconds"),
        (1, "1 s", "1 second"),
        (3_600, "1 h", "1 hour"),
        (90_061, "1 d 1 h", "1 day 1 hour"),
        (2 * 86_400 + 119, "2 d 1 min", "2 days 1 minute"),
    ],
)
def test_a_length_is_its_two_largest_units(seconds: int, short: str, in_full: str) -> None:
    span = timedelta(seconds=seconds)
    assert (length_words(span), length_in_full(span)) == (short, in_full)
