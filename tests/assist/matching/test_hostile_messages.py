import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assist.matching import ActiveIncident, build_index, match

INDEX = build_index(
    [ActiveIncident(str(n), f"Card payments failing {n}", "Payments fail.") for n in range(20)]
)
LONGEST_S = 1.0


@pytest.mark.parametrize(
    "message",
    [
        "",
        " \n\t ",
        "\x00",
        "card\x00declined\x00",
        "🔥😡🔥" * 50,
        "a" * 100_000,
        "card declined " * 8_000,
        ".\n" * 50_000,
        "> " * 50_000,
        "thanks, " * 12_000,
        "'" * 100_000,
        "我的卡 بطاقتي карта card カード " * 3_000,
        "\u202e\u200f\u0301" * 1_000,
        "\ud800 lone surrogate",
    ],
    ids=lambda message: repr(message[:12]),
)
def test_hostile_text_is_answered_in_bounded_time(message: str) -> None:
    # Time of the processor, which a busy machine does not make longer.
    started = time.process_time()
    match(message, INDEX)

    assert time.process_time() - started < LONGEST_S


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_answered(message: str) -> None:
    found = match(message, INDEX)

    assert all(0 <= one.confidence <= 1 for one in found.matches)


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=255), st.text(max_size=300), st.text(max_size=60))
def test_any_incident_can_be_indexed(title: str, body: str, component: str) -> None:
    match("my card was declined", [ActiveIncident("x", title, body, (component,))])
