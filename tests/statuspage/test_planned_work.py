"""Planned work as visitors read it: its window, where it moved, how often it comes again."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from incidents.planned.planning import extend_window, start_maintenance
from tests.factories import STAFF
from tests.incidents.planned import DAY, HOUR, clock_strikes, plan
from tests.incidents.recurring import plan as plan_recurring
from tests.incidents.recurring import soonest

pytestmark = pytest.mark.usefixtures("acme")


def test_a_new_window_stands_on_the_timeline(visitor: Client) -> None:
    incident = plan(DAY)
    extend_window(incident, by=STAFF, length=HOUR)
    page = visitor.get(f"/maintenance/{incident.pk}").content.decode()
    assert "New window" in page
    assert "Get updates on this maintenance" in page
    record = visitor.get("/api/v2/scheduled-maintenances.json").json()["scheduled_maintenances"][0]
    assert record["incident_updates"][0]["body"].startswith("New window: ")
    assert b"New window" in visitor.get("/history.atom").content


def test_of_a_series_the_front_page_shows_the_next_one(visitor: Client) -> None:
    series = plan_recurring()
    front = visitor.get("/").content.decode()
    assert front.count("Weekly restart") == 1
    assert "every week" in front
    page = visitor.get(f"/maintenance/{soonest(series).pk}").content.decode()
    assert "every week" in page
    records = visitor.get("/api/v2/scheduled-maintenances/upcoming.json").json()
    assert len(records["scheduled_maintenances"]) == 5


def test_one_begun_early_shows_when_it_began(visitor: Client) -> None:
    incident = plan(2 * HOUR)
    start_maintenance(incident, by=STAFF)
    page = visitor.get("/").content.decode()
    assert "Under Maintenance" in page
    record = visitor.get("/api/v2/scheduled-maintenances/active.json").json()
    (planned,) = record["scheduled_maintenances"]
    assert planned["started_at"] < planned["scheduled_for"]


def test_one_written_down_late_lasted_as_long_as_its_window(visitor: Client) -> None:
    plan(-timedelta(days=2), lasts=HOUR)
    clock_strikes(timezone.now())
    assert "lasted 1 h" in visitor.get("/").content.decode()
