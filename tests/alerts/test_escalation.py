"""Who is called, in which order, until when."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from alerts.escalation.paging import page_out
from alerts.lifecycle import acknowledge, resolve, snooze
from alerts.models import Alert, AlertSeverity, Call, ContactMethod, Escalation
from alerts.people.arranging import save_group
from alerts.promotion import create_incident
from alerts.routing import change_routing
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.lifecycle import acknowledge as acknowledge_incident
from monitors.catalogue import add_monitor
from monitors.models import Service
from tests.alerts.calling import called, in_seconds, person, policy
from tests.alerts.making import make_alert, probe
from tests.factories import STAFF
from tests.incidents.test_races import at_once

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


@pytest.mark.usefixtures("fresh_database")
def test_workers_at_once_begin_one_escalation() -> None:
    with in_tenant("acme"):
        policy([person("Dana")])
        make_alert(monitor=probe())
    at_once(*[lambda: page_out(at=timezone.now())] * 3)
    with in_tenant("acme"):
        assert Escalation.objects.count() == 1


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
