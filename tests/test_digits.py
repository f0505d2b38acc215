"""Numbers in texts from outside."""

import pytest

from atender.digits import whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("99999", 99_999)])
def test_ascii_digits_are_a_number(text: str, number: int) -> None:
    assert whole_number(text, digits=5) == number


@pytest.mark.parametrize(
    "text", ["", " 1", "1\n", "-1", "+1", "1.0", "1_0", "²", "٣", "१", "9" * 5000]
)
def test_nothing_else_is(text: str) -> None:
    assert whole_number(text, digits=5) is None
