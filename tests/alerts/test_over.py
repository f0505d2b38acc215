"""Who was called hears that it is over: once, as they wish, and not from what they did."""

from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from alerts.escalation.ending import call_off
from alerts.lifecycle import acknowledge, resolve
from alerts.models import Alert, Call, ContactMethod, Escalation
from alerts.people.reachable import add_method, change_method
from alerts.promotion import create_incident
from alerts.routing import change_routing
from atender.staff.models import User
from atender.tenants.models import Tenant
from incidents.lifecycle import post_update
from incidents.transitions import Saying
from tests.alerts.calling import in_seconds, person, policy, verified
from tests.alerts.making import make_alert, probe
from tests.factories import STAFF
from tests.web_server import WebServer, reply

Box = list[EmailMessage]


def ends(mails: Box) -> list[tuple[str, str]]:
    """To whom it was said that something is over, and of what."""
    return [(m.to[0].partition("@")[0], str(m.subject)) for m in mails if "Over: " in m.subject]


def paged(*people: User, wait_s: int = 300) -> Alert:
    policy(*[[one] for one in people], wait_s=wait_s)
    alert = make_alert(monitor=probe())
    in_seconds(0)
    return alert


def test_who_was_called_hears_that_it_is_over_and_nobody_else(
    acme: Tenant, mailoutbox: Box
) -> None:
    dana, eli = person("Dana"), person("Eli")
    alert = paged(dana, eli)
    acknowledge(alert, by=dana.actor)
    in_seconds(1)
    resolve(alert, by=STAFF)
    in_seconds(2)
    in_seconds(3600)
    assert ends(mailoutbox) == [("dana", f"[Acme] Over: {alert.summary}")]
    text = mailoutbox[-1].body
    assert "over since " in text
    assert f"/alerts/alert/{alert.pk}/" in text
    assert "Take it" not in text
    assert alert.entries.filter(kind="told", text="That it is over: Dana by e-mail.").count() == 1


def test_its_incident_resolved_is_over_too(acme: Tenant, mailoutbox: Box) -> None:
    alert = paged(person("Dana"))
    incident = create_incident(alert, by=STAFF)
    post_update(incident, by=STAFF, saying=Saying(status="resolved", body="It works again."))
    in_seconds(2)
    assert [who for who, _ in ends(mailoutbox)] == ["dana"]


def test_nobody_is_told_of_what_they_resolved_themselves(acme: Tenant, mailoutbox: Box) -> None:
    dana = person("Dana")
    resolve(paged(dana), by=dana.actor)
    in_seconds(2)
    assert len(mailoutbox) == 1


def test_it_is_over_when_the_last_alert_of_the_page_is(acme: Tenant, mailoutbox: Box) -> None:
    policy([person("Dana")])
    first, second = make_alert(monitor=probe()), make_alert(dedup_key="b", monitor=probe())
    in_seconds(0)
    assert Escalation.objects.count() == 1
    resolve(first, by=STAFF)
    in_seconds(2)
    assert ends(mailoutbox) == []
    resolve(second, by=STAFF)
    in_seconds(3)
    assert ends(mailoutbox) == [("dana", f"[Acme] Over: {first.summary} and 1 more")]


def test_a_way_that_is_not_to_say_so_says_nothing(acme: Tenant, mailoutbox: Box) -> None:
    dana = person("Dana")
    alert = paged(dana)
    change_method(ContactMethod.objects.get(), by=STAFF, hears_recovery=False)
    resolve(alert, by=STAFF)
    in_seconds(2)
    assert len(mailoutbox) == 1


def test_text_messages_say_so_only_where_asked(acme: Tenant, settings: Any) -> None:
    with WebServer(lambda _: reply()) as gateway:
        settings.ALERT_GATEWAYS = {"sms": f"json://{gateway.base.removeprefix('http://')}/{{to}}"}
        dana = person("Dana", "sms")
        way = ContactMethod.objects.get()
        assert way.hears_recovery is False
        alert = paged(dana)
        change_method(way, by=STAFF, hears_recovery=True)
        resolve(alert, by=STAFF)
        in_seconds(2)
        assert len(gateway.paths) == 2


def test_a_monitor_that_reports_no_recovery_is_kept_quiet(acme: Tenant, mailoutbox: Box) -> None:
    alert = paged(person("Dana"))
    change_routing(probe(), by=STAFF, alert_on=["down"])
    resolve(alert, by=STAFF)
    in_seconds(2)
    assert len(mailoutbox) == 1


def test_a_way_that_was_not_used_says_nothing(acme: Tenant, mailoutbox: Box) -> None:
    dana = person("Dana")
    verified(add_method(dana, "email", "late@pager.example", by=STAFF, after_s=[600]))
    resolve(paged(dana), by=STAFF)
    in_seconds(2)
    assert [who for who, _ in ends(mailoutbox)] == ["dana"]


def test_it_is_written_down_once_however_often_it_is_looked_at(
    acme: Tenant, mailoutbox: Box
) -> None:
    resolve(paged(person("Dana")), by=STAFF)
    in_seconds(2)
    escalation = Escalation.objects.get()
    for _ in range(3):
        call_off(escalation.pk, at=timezone.now())
    in_seconds(3)
    assert Call.objects.filter(place="over").count() == len(ends(mailoutbox)) == 1


@pytest.mark.parametrize("is_active", [True, False])
def test_who_left_hears_nothing(acme: Tenant, mailoutbox: Box, is_active: bool) -> None:
    dana = person("Dana")
    alert = paged(dana)
    User.objects.filter(pk=dana.pk).update(is_active=is_active)
    resolve(alert, by=STAFF)
    in_seconds(2)
    assert len(ends(mailoutbox)) == int(is_active)
