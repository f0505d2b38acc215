"""Mails about what was taken off a page: held, in the queue, and once it is put back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.models import Incident
from incidents.publishing import publish, take_off
from incidents.transitions import Saying
from subscribers.models import Delivery, DeliveryState
from tests.conftest import api_client
from tests.factories import STAFF, default_page, make_incident, make_key, partner_page
from tests.smtp_sink import SmtpSink
from tests.subscribers.making import make_subscriber, open_with, say, strike, work_off

MARIA, OTTO = "maria@example.com", "otto@other.example"
HOLD = timedelta(seconds=20)

pytestmark = pytest.mark.usefixtures("acme")


def told(sink: SmtpSink) -> list[str]:
    work_off()
    return sorted(mail.recipients[0] for mail in sink.taken)


def take_it_off(incident: Incident) -> None:
    take_off(incident, pages=[default_page()], by=STAFF)


def put_it_back(incident: Incident) -> None:
    publish(incident, pages=[default_page()], by=STAFF)


def on_both() -> Incident:
    """An incident of both pages, whose mails are in the queue."""
    make_subscriber(MARIA)
    make_subscriber(OTTO, page=partner_page())
    incident = make_incident(pages=(default_page(), partner_page()))
    work_off(most=1)
    return incident


def test_held_mails_are_not_sent_and_put_back_it_is_told_once(sink: SmtpSink) -> None:
    make_subscriber(MARIA)
    incident = open_with(Saying(body="On the wrong page.", hold=HOLD), pages=[default_page()])
    take_it_off(incident)
    strike(timezone.now() + HOLD * 2)
    assert told(sink) == []
    put_it_back(incident)
    strike(timezone.now() + HOLD * 2)
    assert told(sink) == [MARIA]


def test_put_back_within_the_hold_it_is_told_once_after_it(sink: SmtpSink) -> None:
    make_subscriber(MARIA)
    incident = open_with(Saying(body="On the right page.", hold=HOLD), pages=[default_page()])
    take_it_off(incident)
    put_it_back(incident)
    assert told(sink) == []
    strike(timezone.now() + HOLD * 2)
    assert told(sink) == [MARIA]


def test_what_is_in_the_queue_stops_and_says_why(sink: SmtpSink) -> None:
    incident = on_both()
    take_it_off(incident)
    assert told(sink) == [OTTO]
    skipped = Delivery.objects.get(state=DeliveryState.SKIPPED)
    assert (skipped.attempts, skipped.answer) == (
        0,
        "The page had stopped showing it when its turn came.",
    )
    first = incident.updates.get()
    found = api_client(make_key("subscribers")).get(f"/api/v1/deliveries?update={first.pk}").json()
    assert [row["update_id"] for row in found["data"]] == [first.pk, first.pk]


def test_put_back_after_that_its_subscribers_are_told_after_all(sink: SmtpSink) -> None:
    incident = on_both()
    take_it_off(incident)
    assert told(sink) == [OTTO]
    put_it_back(incident)
    assert told(sink) == [MARIA, OTTO]


def test_put_back_before_its_turn_comes_it_is_told_once(sink: SmtpSink) -> None:
    incident = on_both()
    take_it_off(incident)
    put_it_back(incident)
    assert told(sink) == [MARIA, OTTO]


def test_who_knew_it_hears_only_what_was_said_meanwhile(sink: SmtpSink) -> None:
    make_subscriber(MARIA)
    incident = make_incident()
    assert told(sink) == [MARIA]
    take_it_off(incident)
    put_it_back(incident)
    assert told(sink) == [MARIA]
    take_it_off(incident)
    say(incident, "Not for this page.")
    assert told(sink) == [MARIA]
    put_it_back(incident)
    assert told(sink) == [MARIA, MARIA]


def test_who_follows_only_this_hears_nothing_until_it_is_back(sink: SmtpSink) -> None:
    incident = make_incident()
    work_off()
    make_subscriber(MARIA, incidents=[incident])
    take_it_off(incident)
    say(incident, "Nobody reads this.")
    assert told(sink) == []
    put_it_back(incident)
    assert told(sink) == [MARIA]
    say(incident, "She does.")
    assert told(sink) == [MARIA, MARIA]
