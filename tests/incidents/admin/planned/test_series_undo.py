"""*Undo* of a series, on its screen."""

from typing import Any

import pytest
import time_machine
from django.test import Client

from incidents.models import Incident, MaintenanceSeries
from tests.incidents.admin.planned.test_series import SERIES, at, filled
from tests.incidents.recurring import NOW
from tests.incidents.recurring import plan as plan_recurring

ADD = "/admin/incidents/maintenance/add/"


@pytest.fixture(autouse=True)
def then() -> Any:
    with time_machine.travel(NOW) as clock:
        yield clock


def planned(console: Client) -> MaintenanceSeries:
    fields = filled()
    del fields["is_silent"]
    assert console.post(ADD, fields)["Location"].startswith(SERIES)
    return MaintenanceSeries.objects.get()


def test_it_is_undone_and_what_was_written_is_there_again(console: Client) -> None:
    series = planned(console)
    assert at(series, "undo/") in console.get(at(series)).content.decode()
    for _ in range(2):
        answer = console.post(at(series, "undo/"), follow=True)
        text = answer.content.decode()
        assert "Taken back: nobody was told." in text
        assert 'value="Weekly tidying"' in text
    assert not Incident.objects.kept().exists()


def test_too_late_it_is_not(console: Client, then: Any) -> None:
    series = planned(console)
    then.shift(30)
    assert at(series, "undo/") not in console.get(at(series)).content.decode()
    answer = console.post(at(series, "undo/"), follow=True)
    assert "announced by now" in answer.content.decode()
    assert Incident.objects.kept().count() == 5


def test_nobody_else_undoes_it(bobs_console: Client, console: Client, responder: Client) -> None:
    series = planned(console)
    assert bobs_console.post(at(series, "undo/")).status_code == 403
    assert "announced by now" in responder.post(at(series, "undo/"), follow=True).content.decode()
    assert console.get(at(series, "undo/")).status_code == 405
    assert Incident.objects.kept().exists()


def test_one_that_lasts_is_no_pattern_for_another(console: Client) -> None:
    series = plan_recurring()
    text = console.get(f"{ADD}?like={series.pk}").content.decode()
    assert "Weekly restart" not in text
