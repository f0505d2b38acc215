"""The form of planned work: once or again, in the zone that it names."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from atender.ids import new_ulid
from incidents.models import Incident, MaintenanceSeries
from statuspage.models import Branding
from tests.factories import component, default_page
from tests.incidents.admin.conftest import at
from tests.incidents.planned import DAY, HOUR

ADD = "/admin/incidents/maintenance/add/"
PREVIEW = "/admin/incidents/maintenance/preview/"
BERLIN = ZoneInfo("Europe/Berlin")


def local(moment: datetime, zone: ZoneInfo = BERLIN) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%dT%H:%M}"


def filled(**fields: Any) -> dict[str, Any]:
    start = timezone.now() + 2 * DAY
    return {
        "submission_id": new_ulid(),
        "title": "Database upgrade: exports pause",
        "components": [component("API").pk],
        "starts": local(start),
        "ends": local(start + HOUR),
        "time_zone": "Europe/Berlin",
        "repeat": "",
        "body": "Exports pause for a quarter of an hour.",
        "notice": "1440",
        "pages": [default_page().pk],
        **fields,
    }


def test_it_is_planned_once(console: Client) -> None:
    response = console.post(ADD, filled(notice="60"))
    incident = Incident.objects.get()
    assert response["Location"] == at(incident)
    assert (incident.kind, incident.status) == ("maintenance", "scheduled")
    assert incident.by_name == "Alice"
    assert incident.notice_before == HOUR
    assert incident.impacts.get().state == "maintenance"
    assert list(incident.pages.all()) == [default_page()]
    update = incident.updates.get()
    assert update.body == "Exports pause for a quarter of an hour."
    assert update.held_until is not None


def test_times_are_meant_in_the_zone_that_is_named(console: Client) -> None:
    year = timezone.now().year + 1
    console.post(ADD, filled(starts=f"{year}-07-01T02:00", ends=f"{year}-07-01T04:00"))
    incident = Incident.objects.get()
    assert incident.scheduled_for == datetime(year, 7, 1, 0, 0, tzinfo=UTC)


def test_the_pages_zone_is_offered(console: Client) -> None:
    Branding.objects.filter(page=default_page()).update(time_zone="Asia/Kolkata")
    assert 'value="Asia/Kolkata"' in console.get(ADD).content.decode()
    now = timezone.now() + 2 * DAY
    kolkata = ZoneInfo("Asia/Kolkata")
    console.post(ADD, filled(time_zone="", starts=local(now, kolkata), ends=""))
    incident = Incident.objects.get()
    assert incident.scheduled_for == now.replace(second=0, microsecond=0)
    assert incident.scheduled_until is None


def test_an_impact_silence_and_no_reminder(console: Client) -> None:
    api = component("API")
    fields = {f"impact_{api.pk}": "partial_outage", "is_silent": "on", "notice": ""}
    console.post(ADD, filled(**fields))
    incident = Incident.objects.get()
    assert incident.impacts.get().state == "partial_outage"
    assert incident.notice_before is None
    assert not incident.updates.get().notifies


@pytest.mark.parametrize(
    ("repeat", "rule"),
    [
        ("weekly", "FREQ=WEEKLY;BYDAY=TU"),
        ("fortnightly", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ("monthly", "FREQ=MONTHLY;BYMONTHDAY=10"),
        ("weekday", "FREQ=MONTHLY;BYDAY=2TU"),
    ],
)
def test_it_comes_again_in_words(console: Client, repeat: str, rule: str) -> None:
    # The second Tuesday of a month that has 31 days.
    start = {"starts": "2093-03-10T02:00", "ends": "2093-03-10T03:00"}
    response = console.post(ADD, filled(**start, repeat=repeat))
    series = MaintenanceSeries.objects.get()
    assert response["Location"] == f"/admin/incidents/maintenanceseries/{series.pk}/change/"
    assert (series.rrule, series.time_zone) == (rule, "Europe/Berlin")
    first = series.occurrences.earliest("scheduled_for")
    assert first.scheduled_for == datetime(2093, 3, 10, 1, 0, tzinfo=UTC)
    assert list(first.pages.all()) == [default_page()]


@pytest.mark.parametrize(
    ("end", "rule"),
    [
        ({"until": "2094-01-31"}, "FREQ=DAILY;UNTIL=20940131"),
        ({"times": "3"}, "FREQ=DAILY;COUNT=3"),
        ({}, "FREQ=DAILY"),
    ],
)
def test_it_comes_again_by_a_rule(console: Client, end: dict[str, str], rule: str) -> None:
    start = {"starts": "2093-12-10T02:00", "ends": "2093-12-10T03:00"}
    console.post(ADD, filled(**start, repeat="custom", rrule="FREQ=DAILY", **end))
    assert MaintenanceSeries.objects.get().rrule == rule


def test_a_double_click_plans_one(console: Client) -> None:
    once, again = filled(), filled(repeat="weekly")
    locations = [console.post(ADD, form)["Location"] for form in (once, once, again, again)]
    assert locations[0] == locations[1]
    assert locations[2] == locations[3]
    assert MaintenanceSeries.objects.count() == 1
    assert Incident.objects.filter(series=None).count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": " "}, "A title is empty"),
        ({"title": "x" * 256}, "this one has 256"),
        ({"title": "a\x00b"}, "This has a null character in it"),
        ({"starts": ""}, "Say when it starts."),
        ({"starts": "soon"}, "This is no date and time"),
        ({"ends": "2001-01-01T00:00"}, "It ends later than it starts."),
        ({"time_zone": "Mars/Olympus"}, "is no time zone"),
        ({"repeat": "hourly"}, "“hourly” is none of the choices"),
        ({"repeat": "weekly", "ends": ""}, "say when the first time ends"),
        ({"repeat": "custom"}, "Write the rule"),
        ({"repeat": "custom", "rrule": "FREQ=HOURLY"}, "more often than daily"),
        ({"repeat": "custom", "rrule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"}, "names no day"),
        ({"repeat": "weekly", "until": "2001-01-01"}, "names no day that lies ahead"),
        ({"repeat": "weekly", "until": "2099-01-01", "times": "3"}, "not both"),
        ({"repeat": "weekly", "times": "0"}, "at least once"),
        ({"components": ["01JD0000000000000000000000"]}, "is not there any more"),
        ({"notice": "5"}, "“5” is none of the choices"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    console: Client, fields: dict[str, Any], sentence: str
) -> None:
    response = console.post(ADD, filled(**fields))
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert "Exports pause for a quarter of an hour." in page
    assert not Incident.objects.exists()
    assert not MaintenanceSeries.objects.exists()


def test_a_window_longer_than_the_pause_is_refused_beside_its_end(console: Client) -> None:
    start = timezone.now() + 2 * DAY
    long = filled(repeat="weekly", starts=local(start), ends=local(start + 8 * DAY))
    assert "begin before this one is over" in console.post(ADD, long).content.decode()


@pytest.mark.parametrize(
    ("starts", "sentence"),
    [
        (
            "2093-03-29T02:30",
            "02:30 does not exist on 29 Mar 2093 in Europe/Berlin, where the clocks",
        ),
        ("2093-10-25T02:30", "02:30 comes twice on 25 Oct 2093 in Europe/Berlin, where the clocks"),
    ],
)
def test_a_time_that_clocks_leave_out_or_say_twice(
    console: Client, starts: str, sentence: str
) -> None:
    response = console.post(ADD, filled(starts=starts, ends=f"{starts[:11]}04:00"))
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_the_next_five_dates_while_one_types(console: Client, bobs_console: Client) -> None:
    start = {"starts": "2093-03-22T02:00", "ends": "2093-03-22T03:00"}
    sent = filled(**start, repeat="weekly")
    page = console.post(PREVIEW, sent, headers={"hx-request": "true"}).content.decode()
    assert "Every week on Sunday at 02:00 (Europe/Berlin)" in page
    assert page.count("<li><time") == 5
    # The hour that the night leaves out.
    assert "Sun 29 Mar 2093, 03:00 CEST" in page
    assert "Database upgrade: exports pause" in page
    custom = {**sent, "repeat": "custom", "rrule": "FREQ=DAILY;BYHOUR=1"}
    wrong = console.post(PREVIEW, custom, headers={"hx-request": "true"}).content.decode()
    assert "has no place in a rule here" in wrong
    assert console.get(PREVIEW).status_code == 405
    assert bobs_console.post(PREVIEW, sent).status_code == 403
    whole = console.post(PREVIEW, sent)
    assert whole.status_code == 200
    assert "What is done, and what does it touch?" in whole.content.decode()
    assert not Incident.objects.exists()


def test_who_may_plan(responder: Client, bobs_console: Client, console: Client) -> None:
    assert 'name="pages"' not in responder.get(ADD).content.decode()
    responder.post(ADD, filled())
    assert not Incident.objects.get().publications.exists()
    assert bobs_console.get(ADD).status_code == 403
    assert bobs_console.post(ADD, filled()).status_code == 403
    assert console.put(ADD).status_code == 405
    anonymous = Client(HTTP_HOST="acme.localhost")
    assert anonymous.post(ADD, filled())["Location"].startswith("/admin/login/")
    assert Incident.objects.count() == 1


def test_the_form_comes_back_after_undo(console: Client) -> None:
    console.post(ADD, filled(time_zone="UTC", starts="2093-03-22T02:00", ends="2093-03-22T03:00"))
    incident = Incident.objects.get()
    undo = at(incident, f"updates/{incident.updates.get().pk}/undo/")
    page = console.post(undo, follow=True).content.decode()
    assert "nobody was told" in page
    assert 'value="Database upgrade: exports pause"' in page
    assert 'value="2093-03-22T02:00"' in page


def test_hostile_words_stay_words(console: Client) -> None:
    response = console.post(
        ADD, filled(title="<script>alert(1)</script> \u202eabc", repeat="weekly"), follow=True
    )
    page = response.content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert timedelta(0) < MaintenanceSeries.objects.get().duration
