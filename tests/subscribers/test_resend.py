"""Staff hear of mails that do not go out or did not arrive, and send them again."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from atender.outbound.models import Letter
from atender.refusals import Refused
from atender.tenants.models import Tenant
from incidents.models import Incident
from subscribers.deliveries.resending import resend_failed
from subscribers.models import Delivery, DeliveryState, Notice, NoticeState
from tests.factories import STAFF, make_incident
from tests.smtp_sink import SmtpSink
from tests.subscribers.making import make_subscriber, strike, work_off

PEOPLE = [f"p{number}@example.com" for number in range(3)]


@pytest.fixture
def refused(acme: Tenant, sink: SmtpSink) -> Incident:
    """An incident of which one of three could not be told."""
    for address in PEOPLE:
        make_subscriber(address)
    sink.answer("RCPT", "550 5.1.1 no such user", to=PEOPLE[1], times=1)
    incident = make_incident()
    work_off()
    return incident


def resend_path() -> str:
    return f"/admin/subscribers/delivery/{Notice.objects.get().pk}/resend/"


def test_those_who_failed_get_it_and_the_others_nothing_more(
    refused: Incident, sink: SmtpSink, console: Client
) -> None:
    assert "1 failed" in console.get(f"/admin/incidents/incident/{refused.pk}/change/").text
    console.post(resend_path())
    assert Notice.objects.get().state == NoticeState.SENDING
    work_off()
    assert sorted(mail.to for mail in sink.taken if "API" in mail.message["Subject"]) == PEOPLE
    again = Delivery.objects.get(subscriber__address=PEOPLE[1])
    assert (again.state, again.attempts) == (DeliveryState.SENT, 1)
    assert [entry["result"] for entry in again.log] == ["refused", "taken"]
    assert again.log[0]["answer"] == "550 5.1.1 no such user"
    shown = console.get(f"/admin/subscribers/delivery/{again.pk}/change/").text
    assert "550 5.1.1 no such user" in shown
    assert "250 taken" in shown


def test_a_second_click_is_refused_and_changes_nothing(
    refused: Incident, sink: SmtpSink, console: Client
) -> None:
    resend_failed(Notice.objects.get(), by=STAFF)
    with pytest.raises(Refused, match="Nothing of this failed"):
        resend_failed(Notice.objects.get(), by=STAFF)


def test_focus_outlives_the_swap_of_every_two_seconds(refused: Incident, console: Client) -> None:
    """Where a part is exchanged, htmx gives the focus back by id, and only by id."""
    shown = console.get(f"/admin/incidents/incident/{refused.pk}/change/").content.decode()
    told = shown.partition('class="card reach-so-far"')[2].partition("</section>")[0]
    pressed = re.findall("<(?:button|a)[^>]*>", told)
    assert "Resend the" in told
    assert [one for one in pressed if ' id="' not in one] == []


def test_who_may_only_read_resends_nothing(refused: Incident, bobs_console: Client) -> None:
    assert bobs_console.post(resend_path()).status_code == 403
    assert bobs_console.get(resend_path()).status_code == 405
    assert Notice.objects.get().state == NoticeState.SENT


def test_the_admins_are_told_once_that_many_failed(refused: Incident, sink: SmtpSink) -> None:
    (letter,) = [m for m in sink.taken if m.message["Subject"] == "1 of 3 mails failed"]
    text = letter.message.get_content()
    assert "were refused for good" in text.replace("\r\n", " ")
    assert refused.pk in text


def test_the_admins_are_told_once_that_mails_stand_still(acme: Tenant, sink: SmtpSink) -> None:
    make_subscriber()
    make_incident()
    sink.stop()
    work_off()
    for minutes in range(1, 20):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes * 6), tick=True):
            strike()
    assert Notice.objects.get().failures > 6
    sink.start()
    assert Letter.objects.filter(subject="Mails are not going out").count() == 1
