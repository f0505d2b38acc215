"""The documented night: 03:14:22 it fails, 03:24 it works again, and what lies between.

Told to the second, with the clock moved by the test.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.test import Client

from alerts.channels.keeping import add_channel
from alerts.models import Alert, Call, Escalation
from alerts.people.arranging import Step, save_group, save_policy
from alerts.routing import change_routing
from atender.tenants.models import Tenant
from incidents.lifecycle import Facts, post_update
from incidents.models import Incident
from incidents.planning import plan_maintenance
from incidents.transitions import Saying
from incidents.watching import watch_components
from monitors.judging import Outcome
from monitors.models import Verdict
from monitors.verdicts import settle
from tests.alerts.calling import LINK, called, person
from tests.alerts.making import probe
from tests.alerts.test_channels import KEY, Answering
from tests.factories import STAFF, component, default_page
from tests.incidents.planned import clock_strikes

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


def route_the_probe(base: str) -> None:
    dana, eli = person("Dana", "sms", after_s=(8,)), person("Eli")
    pager = add_channel("PD", "pagerduty", f"{base}/integration/{KEY}", by=STAFF)
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
def night(acme: Tenant, settings: Any, mailoutbox: list[EmailMessage]) -> Iterator[Answering]:
    """Acme's API is watched: Dana is called by SMS after eight seconds, then Eli, then Gil."""
    settings.PRIVATE_TARGETS_ALLOWED = True
    far = Answering()
    with far.server as server:
        settings.ALERT_GATEWAYS = {"sms": f"json://{server.base[7:]}/sms/{{to}}"}
        with time_machine.travel(at("03:00"), tick=False):
            route_the_probe(server.base)
        yield far


def sent(far: Answering, path: str) -> list[Any]:
    return [json.loads(r.body) for r in far.server.requests if r.target.startswith(path)]


def test_the_night_as_documented(night: Answering, visitor: Client) -> None:
    check("03:14:22", DOWN)
    incident = Incident.objects.get()
    assert (incident.started_at, incident.is_auto_created) == (at("03:14:22"), True)
    assert (incident.status, incident.responder_status) == ("investigating", "triggered")
    assert component().states.get(page=default_page()).state == "partial_outage"
    assert incident.title in visitor.get("/").content.decode()
    assert [body["event_action"] for body in sent(night, "/v2/enqueue")] == ["trigger"]
    assert not sent(night, "/sms")

    clock_strikes(at("03:14:30"))
    (sms, *_) = sent(night, "/sms")
    link = LINK.findall(sms["message"])[0]

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
    events = sent(night, "/v2/enqueue")
    assert [body["event_action"] for body in events] == ["trigger", "acknowledge", "resolve"]
    assert len({body["dedup_key"] for body in events}) == 1
    clock_strikes(at("05:00"))
    assert set(called()) == {"Dana"}


def test_a_person_resolves_first(night: Answering) -> None:
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
    assert sent(night, "/v2/enqueue")[-1]["event_action"] == "resolve"


def test_nobody_takes_it(night: Answering) -> None:
    check("03:14:22", DOWN)
    for clock in ("03:14:30", "03:19:22", "03:24:22", "03:29:22", "03:29:30", "04:30"):
        clock_strikes(at(clock))
    steps = Call.objects.filter(state="sent").exclude(place="group").order_by("sent_at", "id")
    names = [(call.place, call.person.name) for call in steps if call.person]
    assert names[:3] == [("0.0", "Dana"), ("0.1", "Eli"), ("0.2", "Gil")]
    assert sorted(names[3:]) == [("last", "Dana"), ("last", "Eli"), ("last", "Fay")]
    assert Escalation.objects.get().state == "exhausted"
    assert Incident.objects.get().responder_status == "triggered"


def test_planned_work_covers_it(night: Answering) -> None:
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
    assert not night.server.requests
