"""A resolution overtakes updates that were not sent yet, for those who asked for that."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from atender.tenants.models import Tenant
from incidents.timeline import withdraw_update
from subscribers import fanout
from subscribers.deliveries import claims
from subscribers.models import Subscriber
from tests.factories import STAFF, make_incident
from tests.smtp_sink import SmtpSink
from tests.subscribers.making import make_subscriber, manage_path, say, work_off

PATIENT, HASTY = "all@example.com", "latest@example.com"


@pytest.fixture
def both(acme: Tenant, sink: SmtpSink) -> None:
    make_subscriber(PATIENT)
    make_subscriber(HASTY)
    Subscriber.objects.filter(address=HASTY).update(wants_only_latest=True)


def told(sink: SmtpSink, address: str) -> list[str]:
    subjects = [str(mail.message["Subject"]) for mail in sink.to(address)]
    return [subject.partition("] ")[2].partition(":")[0] for subject in subjects]


def test_the_resolution_alone_comes_where_it_was_asked_for(both: None, sink: SmtpSink) -> None:
    incident = make_incident()
    say(incident, "We know the cause.", status="identified")
    say(incident, "Done.", status="resolved")
    work_off()

    assert told(sink, HASTY) == ["Resolved"]
    assert told(sink, PATIENT) == ["Investigating", "Identified", "Resolved"]


def test_one_that_was_expanded_already_is_left_out_at_the_claim(
    both: None, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "BATCH", 1)
    monkeypatch.setattr(fanout, "TURN_LASTS_S", 0)
    incident = make_incident()
    work_off(2)
    assert told(sink, PATIENT) == ["Investigating"]

    say(incident, "Done.", status="resolved")
    work_off()

    assert told(sink, HASTY) == ["Resolved"]


def test_a_resolution_that_can_still_be_undone_overtakes_nothing(
    both: None, sink: SmtpSink
) -> None:
    incident = make_incident()
    resolution = say(incident, "Done.", status="resolved", hold=timedelta(seconds=20))
    work_off()
    withdraw_update(resolution, by=STAFF, at=timezone.now())

    assert told(sink, HASTY) == ["Investigating"]


def test_it_is_chosen_among_the_preferences(visitor: Client, both: None) -> None:
    subscriber = Subscriber.objects.get(address=PATIENT)
    path = manage_path(subscriber)
    choice = {"scope": "everything", "kinds": "both"}

    visitor.post(path, {**choice, "only_latest": "on"})
    subscriber.refresh_from_db()
    assert subscriber.wants_only_latest
    assert 'name="only_latest" checked' in visitor.get(path).content.decode()

    visitor.post(path, choice)
    subscriber.refresh_from_db()
    assert not subscriber.wants_only_latest


def test_it_is_chosen_over_the_api(api: Client, both: None) -> None:
    pk = Subscriber.objects.get(address=PATIENT).pk
    path = f"/api/v1/subscribers/{pk}"

    answer = api.patch(path, {"only_latest": True}, content_type="application/json")

    assert answer.json()["only_latest"] is True
    again = api.patch(path, {"kinds": "incidents"}, content_type="application/json")
    assert again.json()["only_latest"] is True
