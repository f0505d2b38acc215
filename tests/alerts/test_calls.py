"""How somebody is called, and what the call says."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from alerts.escalation.calling import make_call
from alerts.models import Alert, Call
from alerts.people.reachable import add_method
from atender.refusals import Conflict, Refused
from atender.staff.zones import choose_zone
from atender.tenants.models import Tenant
from tests.alerts.calling import LINK, in_seconds, person, policy, verified
from tests.alerts.making import kinds_of, make_alert, probe
from tests.factories import STAFF
from tests.web_server import Request, WebServer, reply

Box = list[EmailMessage]


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
