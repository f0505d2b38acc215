"""The documented night: 03:14:22 it fails, 03:24 it works again, and what lies between.

Told to the second, with the clock moved by the test.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from alerts.channels.keeping import add_channel
from alerts.models import Alert, Call, Escalation
from alerts.people.arranging import Step, save_group, save_policy
from alerts.routing import change_routing
from atender.tenants.models import Tenant
from incidents.catalogue.watching import watch_components
from incidents.lifecycle import Facts, post_update
from incidents.models import Incident
from incidents.planned.planning import plan_maintenance
from incidents.transitions import Saying
from monitors.models import Verdict
from monitors.outcomes import Outcome
from monitors.verdicts.settling import settle
from tests.alerts.calling import LINK, called, person
from tests.alerts.making import probe
from tests.alerts.pagerduty import PagerDuty
from tests.factories import STAFF, component, default_page
from tests.incidents.planned import clock_strikes
from tests.smtp_sink import SmtpSink
from tests.subscribers.making import make_subscriber
from tests.web_server import WebServer, reply

NIGHT = datetime(2026, 12, 5, tzinfo=UTC)
UP, DOWN = Verdict.UP, Verdict.DOWN


def at(clock: str) -> datetime:
    hours, minutes, seconds = (int(part) for part in f"{clock}:00".split(":")[:3])
    return NIGHT + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def check(clock: str, verdict: Verdict) -> None:
    """A check's outcome at a moment, and what the clock and workers make of it."""
    with time_machine.travel(at(clock), tick=False):
        settle(probe(), outcome=Outcome(verdict, at(clock), error_code="timeout"))
    clock_strikes(at(clock))


SUBSCRIBER = "maria@example.com"


@dataclass
class Far:
    """Who is told elsewhere: PagerDuty, phones, and a subscriber's mail server."""

    duty: PagerDuty
    phones: WebServer
    mails: SmtpSink

    @property
    def texts(self) -> list[str]:
        return [str(json.loads(request.body)["message"]) for request in self.phones.requests]

    @property
    def subjects(self) -> list[str]:
        """Of what came to the subscriber, in order."""
        return [str(m.message["Subject"]) for m in self.mails.taken if m.to == SUBSCRIBER]


def route_the_probe(integration_url: str) -> None:
    dana, eli = person("Dana", "sms", after_s=(8,)), person("Eli")
    pager = add_channel("PD", "pagerduty", integration_url, by=STAFF)
    group = save_group(None, by=STAFF, name="Shop", people=[dana], channels=[pager])
    everybody = save_group(None, by=STAFF, name="All", people=[dana, eli, person("Fay")])
    steps = [Step(wait_s=300, people=[who]) for who in (eli, person("Gil"))]
    policy = save_policy(
        None, by=STAFF, name="Shop", last_resort=everybody, steps=[Step(300, [dana]), *steps]
    )
    watch_components(probe(), [component()], by=STAFF)
    change_routing(
        probe(),
        by=STAFF,
        auto_incident="on",
        pages=[default_page()],
        notification_group=group,
        escalation_policy=policy,
    )


@pytest.fixture
def night(acme: Tenant, settings: Any) -> Iterator[Far]:
    """Acme's API is watched: Dana is called by SMS after eight seconds, then Eli, then Gil.

    Maria subscribed to the page.
    """
    settings.PRIVATE_TARGETS_ALLOWED = True
    with PagerDuty() as duty, WebServer(lambda _: reply(b"{}")) as phones, SmtpSink() as mails:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mails.port
        settings.ALERT_GATEWAYS = {"sms": f"json://{phones.base[7:]}/sms/{{to}}"}
        with time_machine.travel(at("03:00"), tick=False):
            route_the_probe(duty.integration_url)
            make_subscriber(SUBSCRIBER)
        yield Far(duty, phones, mails)


def test_the_night_as_documented(night: Far, visitor: Client) -> None:
    check("03:14:22", DOWN)
    incident = Incident.objects.get()
    assert (incident.started_at, incident.is_auto_created) == (at("03:14:22"), True)
    assert (incident.status, incident.responder_status) == ("investigating", "triggered")
    assert component().states.get(page=default_page()).state == "partial_outage"
    assert incident.title in visitor.get("/").content.decode()
    assert night.duty.actions == ["trigger"]
    assert night.texts == []

    clock_strikes(at("03:14:30"))
    (text,) = night.texts
    link = LINK.findall(text)[0]

    with time_machine.travel(at("03:15:10"), tick=False):
        assert Client(HTTP_HOST="acme.localhost").post(link).status_code == 200
    clock_strikes(at("03:15:10"))
    incident.refresh_from_db()
    assert (incident.responder_status, incident.acknowledged_at) == (
        "acknowledged",
        at("03:15:10"),
    )
    assert incident.status == "investigating"
    assert Escalation.objects.get().state == "stopped"

    with time_machine.travel(at("03:18"), tick=False):
        words = "Database failover stuck. Manually promoting the standby."
        post_update(incident, by=STAFF, saying=Saying(status="identified", body=words))
    clock_strikes(at("03:23"))
    assert set(called()) == {"Dana"}

    check("03:24", UP)
    incident.refresh_from_db()
    assert (incident.status, incident.responder_status) == ("resolved", "resolved")
    assert incident.resolved_at == at("03:24")
    assert incident.updates.filter(status="resolved").count() == 1
    assert component().states.get(page=default_page()).state == "operational"
    assert night.duty.actions == ["trigger", "acknowledge", "resolve"]
    assert list(night.duty.incidents.values()) == ["resolved"]
    clock_strikes(at("05:00"))
    assert set(called()) == {"Dana"}
    told = [subject.partition(":")[0] for subject in night.subjects]
    assert told == ["[Acme] Investigating", "[Acme] Identified", "[Acme] Resolved"]
    assert not night.duty.refused


def test_a_person_resolves_first(night: Far) -> None:
    check("03:14:22", DOWN)
    incident = Incident.objects.get()
    with time_machine.travel(at("03:20"), tick=False):
        post_update(incident, by=STAFF, saying=Saying(status="resolved", body="Fixed."))
    clock_strikes(at("03:20"))
    check("03:24", UP)
    incident.refresh_from_db()
    assert incident.resolved_at == at("03:20")
    assert incident.updates.filter(status="resolved").count() == 1
    assert Alert.objects.get().status == "resolved"
    assert night.duty.actions[-1] == "resolve"
    assert sum("Resolved" in subject for subject in night.subjects) == 1


def test_nobody_takes_it(night: Far) -> None:
    check("03:14:22", DOWN)
    for clock in ("03:14:30", "03:19:22", "03:24:22", "03:29:22", "03:29:30", "04:30"):
        clock_strikes(at(clock))
    steps = Call.objects.filter(state="sent").order_by("sent_at", "id")
    names = [(call.place, call.person.name) for call in steps if call.person]
    assert names[:3] == [("group", "Dana"), ("0.1", "Eli"), ("0.2", "Gil")]
    assert sorted(names[3:]) == [("last", "Dana"), ("last", "Eli"), ("last", "Fay")]
    assert Escalation.objects.get().state == "exhausted"
    assert Incident.objects.get().responder_status == "triggered"


def test_planned_work_covers_it(night: Far) -> None:
    with time_machine.travel(at("03:00"), tick=False):
        plan_maintenance(
            "Database upgrade",
            by=STAFF,
            first=Saying("We move the database."),
            facts=Facts(
                components=[component()],
                pages=[default_page()],
                scheduled_for=at("03:10"),
                scheduled_until=at("03:40"),
            ),
        )
    clock_strikes(at("03:10"))
    check("03:14:22", DOWN)
    check("03:24", UP)
    clock_strikes(at("03:40"))
    assert not Alert.objects.exists()
    assert not Incident.objects.filter(kind="incident").exists()
    assert not night.duty.events
    assert not any("unavailable" in subject for subject in night.subjects)
