"""A deleted incident leaves nothing in its components' uptime; what others made of it stays."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from incidents.catalogue.components import change_component, report_state
from incidents.catalogue.watching import watch_components
from incidents.correcting import change_incident
from incidents.lifecycle import Facts, delete_incident, open_incident, post_update
from incidents.models import ComponentState, Incident, StateInterval
from incidents.publishing import take_off
from incidents.transitions import Saying
from monitors.models import Verdict
from tests.alerts.making import probe
from tests.alerts.test_outages import found
from tests.factories import STAFF, component, default_page
from tests.incidents.planned import plan

pytestmark = pytest.mark.usefixtures("acme")
NINE = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)


def after(minutes: int) -> datetime:
    return NINE + timedelta(minutes=minutes)


def opened(minute: int, severity: str) -> Incident:
    return open_incident(
        f"{severity} trouble",
        by=STAFF,
        severity=severity,
        facts=Facts(components=[component()], pages=[default_page()]),
        at=after(minute),
    )


def followed() -> None:
    """A monitor watches the component, and is believed."""
    watch_components(probe(), [component()], by=STAFF)
    change_component(component(), by=STAFF, follows_monitors=True)


def said(incident: Incident, minute: int, **saying: str) -> None:
    post_update(incident, by=STAFF, at=after(minute), saying=Saying(**saying))  # type: ignore[arg-type]


def past() -> list[tuple[str, int, int | None]]:
    """States with their minutes from and until; what touches is one. Alike in both places."""
    found = [_past(default_page().pk), _past(None)]
    assert found[0] == found[1]
    return found[0]


def _past(page_id: str | None) -> list[tuple[str, int, int | None]]:
    rows = StateInterval.objects.filter(component=component(), page=page_id)
    joined: list[tuple[str, int, int | None]] = []
    for row in rows.order_by("started_at"):
        start = round((row.started_at - NINE) / timedelta(minutes=1))
        end = None if row.ended_at is None else round((row.ended_at - NINE) / timedelta(minutes=1))
        if joined and joined[-1][::2] == (row.state, start):
            joined[-1] = (row.state, joined[-1][1], end)
        else:
            joined.append((row.state, start, end))
    return joined


@pytest.mark.parametrize("is_over", [True, False])
def test_what_is_deleted_was_never_there(is_over: bool) -> None:
    wrong = opened(10, "minor")
    said(wrong, 20, severity="critical")
    if is_over:
        said(wrong, 30, status="resolved")
    assert past()[:2] == [("degraded", 10, 20), ("major_outage", 20, 30 if is_over else None)]
    delete_incident(wrong, by=STAFF, at=after(40))
    assert past() == []


def test_what_another_incident_makes_of_it_stays() -> None:
    other = opened(0, "minor")
    wrong = opened(10, "critical")
    said(wrong, 30, status="resolved")
    said(other, 50, status="resolved")
    assert past() == [("degraded", 0, 10), ("major_outage", 10, 30), ("degraded", 30, 50)]
    delete_incident(wrong, by=STAFF, at=after(60))
    assert past() == [("degraded", 0, 50)]


def test_where_two_were_alike_the_time_of_the_other_stays() -> None:
    wrong = opened(0, "minor")
    other = opened(10, "minor")
    said(wrong, 20, status="resolved")
    assert past() == [("degraded", 0, None)]
    delete_incident(wrong, by=STAFF, at=after(30))
    assert past() == [("degraded", 10, None)]
    said(other, 40, status="resolved")
    assert past() == [("degraded", 10, 40)]


def test_what_is_still_open_beneath_goes_on() -> None:
    opened(0, "minor")
    wrong = opened(10, "critical")
    delete_incident(wrong, by=STAFF, at=after(30))
    assert past() == [("degraded", 0, None)]
    assert ComponentState.objects.get(page=None).state == "degraded"


def test_what_is_reported_stays() -> None:
    with time_machine.travel(after(0), tick=False):
        report_state(component(), state="degraded", by=STAFF)
    wrong = opened(10, "critical")
    said(wrong, 30, status="resolved")
    delete_incident(wrong, by=STAFF, at=after(60))
    assert past() == [("degraded", 0, None)]


def test_what_monitors_saw_stays_whole() -> None:
    """Else an outage were lost that was one, whatever was said of it."""
    followed()
    found(probe(), Verdict.DOWN, at=after(10))
    wrong = opened(12, "critical")
    found(probe(), Verdict.UP, at=after(30))
    said(wrong, 40, status="resolved")
    before = past()
    assert before[0][1] == 10
    assert before[-1][2] == 40
    delete_incident(wrong, by=STAFF, at=after(60))
    assert past() == before


def test_a_report_before_it_began_is_known_still() -> None:
    followed()
    found(probe(), Verdict.DOWN, at=after(0))
    found(probe(), Verdict.UP, at=after(5))
    outage = past()
    said(wrong := opened(10, "critical"), 30, status="resolved")
    delete_incident(wrong, by=STAFF, at=after(60))
    assert past() == outage


def test_of_two_that_were_adjusted_none_loses_what_it_was_before() -> None:
    other = opened(0, "critical")
    said(wrong := opened(10, "critical"), 15, status="resolved")
    change_incident(other, by=STAFF, impacts={component().pk: "degraded"}, at=after(20))
    delete_incident(wrong, by=STAFF, at=after(60))
    assert past() == [("major_outage", 0, 20), ("degraded", 20, None)]


def test_another_that_was_taken_off_the_page_keeps_its_time_there() -> None:
    other = opened(0, "critical")
    said(wrong := opened(5, "critical"), 15, status="resolved")
    said(other, 20, status="resolved")
    take_off(other, pages=[default_page()], by=STAFF)
    delete_incident(wrong, by=STAFF, at=after(60))
    assert past() == [("major_outage", 0, 20)]


def test_what_was_before_and_afterwards_stays() -> None:
    for minute in (0, 60):
        said(opened(minute, "major"), minute + 10, status="resolved")
    wrong = opened(20, "major")
    said(wrong, 30, status="resolved")
    delete_incident(wrong, by=STAFF, at=after(90))
    assert past() == [("partial_outage", 0, 10), ("partial_outage", 60, 70)]


def test_a_past_one_takes_only_its_own_with_it() -> None:
    wrong, _other = (
        open_incident(
            "It was down",
            by=STAFF,
            severity="critical",
            first=Saying(status="resolved"),
            facts=Facts(components=[component()], pages=[default_page()]),
            started_at=after(0),
            ended_at=after(30),
            at=after(60),
        )
        for _ in range(2)
    )
    delete_incident(wrong, by=STAFF, at=after(70))
    assert past() == [("major_outage", 0, 30)]


def test_planned_work_that_never_began_takes_nothing_with_it() -> None:
    work = plan()
    trouble = opened(0, "minor")
    said(trouble, 10, status="resolved")
    delete_incident(work, by=STAFF)
    assert past() == [("degraded", 0, 10)]
