"""Who is called, in which order, until when."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from alerts.escalation.calling import make_call
from alerts.escalation.paging import page_out
from alerts.lifecycle import acknowledge, resolve, snooze
from alerts.models import Alert, AlertSeverity, Call, ContactMethod, Escalation
from alerts.people.arranging import save_group
from alerts.people.reachable import add_method
from alerts.promotion import create_incident
from alerts.routing import change_routing
from atender.refusals import Conflict, Refused
from atender.staff.zones import choose_zone
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.lifecycle import acknowledge as acknowledge_incident
from monitors.catalogue import add_monitor
from monitors.models import Service
from tests.alerts.calling import LINK, called, in_seconds, person, policy, verified
from tests.alerts.making import kinds_of, make_alert, probe
from tests.factories import STAFF
from tests.incidents.test_races import at_once
from tests.web_server import Request, WebServer, reply

Box = list[EmailMessage]


def test_who_never_comes_is_followed_by_the_next_and_the_last_resort(
    acme: Tenant, mailoutbox: Box
) -> None:
    dana, eli, fay = person("Dana"), person("Eli"), person("Fay")
    everybody = save_group(None, by=STAFF, name="Everybody", people=[dana, eli, fay])
    policy([dana], [eli], last_resort=everybody)
    alert = make_alert(monitor=probe())
    at = in_seconds(0)
    assert called() == ["Dana"]
    at = in_seconds(299, at)
    assert called() == ["Dana"]
    at = in_seconds(1, at)
    assert called() == ["Dana", "Eli"]
    at = in_seconds(300, at)
    assert sorted(called()) == ["Dana", "Dana", "Eli", "Eli", "Fay"]
    in_seconds(86_400, at)
    assert len(mailoutbox) == 5
    assert Escalation.objects.get().state == "exhausted"
    assert (
        alert.entries.get(kind="exhausted").text == "Nobody took it. Last resort: Dana, Eli, Fay."
    )


def test_the_steps_are_repeated_as_often_as_asked(acme: Tenant, mailoutbox: Box) -> None:
    policy([person("Dana")], [person("Eli")], wait_s=60, repeats=1)
    make_alert(monitor=probe())
    at = in_seconds(0)
    for _ in range(6):
        at = in_seconds(60, at)
    assert called() == ["Dana", "Eli", "Dana", "Eli"]


@pytest.mark.parametrize("severity", ["critical", "error", "warning", "info"])
def test_severity_never_changes_who_is_called(acme: Tenant, mailoutbox: Box, severity: str) -> None:
    group = save_group(None, by=STAFF, name="Shop", people=[person("Fay")])
    policy([person("Dana")], [person("Eli")], last_resort=group)
    change_routing(probe(), by=STAFF, notification_group=group)
    make_alert(monitor=probe(), severity=severity)
    at = in_seconds(0)
    assert sorted(called()) == ["Dana", "Fay"]
    for _ in range(3):
        at = in_seconds(300, at)
    assert sorted(called()) == ["Dana", "Eli", "Fay", "Fay"]


def test_taking_it_stops_the_calls_and_resolves_nothing(acme: Tenant, mailoutbox: Box) -> None:
    dana = person("Dana")
    policy([dana], [person("Eli")])
    alert = make_alert(monitor=probe())
    at = in_seconds(0)
    acknowledge(alert, by=dana.actor)
    in_seconds(3600, at)
    assert called() == ["Dana"]
    alert.refresh_from_db()
    assert (alert.status, Escalation.objects.get().state) == ("acknowledged", "stopped")


def test_taking_its_incident_stops_them_too(acme: Tenant, mailoutbox: Box) -> None:
    policy([person("Dana")], [person("Eli")])
    alert = make_alert(monitor=probe())
    incident = create_incident(alert, by=STAFF)
    at = in_seconds(0)
    acknowledge_incident(incident, by=STAFF)
    in_seconds(3600, at)
    assert called() == ["Dana"]


def test_what_is_over_before_its_turn_calls_nobody(acme: Tenant, mailoutbox: Box) -> None:
    policy([person("Dana", after_s=(120,))])
    alert = make_alert(monitor=probe())
    at = in_seconds(0)
    resolve(alert, by=STAFF)
    in_seconds(300, at)
    assert not mailoutbox
    assert Call.objects.get().state == "dropped"


def test_a_snoozed_alert_calls_again_when_it_wakes(acme: Tenant, mailoutbox: Box) -> None:
    policy([person("Dana")])
    alert = make_alert(monitor=probe())
    at = in_seconds(0)
    snooze(alert, until=at + timedelta(hours=1), by=STAFF, at=at)
    at = in_seconds(600, at)
    assert called() == ["Dana"]
    in_seconds(3001, at)
    assert called() == ["Dana", "Dana"]


def test_each_person_is_reached_by_their_own_rules(acme: Tenant, settings: Any) -> None:
    with WebServer(lambda _: reply()) as gateway:
        base = gateway.base.removeprefix("http://")
        settings.ALERT_GATEWAYS = {
            "chat": f"json://{base}/chat/{{to}}",
            "sms": f"json://{base}/sms/{{to}}",
        }
        dana = person("Dana", "sms", after_s=(120, 300))
        verified(add_method(dana, "chat", "dana", by=STAFF))
        policy([dana], wait_s=900)
        make_alert(monitor=probe())
        at = in_seconds(0)
        assert gateway.paths == ["/chat/dana"]
        at = in_seconds(120, at)
        in_seconds(180, at)
        assert gateway.paths[1:] == ["/sms/+442079460018"] * 2
        sms: Request = gateway.requests[1]
        assert b"Take it: http" in sms.body


def test_a_gateway_that_fails_is_tried_again_and_given_up(acme: Tenant, settings: Any) -> None:
    answers = [503] * 9
    with WebServer(lambda _: reply(status=answers.pop())) as gateway:
        settings.ALERT_GATEWAYS = {"sms": f"json://{gateway.base[7:]}/{{to}}"}
        policy([person("Dana", "sms")])
        alert = make_alert(monitor=probe())
        at = in_seconds(0)
        for pause in (5, 15, 30, 60, 120, 600):
            at = in_seconds(pause, at)
        assert len(gateway.requests) == 6
    assert Call.objects.get().state == "failed"
    assert "failed" in alert.entries.filter(kind="paged").get().text


def test_a_step_that_reaches_nobody_is_not_waited_for(acme: Tenant, mailoutbox: Box) -> None:
    nobody = person("Dana")
    ContactMethod.objects.filter(person=nobody).delete()
    policy([nobody], [person("Eli")])
    alert = make_alert(monitor=probe())
    in_seconds(0)
    assert called() == ["Eli"]
    assert "nobody can be reached" in alert.entries.filter(kind="escalated")[0].text


def test_who_lost_access_is_not_called(acme: Tenant, mailoutbox: Box) -> None:
    dana = person("Dana")
    policy([dana], [person("Eli")])
    dana.is_active = False
    dana.save()
    make_alert(monitor=probe())
    in_seconds(0)
    assert called() == ["Eli"]


def test_a_network_cut_is_one_page(acme: Tenant, mailoutbox: Box) -> None:
    group = save_group(None, by=STAFF, name="Shop", people=[person("Dana")])
    service = Service.objects.get()
    change_routing(service, by=STAFF, notification_group=group)
    for number in range(30):
        monitor = add_monitor(f"probe {number}", by=STAFF, service=service)
        severity = AlertSeverity.CRITICAL if number == 20 else AlertSeverity.ERROR
        make_alert(f"probe {number} is down", monitor=monitor, severity=severity)
    at = in_seconds(0)
    make_alert("api probe is down", monitor=probe())
    in_seconds(5, at)
    (page,) = mailoutbox
    assert page.subject == "[Acme] Critical: probe 20 is down and 29 more"
    assert "and 20 more" in str(page.body)


def test_what_began_with_a_page_shares_it_however_late_its_turn_comes(
    acme: Tenant, mailoutbox: Box
) -> None:
    policy([person("Dana")], wait_s=3600)
    began_at = timezone.now()
    make_alert(monitor=probe(), at=began_at)
    at = in_seconds(0)
    make_alert("One of thousands", monitor=probe(), at=began_at + timedelta(seconds=5))
    in_seconds(300, at)
    assert called() == ["Dana"]
    make_alert("Another trouble", monitor=probe(), at=at + timedelta(seconds=300))
    in_seconds(310, at)
    assert called() == ["Dana", "Dana"]


def test_one_that_joins_an_incident_calls_nobody_again(acme: Tenant, mailoutbox: Box) -> None:
    policy([person("Dana")], wait_s=3600)
    first = make_alert(monitor=probe())
    incident = create_incident(first, by=STAFF)
    at = in_seconds(0)
    second = make_alert("Later", monitor=probe())
    Alert.objects.filter(pk=second.pk).update(incident=incident)
    in_seconds(600, at)
    assert called() == ["Dana"]


def test_the_link_takes_it_with_one_click(acme: Tenant, mailoutbox: Box) -> None:
    dana = person("Dana")
    policy([dana])
    alert = make_alert(monitor=probe())
    in_seconds(0)
    (page,) = mailoutbox
    link = LINK.findall(str(page.body))[0]
    anybody = Client(HTTP_HOST="acme.localhost", enforce_csrf_checks=True)
    shown = anybody.get(link)
    assert (shown.status_code, b"api probe is down" in shown.content) == (200, True)
    assert kinds_of(alert)[-1] == "paged"
    assert anybody.post(link).status_code == 200
    alert.refresh_from_db()
    assert (alert.status, alert.acknowledged_by_id) == ("acknowledged", dana.pk)
    assert b"Dana has it" in anybody.post(link).content
    assert anybody.get(f"{link}x").status_code == 404
    assert Client(HTTP_HOST="globex.localhost").get(link).status_code == 404


def test_a_call_speaks_the_clock_of_whom_it_calls(acme: Tenant, mailoutbox: Box) -> None:
    dana, erin = person("Dana"), person("Erin")
    choose_zone(dana, "Asia/Kolkata")
    choose_zone(erin, "UTC")
    policy([dana, erin])
    alert = make_alert(monitor=probe())
    in_seconds(0)
    texts = {mail.to[0]: str(mail.body) for mail in mailoutbox}
    at = alert.triggered_at
    theirs = at.astimezone(ZoneInfo("Asia/Kolkata"))
    assert f"{theirs:%H:%M:%S} IST" in texts["dana@acme.example"]
    assert f"{at:%H:%M:%S} UTC" in texts["erin@acme.example"]
    link = LINK.findall(texts["dana@acme.example"])[0]
    shown = Client(HTTP_HOST="acme.localhost").get(link).content.decode()
    assert f"{theirs:%H:%M:%S} IST" in shown


def test_a_link_is_good_for_a_day_and_for_who_may(acme: Tenant, mailoutbox: Box) -> None:
    dana = person("Dana")
    policy([dana])
    make_alert(monitor=probe())
    at = in_seconds(0)
    anybody = Client(HTTP_HOST="acme.localhost")
    link = LINK.findall(str(mailoutbox[0].body))[0]
    with time_machine.travel(at + timedelta(hours=25)):
        assert anybody.post(link).status_code == 410
    dana.role = "viewer"
    dana.save()
    assert anybody.post(link).status_code == 404
    assert Alert.objects.get().status == "triggered"


@pytest.mark.usefixtures("fresh_database")
def test_workers_at_once_begin_one_escalation() -> None:
    with in_tenant("acme"):
        policy([person("Dana")])
        make_alert(monitor=probe())
    at_once(*[lambda: page_out(at=timezone.now())] * 3)
    with in_tenant("acme"):
        assert Escalation.objects.count() == 1


def test_a_worker_that_died_after_sending_leaves_nothing_to_send(
    acme: Tenant, mailoutbox: Box
) -> None:
    policy([person("Dana")])
    make_alert(monitor=probe())
    in_seconds(0)
    call = Call.objects.get()
    assert make_call(call.pk, at=timezone.now()) is None
    assert len(mailoutbox) == 1
    assert mailoutbox[0].extra_headers["Message-ID"].startswith(f"<{call.pk}@")


@pytest.mark.parametrize(
    ("kind", "address", "field"),
    [
        ("sms", "+44 20 7946 0018", "kind"),
        ("pigeon", "loft 3", "kind"),
        ("email", "nobody", "address"),
    ],
)
def test_what_cannot_be_called_is_refused(
    acme: Tenant, kind: str, address: str, field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        add_method(person("Dana"), kind, address, by=STAFF)
    assert refusal.value.field == field


def test_an_address_is_kept_once(acme: Tenant) -> None:
    dana = person("Dana")
    with pytest.raises(Conflict, match="already"):
        add_method(dana, "email", dana.email, by=STAFF)
    with pytest.raises(Refused, match="1 to 10"):
        add_method(dana, "email", "d@x.example", by=STAFF, after_s=[])


def test_who_is_in_the_group_and_in_the_first_step_is_called_once(
    acme: Tenant, mailoutbox: Box
) -> None:
    dana = person("Dana")
    group = save_group(None, by=STAFF, name="Shop", people=[dana, person("Eli")])
    policy([dana], [person("Fay")])
    change_routing(probe(), by=STAFF, notification_group=group)
    alert = make_alert(monitor=probe())
    at = in_seconds(0)
    assert sorted(called()) == ["Dana", "Eli"]
    assert alert.entries.filter(kind="escalated").get().text == "Step 1: Dana."
    in_seconds(300, at)
    assert sorted(called()) == ["Dana", "Eli", "Fay"]
