"""What `make bench SCENARIO=waves` measures, on less of it: the bars are below what it reaches."""

import pytest

from tests.bench import waves


@pytest.mark.parametrize("half", [0, 1], ids=["tuned", "held out"])
def test_waves_are_found_and_ordinary_days_are_quiet(
    half: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waves, "DAYS", 1)
    monkeypatch.setattr(waves, "REPLAYS", 27)
    _, about, others = waves.halves()[half]
    figures = waves.measured(about, others)
    assert figures["found_by_5th"] >= 0.85
    assert figures["found"] >= 0.9
    assert figures["false_per_5000"] <= 2
