"""“Still working on it”, in one click."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from atender.ids import new_ulid
from incidents.lifecycle import post_update
from incidents.models import Incident, IncidentUpdate, Kind, Template
from incidents.texts.templates import change_template
from incidents.transitions import Saying
from statuspage.models import Branding
from tests.factories import STAFF, default_page, make_incident, partner_page
from tests.incidents.admin.conftest import at
from tests.subscribers.making import make_subscriber

Say = Callable[..., Any]


def still(client: Client, incident: Incident, **fields: Any) -> Any:
    return client.post(at(incident, "still-working/"), {"audience": "public", **fields})


def latest(incident: Incident) -> IncidentUpdate:
    return incident.updates.latest("id")


@pytest.mark.parametrize(
    ("severity", "minutes"), [("critical", 30), ("major", 60), ("minor", 240), (None, 240)]
)
def test_it_promises_anew_by_the_severity(
    console: Client, severity: str | None, minutes: int
) -> None:
    incident = make_incident(severity=severity)
    assert still(console, incident)["Location"] == at(incident)
    update = latest(incident)
    assert update.is_public
    assert not update.is_transition
    assert update.next_update_by is not None
    ahead = update.next_update_by - timezone.now()
    assert timedelta(minutes=minutes - 1) < ahead <= timedelta(minutes=minutes + 1)
    assert Incident.objects.get().next_update_by == update.next_update_by


def test_it_is_held_and_can_be_taken_back(console: Client) -> None:
    make_subscriber()
    incident = make_incident()
    still(console, incident)
    page = console.get(at(incident)).content.decode()
    assert "subscribers are told at" in page
    console.post(at(incident, f"updates/{latest(incident).pk}/undo/"))
    assert incident.updates.kept().count() == 1
    assert Incident.objects.get().next_update_by is None


def test_its_words_name_the_time_as_the_page_does(console: Client) -> None:
    Branding.objects.filter(page=default_page()).update(time_zone="Asia/Tokyo")
    Branding.objects.filter(page=partner_page()).update(time_zone="Pacific/Auckland")
    for pages, zone in (
        ([default_page()], "Asia/Tokyo"),
        ([partner_page()], "Pacific/Auckland"),
        ([default_page(), partner_page()], "Asia/Tokyo"),
        ([], "Asia/Tokyo"),
    ):
        incident = make_incident(pages=tuple(pages))
        still(console, incident)
        update = latest(incident)
        assert update.next_update_by is not None
        there = update.next_update_by.astimezone(ZoneInfo(zone))
        assert f"follows by {there:%H:%M %Z on} {there.day} {there:%B %Y}." in update.body


def test_the_tenants_words_come_first(console: Client) -> None:
    incident = make_incident()
    still(console, incident)
    assert latest(incident).body.startswith("We are still working on this and have nothing new")
    assert "{{" not in latest(incident).body

    template = Template.objects.get(name="Still working on it")
    change_template(template, by=STAFF, body="Wir sind noch dran: {{components}}.")
    page = console.get(at(incident)).content.decode()
    assert "says “Wir sind noch dran: API.” and promises" in page
    still(console, incident)
    assert latest(incident).body == "Wir sind noch dran: API."


def test_words_with_a_gap_give_way_to_ours(console: Client) -> None:
    incident = make_incident(severity=None)
    template = Template.objects.get(name="Still working on it")
    change_template(template, by=STAFF, body="Still {{severity}}.")
    still(console, incident)
    assert latest(incident).body.startswith("We are still looking for the cause")


@pytest.mark.parametrize(
    ("status", "words"), [("identified", "the repair"), ("monitoring", "still watching")]
)
def test_ours_follow_the_status(console: Client, status: str, words: str) -> None:
    Template.objects.all().delete()
    incident = make_incident()
    post_update(incident, by=STAFF, saying=Saying(status=status))
    still(console, incident)
    assert words in latest(incident).body


def test_a_text_that_was_typed_is_never_thrown_away(console: Client) -> None:
    incident = make_incident()
    response = still(console, incident, body="A cable was cut.")
    page = response.content.decode()
    assert response.status_code == 422
    assert ">A cable was cut.</textarea>" in page
    assert "has words of its own" in page
    assert incident.updates.count() == 1


def test_a_double_click_says_it_once(console: Client) -> None:
    incident = make_incident()
    form = {"submission_id": new_ulid()}
    still(console, incident, **form)
    still(console, incident, **form)
    assert incident.updates.count() == 2


def test_nobody_is_still_working_on_what_is_over(console: Client, say: Say) -> None:
    incident = make_incident()
    say(incident, status="resolved")
    assert "Still working on it</button>" not in console.get(at(incident)).content.decode()
    still(console, incident)
    assert "nobody is working on it now" in console.get(at(incident)).content.decode()
    assert incident.updates.count() == 2


def test_planned_work_goes_on_too(console: Client) -> None:
    Template.objects.all().delete()
    incident = make_incident("Database upgrade", severity=None, kind=Kind.MAINTENANCE)
    assert "Still working on it</button>" not in console.get(at(incident)).content.decode()
    post_update(incident, by=STAFF, saying=Saying(status="in_progress"))
    still(console, incident)
    assert latest(incident).body == "The work is still going on."


def test_its_reading_is_foreseen(console: Client) -> None:
    incident = make_incident()
    response = console.post(
        at(incident, "preview/"),
        {"considered": "still", "body": "typed"},
        headers={"X-Fragment": "yes"},
    )
    html = response.content.decode()
    assert "We are still working on this" in html
    assert "Next update by" in html


def test_a_late_promise_offers_it_on_the_first_screen(
    console: Client, bobs_console: Client
) -> None:
    incident = make_incident()
    assert "still-working/" not in console.get("/admin/").content.decode()
    Incident.objects.update(next_update_by=timezone.now() - timedelta(minutes=3))
    assert at(incident, "still-working/") in console.get("/admin/").content.decode()
    assert "still-working/" not in bobs_console.get("/admin/").content.decode()
