import pytest

from assist.matching import ActiveIncident, build_index
from assist.matching.matcher import prepare

INDEX = build_index([ActiveIncident("1", "Frobnicator outage", "", ("Frobnicator",))])


def mended(message: str) -> str:
    return " ".join(word.text for word in prepare(message, INDEX).words)


@pytest.mark.parametrize(
    ("message", "meant"),
    [
        ("my acount is blocked", "my account is blocked"),
        ("the paymentfailed again", "the payment failed again"),
        ("the frobnicatr is broken", "the frobnicator is broken"),
    ],
)
def test_a_lost_letter_or_space_is_mended(message: str, meant: str) -> None:
    assert mended(message) == meant


def test_words_that_are_right_stay() -> None:
    assert mended("my card was declined in the shop") == "my card was declined in the shop"
