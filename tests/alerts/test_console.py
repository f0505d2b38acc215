from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from alerts.lifecycle import acknowledge, resolve
from alerts.models import Alert, Escalation
from alerts.promotion import create_incident
from atender.staff.models import User
from atender.staff.zones import choose_zone
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import Incident
from monitors.runbooks import write_runbook
from tests.alerts.making import kinds_of, make_alert, probe
from tests.costs import queries_of
from tests.factories import STAFF

LIST = "/admin/alerts/alert/"


def screen_of(alert: Alert, deed: str = "") -> str:
    return f"{LIST}{alert.pk}/{deed}/" if deed else f"{LIST}{alert.pk}/change/"


def test_the_list_says_who_has_what_since_when_and_who_is_next(console: Client) -> None:
    assert b"No alert has been raised" in console.get(LIST).content
    resolve(make_alert("Over"), by=STAFF)
    assert b"Nothing just now" in console.get(LIST).content
    calling = Escalation.objects.create(began_at=timezone.now(), next_at=timezone.now())
    open_one = make_alert(monitor=probe())
    Alert.objects.filter(pk=open_one.pk).update(escalation=calling)
    acknowledge(make_alert("Queue is full"), by=STAFF)
    resolve(make_alert("Disk was full"), by=STAFF)
    shown = console.get(LIST).content.decode()
    assert "api probe is down" in shown
    assert "Disk was full" not in shown
    nobodys = console.get(f"{LIST}?which=unclaimed").content.decode()
    assert "Queue is full" not in nobodys
    assert "Disk was full" in console.get(f"{LIST}?which=all").content.decode()


def test_what_a_row_has_not_to_say_is_marked_and_left_out_on_a_phone(console: Client) -> None:
    resolve(make_alert("Over"), by=STAFF)
    over = console.get(f"{LIST}?which=all").content.decode()
    assert over.count('<span class="nothing">') == len(("Who has it", "Next is called"))
    calling = Escalation.objects.create(began_at=timezone.now(), next_at=timezone.now())
    Alert.objects.filter(pk=make_alert("Open").pk).update(escalation=calling)
    assert '<span class="nothing">' not in console.get(LIST).content.decode()


def test_the_list_costs_the_same_for_many(console: Client) -> None:
    counts = []
    for size in (2, 12):
        for number in range(size):
            make_alert(f"Number {number} of {size}", monitor=probe())
        counts.append(queries_of(console, LIST))
    assert counts[0] == counts[1]


def test_an_alert_is_shown_with_its_runbook(console: Client) -> None:
    write_runbook(probe().pk, "Restart **the pool**.", by=STAFF, name="api probe")
    details = {"cause": "All time out.", "regions": ["eu"]}
    alert = make_alert(monitor=probe(), source="monitor", details=details)
    shown = console.get(screen_of(alert)).content.decode()
    for words in (
        *("All time out.", "<strong>the pool</strong>", "Who has it: <strong>nobody"),
        *("<dt>Likely cause</dt>", "<dt>Seen from</dt>"),
    ):
        assert words in shown, words


def test_it_is_taken_noted_snoozed_and_ended(console: Client) -> None:
    alert = make_alert()
    console.post(screen_of(alert, "snooze"), {"minutes": "30"})
    console.post(screen_of(alert, "acknowledge"))
    console.post(screen_of(alert, "acknowledge"))
    console.post(screen_of(alert, "note"), {"text": "Restarted it."})
    answer = console.post(screen_of(alert, "resolve"))
    assert answer.headers["Location"] == screen_of(alert)
    assert kinds_of(alert) == ["triggered", "snoozed", "acknowledged", "note", "resolved"]
    assert "Who had it: <strong>Alice" in console.get(screen_of(alert)).content.decode()


def test_it_is_snoozed_until_any_moment_in_ones_own_zone(console: Client, alice: User) -> None:
    alert = make_alert()
    choose_zone(alice, "America/New_York")
    day = timezone.now().date() + timedelta(days=2)
    typed = datetime(day.year, day.month, day.day, 7, 45, tzinfo=ZoneInfo("America/New_York"))
    shown = console.get(screen_of(alert)).content.decode()
    assert "Your time, America/New_York" in shown
    for _ in range(2):
        console.post(screen_of(alert, "snooze"), {"until": f"{day}T07:45"})
    alert.refresh_from_db()
    assert alert.snoozed_until == typed
    assert kinds_of(alert) == ["triggered", "snoozed"]


@pytest.mark.parametrize(
    ("deed", "sent", "words"),
    [
        ("snooze", {"minutes": "7"}, "Choose for how long"),
        ("snooze", {"until": ""}, "Say until when"),
        ("snooze", {"until": "soon"}, "This is no date and time"),
        ("snooze", {"until": "2020-01-01T09:00"}, "within the next 30 days"),
        ("snooze", {"until": "2999-01-01T09:00"}, "within the next 30 days"),
        ("note", {"text": " "}, "A note has words"),
    ],
)
def test_what_is_refused_is_said(console: Client, deed: str, sent: Any, words: str) -> None:
    alert = make_alert()
    answer = console.post(screen_of(alert, deed), sent, follow=True)
    (message,) = answer.context["messages"]
    assert (message.level_tag, words in message.message) == ("error", True)
    assert kinds_of(alert) == ["triggered"]


def test_an_incident_is_made_of_it(console: Client) -> None:
    alert = make_alert(monitor=probe(), severity="critical")
    made = console.post(screen_of(alert, "promote"))
    incident = Incident.objects.get()
    assert incident.pk in made.headers["Location"]
    assert (incident.severity, incident.pages.count()) == ("major", 0)
    again = console.post(screen_of(alert, "promote"), follow=True)
    assert b"already" in again.content
    assert incident.title in console.get(screen_of(alert)).content.decode()


def test_the_first_screen_and_the_incident_show_their_alerts(console: Client) -> None:
    cause = "Probably an application error: HTTP 502. Check the application's logs."
    alone = make_alert("Queue is full")
    tied = make_alert("api probe is down", details={"cause": cause})
    incident = create_incident(tied, by=STAFF)
    now = console.get("/admin/").content.decode()
    assert "1 open alert without an incident" in now
    assert screen_of(alone) in now
    shown = console.get(f"/admin/incidents/incident/{incident.pk}/change/").content.decode()
    assert screen_of(tied) in shown
    assert escape(cause) in shown


def test_an_alert_is_wrong_without_an_incident_too(console: Client) -> None:
    make_alert("Queue is full")
    now = console.get("/admin/").content.decode()
    assert ("1 open alert without" in now, "No open incident" in now) == (True, True)
    assert "Nothing is wrong" not in now


def test_a_viewer_reads_and_does_nothing(bobs_console: Client) -> None:
    alert = make_alert()
    shown = bobs_console.get(screen_of(alert)).content.decode()
    assert "Acknowledge" not in shown
    for deed in ("acknowledge", "resolve", "snooze", "note", "promote"):
        assert bobs_console.post(screen_of(alert, deed)).status_code == 403
    assert kinds_of(alert) == ["triggered"]


def test_strangers_and_wrong_methods(console: Client, globex: Tenant) -> None:
    with in_tenant("globex"):
        foreign = make_alert()
    assert console.get(screen_of(foreign)).status_code == 404
    assert console.post(screen_of(foreign, "resolve")).status_code == 404
    assert console.get(screen_of(make_alert(), "resolve")).status_code == 405
    anonymous = Client(HTTP_HOST="acme.localhost")
    assert anonymous.get(LIST).status_code == 302
