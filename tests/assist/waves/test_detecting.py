"""Which complaints are a wave: the same in the same words or in others, more than is usual."""

from datetime import UTC, datetime, timedelta

import pytest

from assist.waves.detecting import LEVELS, Report, find_wave
from assist.waves.faults import hear

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BEGAN = NOON - timedelta(hours=20)
SAID_DIFFERENTLY = (
    "couldn't take out cash, it said declined",
    "the machine won't give me money",
    "why can I not get cash with my card",
)


def reports(texts: tuple[str, ...], first: datetime, apart: timedelta) -> list[Report]:
    """One customer each, in this order."""
    return [
        Report(f"{first} {place}", f"{first} {place}", first + place * apart, hear(text).fault)
        for place, text in enumerate(texts)
    ]


def found(texts: tuple[str, ...], before: tuple[str, ...] = ()) -> int:
    """How many make the wave that the last of them is in, after a day with these before."""
    recent = reports(texts, NOON, timedelta(minutes=1))
    earlier = reports(before, BEGAN, timedelta(hours=19) / max(len(before), 1))
    return len(find_wave(recent[-1], recent, earlier, since=BEGAN) or ())


def test_the_same_said_differently_is_a_wave() -> None:
    assert found(SAID_DIFFERENTLY[:2]) == 0
    assert found(SAID_DIFFERENTLY) == 3


def test_what_is_near_it_all_day_hides_none_who_say_the_very_same() -> None:
    usual = ("my card payment is pending", "a card payment does not go through") * 30
    assert found(("my card was declined",) * 4, before=usual) == 4


@pytest.mark.parametrize("text", ["my card was declined", "I cannot log in"])
def test_what_is_said_all_day_is_no_wave(text: str) -> None:
    assert found((text,) * 3) == 3
    assert found((text,) * 3, before=(text,) * 30) == 0


@pytest.mark.parametrize(
    ("text", "customers"),
    [
        ("I was charged twice for my payment", 3),
        ("Ödeme için iki kez ücret alındı", 3),
        ("how much is it if I order two times per month", 0),
        ("is there a fee for a duplicate statement", 0),
    ],
)
def test_who_was_charged_twice_asks_for_no_price(text: str, customers: int) -> None:
    assert found((text,) * 3) == customers


def test_the_degrees_of_likeness_rise() -> None:
    """The search stops at the first degree that too few reach."""
    assert list(LEVELS) == sorted(set(LEVELS))
