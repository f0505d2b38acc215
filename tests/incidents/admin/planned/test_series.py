"""A series as a whole, and the lists of planned work."""

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from atender.ids import new_ulid
from incidents.models import MaintenanceSeries
from incidents.planned.planning import cancel_maintenance
from tests.factories import STAFF, component, default_page, make_incident
from tests.incidents.planned import DAY, HOUR, plan
from tests.incidents.recurring import NOW, soonest, times
from tests.incidents.recurring import plan as plan_recurring

LIST = "/admin/incidents/maintenance/"
SERIES = "/admin/incidents/maintenanceseries/"


def at(series: MaintenanceSeries, path: str = "change/") -> str:
    return f"{SERIES}{series.pk}/{path}"


def filled(**fields: Any) -> dict[str, Any]:
    return {
        "submission_id": new_ulid(),
        "title": "Weekly tidying",
        "components": [component("API").pk],
        "starts": "2094-03-07T03:00",
        "ends": "2094-03-07T04:00",
        "time_zone": "Europe/Berlin",
        "repeat": "weekly",
        "body": "We tidy up.",
        "notice": "1440",
        "pages": [default_page().pk],
        "is_silent": "on",
        **fields,
    }


@pytest.fixture(autouse=True)
def then() -> Any:
    with time_machine.travel(NOW):
        yield


def test_the_form_holds_what_the_series_is(console: Client) -> None:
    page = console.get(at(plan_recurring())).content.decode()
    assert "Every week on Sunday at 02:00 (Europe/Berlin)" in page
    assert 'value="weekly" checked' in page
    assert 'value="2094-03-07T02:00"' in page
    assert "Everything restarts, one after the other." in page
    assert "Sun 28 Mar 03:00 to 04:00 CEST" in page


@pytest.mark.parametrize("rule", ["FREQ=DAILY;BYDAY=MO;COUNT=9", "FREQ=MONTHLY;UNTIL=20991231"])
def test_a_rule_of_ones_own_comes_back_as_written(console: Client, rule: str) -> None:
    series = plan_recurring(rule)
    page = console.get(at(series)).content.decode()
    assert 'value="custom" checked' in page
    assert rule.rpartition(";")[0] in page


def test_what_lies_ahead_is_changed(console: Client) -> None:
    series = plan_recurring()
    assert console.post(at(series), filled())["Location"] == at(series)
    assert times(series)[:2] == ["07.03. 03:00", "14.03. 03:00"]
    assert soonest(series).title == "Weekly tidying"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": ""}, "A title is empty"),
        ({"repeat": ""}, "A series comes again"),
        ({"repeat": "custom", "rrule": "nonsense"}, "says how often"),
        ({"ends": ""}, "say when the first time ends"),
    ],
)
def test_what_is_wrong_changes_nothing(
    console: Client, fields: dict[str, str], sentence: str
) -> None:
    series = plan_recurring()
    response = console.post(at(series), filled(**fields))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert soonest(series).title == "Weekly restart"


def test_ending_asks_once(console: Client) -> None:
    series = plan_recurring()
    page = console.get(at(series, "end/")).content.decode()
    assert "5 that have not begun are withdrawn" in page
    console.post(at(series, "end/"), {"is_told": "on"})
    assert times(series) == []
    again = console.post(at(series, "end/"), follow=True).content.decode()
    assert "The series ended" in again
    assert "Change what lies ahead" not in again
    refused = console.post(at(series), filled(), follow=True)
    assert "plan a new one" in refused.content.decode()


def test_who_may_change_a_series(console: Client, responder: Client, bobs_console: Client) -> None:
    series = plan_recurring()
    for client in (responder, bobs_console):
        page = client.get(at(series))
        assert page.status_code == 200
        assert "Change what lies ahead" not in page.content.decode()
        assert client.post(at(series), filled()).status_code == 403
        assert client.post(at(series, "end/")).status_code == 403
    assert console.put(at(series, "end/")).status_code == 405
    assert console.get(f"{SERIES}01JD0000000000000000000000/change/").status_code == 404
    assert console.post(f"{SERIES}01JD0000000000000000000000/end/").status_code == 404
    assert soonest(series).title == "Weekly restart"


def test_the_lists_answer_questions(console: Client, bobs_console: Client) -> None:
    make_incident("An outage")
    plan_recurring("FREQ=YEARLY")
    running, cancelled = plan(-HOUR / 2), plan(DAY)
    cancel_maintenance(cancelled, by=STAFF)
    page = console.get(LIST).content.decode()
    assert "Weekly restart" in page
    assert page.index("In progress") < page.index("every year on 7 March")
    assert "An outage" not in page
    assert "Cancelled" not in page
    assert "Weekly restart" not in console.get(f"{LIST}?which=running").content.decode()
    assert "Weekly restart" in console.get(f"{LIST}?which=upcoming").content.decode()
    assert "Cancelled" in console.get(f"{LIST}?which=past").content.decode()
    assert "every year" in console.get(SERIES).content.decode()
    assert "Database upgrade" not in console.get("/admin/incidents/incident/").content.decode()
    there = console.get(f"{LIST}{running.pk}/change/")
    assert there["Location"] == f"/admin/incidents/incident/{running.pk}/change/"
    assert bobs_console.get(LIST).status_code == 200
    assert ">1<" in console.get("/admin/").content.decode().replace("\n", "").replace(" ", "")


def test_a_long_list_costs_the_same(console: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            console.get(LIST)
        return sum("incidents_" in query["sql"] for query in asked)

    plan(DAY)
    console.get(LIST)
    short = cost()
    for _ in range(5):
        plan(DAY)
    assert cost() == short
