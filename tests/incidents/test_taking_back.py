"""An incident that is taken back leaves its components' past as it was, and to be opened again."""

from collections import defaultdict
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from incidents.correcting import change_incident
from incidents.lifecycle import Facts, delete_incident, open_incident, post_update
from incidents.models import ComponentState, Incident, Page, StateInterval
from incidents.publishing import take_off
from incidents.timeline import withdraw_update
from incidents.transitions import Saying
from tests.factories import STAFF, component, default_page, make_incident, partner_page

pytestmark = pytest.mark.usefixtures("acme")
HOUR = timedelta(hours=1)


def felt(page: Page | None = None) -> dict[str, int]:
    """The minutes for which the API was in which state."""
    now = timezone.now()
    found: dict[str, timedelta] = defaultdict(timedelta)
    for each in StateInterval.objects.filter(page=page):
        found[each.state] += (each.ended_at or now) - each.started_at
    return {state: round(t / timedelta(minutes=1)) for state, t in found.items() if t.seconds > 30}


def opened(
    began: datetime,
    *pages: Page,
    severity: str = "critical",
    ended: datetime | None = None,
    impact: str | None = None,
) -> Incident:
    return open_incident(
        "API down",
        by=STAFF,
        severity=severity,
        first=Saying(status="resolved" if ended else "investigating", hold=timedelta(seconds=20)),
        facts=Facts(
            components=[component()],
            impacts={component().pk: impact} if impact else {},
            pages=pages or [default_page()],
        ),
        started_at=began,
        ended_at=ended,
    )


def undo(incident: Incident) -> None:
    withdraw_update(incident.updates.get(), by=STAFF)


@pytest.mark.parametrize("earlier", [timedelta(), HOUR])
def test_what_is_opened_again_lasts_as_long_as_is_said(earlier: timedelta) -> None:
    began = timezone.now() - 3 * HOUR
    undo(opened(began))
    assert felt() == felt(default_page()) == {}
    opened(began - earlier)
    assert felt() == felt(default_page()) == {"major_outage": (3 * HOUR + earlier).seconds // 60}


def test_what_was_beneath_is_as_it_was_since_when_it_was() -> None:
    began = timezone.now() - 5 * HOUR
    make_incident("Slow", severity="minor", started_at=began)
    undo(opened(began + 2 * HOUR))
    row = StateInterval.objects.get(page=None)
    assert (row.state, row.started_at, row.ended_at) == ("degraded", began, None)
    assert ComponentState.objects.get(page=None).since == began
    opened(began + HOUR)
    assert felt() == {"degraded": 60, "major_outage": 240}


def test_what_changed_after_the_start_that_is_claimed_stays() -> None:
    now = timezone.now()
    slow = make_incident("Slow", severity="minor", at=now - 2 * HOUR)
    post_update(slow, by=STAFF, saying=Saying(severity="critical"), at=now - HOUR)
    post_update(slow, by=STAFF, saying=Saying(status="resolved"), at=now - HOUR / 2)
    before = felt()
    wrong = opened(now - 3 * HOUR, severity="major")
    assert felt() == {**before, "partial_outage": 30}
    undo(wrong)
    assert felt() == before == {"degraded": 60, "major_outage": 30}


def test_what_another_was_once_does_not_come_back() -> None:
    now = timezone.now()
    other = make_incident("Down", severity="critical", at=now - 5 * HOUR)
    post_update(other, by=STAFF, saying=Saying(severity="minor"), at=now - 2 * HOUR)
    before = felt()
    undo(opened(now - 3 * HOUR))
    assert felt() == before == {"major_outage": 180, "degraded": 120}


def test_what_was_changed_meanwhile_goes_with_it() -> None:
    wrong = opened(timezone.now() - 3 * HOUR)
    change_incident(wrong, by=STAFF, impacts={component().pk: "degraded"})
    undo(wrong)
    assert felt() == felt(default_page()) == {}


def test_a_page_that_it_was_taken_off_keeps_nothing_of_it() -> None:
    wrong = opened(timezone.now() - 3 * HOUR)
    take_off(wrong, pages=[default_page()], by=STAFF)
    undo(wrong)
    assert felt(default_page()) == {}


def test_what_others_wrote_down_of_that_time_stays() -> None:
    now = timezone.now()
    opened(now - 2 * HOUR, ended=now - HOUR)
    undo(opened(now - 3 * HOUR, severity="major"))
    assert felt() == felt(default_page()) == {"major_outage": 60}
    opened(now - 3 * HOUR, severity="major")
    assert felt() == {"major_outage": 60, "partial_outage": 180}


def test_one_of_the_past_leaves_alone_what_is_alike_on_other_pages() -> None:
    began = timezone.now() - 3 * HOUR
    opened(began, default_page(), ended=began + HOUR)
    undo(opened(began, partner_page(), ended=began + HOUR))
    assert felt() == felt(default_page()) == {"major_outage": 60}


@pytest.mark.parametrize("impact", ["operational", "degraded", "major_outage"])
def test_one_of_the_past_takes_no_row_that_is_not_its_own(impact: str) -> None:
    began = timezone.now() - 3 * HOUR
    opened(began, ended=began + HOUR)
    undo(opened(began, ended=began + HOUR, impact=impact))
    assert felt() == felt(default_page()) == {"major_outage": 60}


def test_after_a_deletion_an_incident_may_begin_before_what_is_left() -> None:
    now = timezone.now()
    wrong = make_incident("Slow", severity="minor", started_at=now - 3 * HOUR)
    make_incident("Slow, too", severity="minor", started_at=now - HOUR)
    delete_incident(wrong, by=STAFF)
    assert felt() == {"degraded": 60}
    opened(now - 2 * HOUR)
    assert felt() == {"major_outage": 60}


def test_what_was_deleted_may_be_opened_again() -> None:
    began = timezone.now() - 3 * HOUR
    delete_incident(opened(began), by=STAFF)
    opened(began)
    assert felt() == {"major_outage": 180}
