"""Two people with the same form of planned work: the second reads what the first made of it."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from atender.ids import new_ulid
from atender.meanwhile import ChangedMeanwhile
from incidents.models import Incident, MaintenanceSeries
from incidents.planned.planning import move_window
from incidents.planned.seeing import seen_series
from incidents.planned.series import change_series
from tests.alerts.making import probe
from tests.console.at_once import is_told_first, seen_in
from tests.factories import STAFF, component, default_page
from tests.incidents.planned import HOUR, plan
from tests.incidents.recurring import FIRST, NOW, a_plan
from tests.incidents.recurring import plan as plan_recurring


@pytest.fixture(autouse=True)
def then() -> Any:
    with time_machine.travel(NOW):
        yield


def filled(series: MaintenanceSeries, **fields: Any) -> dict[str, Any]:
    return {
        "submission_id": new_ulid(),
        "title": series.title,
        "components": [component().pk],
        "starts": "2094-03-07T02:00",
        "ends": "2094-03-07T03:00",
        "time_zone": "Europe/Berlin",
        "repeat": "weekly",
        "body": series.body,
        "notice": "1440",
        "pages": [default_page().pk],
        "is_silent": "on",
        **fields,
    }


def test_a_window_that_a_colleague_moved_is_read_first(console: Client) -> None:
    incident = plan()
    where = f"/admin/incidents/maintenance/{incident.pk}/move/"
    fields = {"starts": "2094-03-01T13:00", "ends": "2094-03-01T15:00", "time_zone": "UTC"}
    fields |= {"submission_id": new_ulid(), "seen": seen_in(console.get(where).text)}
    tomorrow = [datetime(2094, 3, 2, hour, tzinfo=UTC) for hour in (6, 7)]
    move_window(incident, start=tomorrow[0], end=tomorrow[1], by=STAFF)
    with pytest.raises(ChangedMeanwhile, match="somebody changed the window since you opened it"):
        move_window(incident, end=None, seen=fields["seen"], by=STAFF)
    told = (
        "It lasts from Tue 2 Mar 06:00 to 07:00 UTC. "
        "Press “Move it” again if yours is to replace that."
    )
    is_told_first(console, where, fields, told)
    moved = Incident.objects.get()
    assert moved.scheduled_until == datetime(2094, 3, 1, 15, tzinfo=UTC)
    said = moved.updates.count()
    assert console.post(where, fields).status_code == 302
    assert moved.updates.count() == said


def test_an_end_that_a_colleague_took_away_is_said(console: Client) -> None:
    incident = plan()
    where = f"/admin/incidents/maintenance/{incident.pk}/move/"
    fields = {"starts": "2094-03-01T13:00", "ends": "2094-03-01T15:00", "time_zone": "UTC"}
    fields |= {"submission_id": new_ulid(), "seen": seen_in(console.get(where).text)}
    move_window(incident, end=None, by=STAFF)
    told = "It lasts from 13:00 UTC, until somebody completes it. Press “Move it” again if"
    is_told_first(console, where, fields, told)


def test_what_a_colleague_made_of_a_series_is_read_first(console: Client) -> None:
    series = plan_recurring()
    where = f"/admin/incidents/maintenanceseries/{series.pk}/change/"
    fields = filled(series, title="Weekly  tidying ")
    fields["seen"] = seen = seen_in(console.get(where).text)
    web = component("Web app")
    wanted: dict[str, Any] = {"body": "Shops close.", "notice_before": None, "components": [web]}
    change_series(series, a_plan(first=FIRST + HOUR, **wanted), by=STAFF)
    with pytest.raises(ChangedMeanwhile, match="somebody changed this series since you opened"):
        change_series(series, a_plan(), seen=seen, by=STAFF)
    told = (
        "It is called “Weekly restart”; comes every week on Sunday at 03:00 (Europe/Berlin); "
        "begins on Sun 7 Mar 2094, 03:00 CET; lasts 1 h; reads: “Shops close.”; components: Web "
        f"app (Maintenance); pages: {default_page().name}; reminder: none. "
        "Press “Change what lies ahead” again if yours is to replace that."
    )
    is_told_first(console, where, fields, told)
    series.refresh_from_db()
    assert (series.title, series.starts_at) == ("Weekly tidying", FIRST)
    assert [impact.component for impact in series.impacts.all()] == [component()]
    # It is as it was wanted: a second click complains of nothing.
    assert console.post(where, fields).status_code == 302


@pytest.mark.usefixtures("acme")
def test_monitors_that_a_program_named_stay_with_a_series(console: Client) -> None:
    series = plan_recurring(monitors=[probe()])
    where = f"/admin/incidents/maintenanceseries/{series.pk}/change/"
    fields = filled(series, title="Weekly tidying", seen=seen_series(series))
    assert console.post(where, fields).status_code == 302
    series.refresh_from_db()
    assert (series.title, series.monitors.get()) == ("Weekly tidying", probe())
