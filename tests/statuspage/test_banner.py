from itertools import pairwise

import pytest

from statuspage.reading.banner import MILDEST_FIRST, banner_for

TEXTS = {
    "critical": ("Major System Outage", "critical"),
    "major": ("Partial System Disruption", "major"),
    "minor": ("Minor Service Degradation", "minor"),
    None: ("Service Notice", "none"),
}


def test_nothing_wrong_is_all_operational() -> None:
    banner = banner_for([])
    assert (banner.text, banner.indicator, banner.tone) == (
        "All Systems Operational",
        "none",
        "ok",
    )


@pytest.mark.parametrize("severity", TEXTS)
def test_each_severity_has_its_words(severity: str | None) -> None:
    banner = banner_for([severity])
    assert (banner.text, banner.indicator) == TEXTS[severity]


def test_the_worst_severity_wins() -> None:
    assert banner_for(["minor", None, "critical", "major"]).indicator == "critical"
    assert banner_for([None, "minor"]).text == "Minor Service Degradation"


def test_running_maintenance_outranks_only_the_all_clear() -> None:
    assert banner_for([], is_under_maintenance=True).text == "Under Maintenance"
    assert banner_for([None], is_under_maintenance=True).text == "Service Notice"
    assert banner_for(["minor"], is_under_maintenance=True).indicator == "minor"


@pytest.mark.parametrize(
    ("state", "indicator"),
    [
        ("operational", "none"),
        ("maintenance", "maintenance"),
        ("degraded", "minor"),
        ("partial_outage", "major"),
        ("major_outage", "critical"),
    ],
)
def test_a_reported_component_counts_like_the_incident_it_might_be(
    state: str, indicator: str
) -> None:
    assert banner_for([], reported=["operational", state]).indicator == indicator


def test_levels_are_told_apart_without_colour() -> None:
    assert len({banner.level for banner in MILDEST_FIRST}) == len(MILDEST_FIRST)
    assert all(one.text != other.text for one, other in pairwise(MILDEST_FIRST))
