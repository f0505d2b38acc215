from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from atender.tenants.models import Tenant
from incidents.console.now import open_lines, planned_lines
from incidents.lifecycle import acknowledge, post_update
from incidents.transitions import Saying
from tests.factories import STAFF, make_incident
from tests.incidents.planned import plan
from tests.incidents.recurring import plan as plan_recurring
from tests.incidents.recurring import soonest


def now(client: Client) -> str:
    return client.get("/admin/").content.decode()


def test_it_is_where_one_lands_after_signing_in(console: Client) -> None:
    assert console.get("/")["Location"] == "/admin/"


def test_no_incident_is_open(console: Client) -> None:
    page = now(console)
    assert "No open incident<" in page
    assert "No incident has been recorded yet" in page
    assert "New incident" in page
    past = make_incident("Search shows results of last week")
    post_update(past, by=STAFF, saying=Saying(status="resolved"))
    page = now(console)
    assert "Search shows results of last week" in page
    assert "was resolved" in page


def test_who_has_it_in_one_click(console: Client) -> None:
    incident = make_incident()
    page = now(console)
    assert "1 open incident<" in page
    assert "Who has it: <strong>nobody" in page
    assert f"/admin/incidents/incident/{incident.pk}/acknowledge/" in page
    acknowledge(incident, by=STAFF)
    page = now(console)
    assert "Who has it: <strong>Alice" in page
    assert "/acknowledge/" not in page


def test_a_broken_promise_is_red(console: Client) -> None:
    ago = timezone.now() - timedelta(minutes=40)
    incident = make_incident(at=ago)
    promise = ago + timedelta(minutes=30)
    post_update(
        incident, by=STAFF, saying=Saying(body="More soon.", next_update_by=promise), at=ago
    )
    assert '<span class="late">update promised for' in now(console)
    post_update(incident, by=STAFF, saying=Saying(body="Here we are."))
    assert 'class="late"' not in now(console)


def test_internal_ones_are_marked_and_come_last(console: Client) -> None:
    make_incident("Public and quiet", severity="minor")
    make_incident("Internal and loud", severity="critical", pages=())
    make_incident("Public and loud", severity="critical")
    assert [line.incident.title for line in open_lines()] == [
        "Public and loud",
        "Public and quiet",
        "Internal and loud",
    ]
    assert "the public knows nothing of it" in now(console)


def test_planned_work_runs_first_then_comes_soonest_and_a_series_once(acme: Tenant) -> None:
    now = timezone.now()
    later, sooner, running = (plan(starts_in=timedelta(days=days)) for days in (4, 1, 6))
    series = plan_recurring("FREQ=DAILY", at=now, first=now + timedelta(days=2))
    post_update(running, by=STAFF, saying=Saying(status="in_progress"))
    expected = [running, sooner, soonest(series), later]
    assert [line.incident for line in planned_lines()] == expected


def test_components_that_are_not_well(console: Client) -> None:
    assert "All 3 components are operational" in now(console)
    make_incident(severity="critical")
    page = now(console)
    assert "Major outage" in page
    assert "Every other component is operational." in page


def test_a_viewer_reads_and_is_offered_nothing(bobs_console: Client) -> None:
    make_incident()
    page = now(bobs_console)
    assert "API response times degraded" in page
    assert "New incident" not in page
    assert "I have it" not in page


def test_anonymous(acme: object) -> None:
    response = Client(HTTP_HOST="acme.localhost").get("/admin/")
    assert response["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("count", [1, 4])
def test_four_open_incidents_cost_no_more_queries_than_one(
    console: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make_incident(f"Checkout fails in shop {number}")
    with django_assert_num_queries(2):
        open_lines()
