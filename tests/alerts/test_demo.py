"""What a newcomer sees who breaks the demo's shaky service."""

import json
from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from alerts import demo
from alerts.models import Alert, Schedule
from alerts.people.duty import on_duty
from atender.staff.models import User
from atender.tenants.models import Tenant
from incidents.models import Incident
from monitors import demo as watched
from monitors.models import Monitor, Service, Verdict
from monitors.outcomes import Outcome
from monitors.verdicts.settling import settle
from tests.alerts.calling import LINK
from tests.incidents.planned import clock_strikes

Box = list[EmailMessage]


@pytest.fixture
def shop(acme: Tenant, mailoutbox: Box) -> Monitor:
    Monitor.objects.all().delete()
    Service.objects.all().delete()
    watched.seed(acme, now=acme.created_at)
    demo.seed(acme, now=timezone.now())
    assert not mailoutbox
    return Monitor.objects.get(name="Checkout journey")


def found(shop: Monitor, verdict: Verdict, at: datetime) -> None:
    settle(shop, outcome=Outcome(verdict, at, error_code="http_500"))
    clock_strikes(at)


def test_breaking_the_shop_and_mending_it_is_the_whole_loop(shop: Monitor, mailoutbox: Box) -> None:
    now, visitor = timezone.now(), Client(HTTP_HOST="status.acme.localhost")
    found(shop, Verdict.DOWN, now)
    incident = Incident.objects.get()
    assert incident.is_auto_created
    assert incident.title in visitor.get("/").content.decode()
    by_address = {mail.to[0]: mail for mail in mailoutbox}
    assert set(by_address) == {"alice@acme.example", "alerts@acme.example"}

    link = LINK.findall(str(by_address["alice@acme.example"].body))[0]
    assert "You have it" in Client(HTTP_HOST="acme.localhost").post(link).content.decode()
    found(shop, Verdict.DOWN, now + timedelta(minutes=10))
    assert {mail.to[0] for mail in mailoutbox} == set(by_address)

    found(shop, Verdict.UP, now + timedelta(minutes=11))
    incident.refresh_from_db()
    assert (incident.status, incident.responder_status) == ("resolved", "resolved")
    assert incident.alerts.get().status == "resolved"
    summary = json.loads(visitor.get("/api/v2/summary.json").content)
    assert summary["incidents"] == []


def test_the_first_of_a_team_has_the_duty_when_it_is_seeded(shop: Monitor) -> None:
    alice = User.objects.get(email="alice@acme.example")
    assert on_duty(Schedule.objects.get(), timezone.now()) == alice.pk


def test_what_called_people_before_is_over_and_calls_nobody(shop: Monitor, mailoutbox: Box) -> None:
    past = Alert.objects.all()
    assert past.count() > 3
    assert not past.open().exists()
    for alert in past:
        assert alert.acknowledged_at is not None
        assert alert.resolved_at is not None
        assert alert.triggered_at < alert.acknowledged_at < alert.resolved_at < timezone.now()
        kinds = [entry.kind for entry in alert.entries.order_by("at", "id")]
        assert (kinds[0], kinds[-1]) == ("triggered", "resolved")
    clock_strikes(timezone.now())
    assert not mailoutbox


def test_seeding_twice_adds_nobody(shop: Monitor, acme: Tenant) -> None:
    before = User.objects.count()
    demo.seed(acme, now=timezone.now())
    assert (User.objects.count(), Schedule.objects.count()) == (before, 1)
