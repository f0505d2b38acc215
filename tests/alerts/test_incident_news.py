"""Channels that hear of incidents, and those of groups that a step names."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from alerts.channels.incident_news import counts_as
from alerts.channels.keeping import add_channel
from alerts.models import ChannelMessage
from alerts.people.arranging import Step, save_group, save_policy
from alerts.routing import change_routing
from atender.tenants.models import Tenant
from incidents.lifecycle import acknowledge, open_incident, post_update
from incidents.timeline import withdraw_update
from incidents.transitions import Saying
from tests.alerts.calling import in_seconds, person
from tests.alerts.making import make_alert, probe
from tests.factories import STAFF, make_incident
from tests.web_server import WebServer, reply


@pytest.fixture
def far(acme: Tenant, settings: Any) -> Iterator[WebServer]:
    settings.PRIVATE_TARGETS_ALLOWED = True
    with WebServer(lambda _: reply()) as server:
        yield server


def hook(far: WebServer, *, hears_incidents: bool = False) -> Any:
    address = f"{far.base}/hook"
    return add_channel("Hook", "webhook", address, by=STAFF, hears_incidents=hears_incidents)


def told(far: WebServer) -> list[str]:
    return [json.loads(request.body)["type"] for request in far.requests]


def test_every_transition_is_told_once_and_in_order(far: WebServer) -> None:
    hook(far, hears_incidents=True)
    incident = make_incident()
    at = in_seconds(0)
    acknowledge(incident, by=STAFF)
    post_update(incident, by=STAFF, saying=Saying("Found it.", status="identified"))
    post_update(incident, by=STAFF, saying=Saying("Over.", status="resolved"))
    for _ in range(4):
        at = in_seconds(6, at)
    assert told(far) == [
        "incident.opened",
        "incident.acknowledge",
        "incident.update",
        "incident.resolve",
    ]
    assert {json.loads(r.body)["data"]["key"] for r in far.requests} == {incident.pk}


def test_a_program_reads_what_happened(far: WebServer) -> None:
    hook(far, hears_incidents=True)
    incident = make_incident()
    at = in_seconds(0)
    acknowledge(incident, by=STAFF)
    at = in_seconds(6, at)
    post_update(incident, by=STAFF, saying=Saying("Found it.", status="identified"))
    post_update(incident, by=STAFF, saying=Saying("quokka", is_public=False, status="monitoring"))
    post_update(incident, by=STAFF, saying=Saying("Over.", status="resolved"))
    for _ in range(5):
        at = in_seconds(6, at)
    incident.refresh_from_db()
    assert incident.resolved_at
    news = [json.loads(request.body)["data"] for request in far.requests]
    steps = [(one["incident"]["status"], one["update"] and one["update"]["body"]) for one in news]
    assert steps == [
        ("investigating", "We are investigating slow responses from the API."),
        ("investigating", None),
        ("identified", "Found it."),
        ("monitoring", ""),
        ("resolved", "Over."),
    ]
    assert news[1]["incident"]["acknowledged_by"] == STAFF.name
    (component,) = news[0]["incident"]["components"]
    assert (component["name"], component["state"]) == ("API", "partial_outage")
    ended = news[-1]["incident"]
    assert ended["resolved_at"] == incident.resolved_at.isoformat()
    assert ended["duration_s"] >= 0
    assert ended["likely_cause"] is None


def test_private_words_are_for_those_who_may(far: WebServer) -> None:
    slack = add_channel("Room", "slack", f"{far.base}/room", by=STAFF, hears_incidents=True)
    add_channel(
        "Inner room",
        "slack",
        f"{far.base}/inner",
        by=STAFF,
        hears_incidents=True,
        hears_private=True,
    )
    incident = make_incident()
    secret = "The quokka did it."
    post_update(incident, by=STAFF, saying=Saying(secret, is_public=False))
    saying = Saying(secret, status="identified", is_public=False)
    post_update(incident, by=STAFF, saying=saying)
    at = in_seconds(0)
    for _ in range(4):
        at = in_seconds(6, at)
    heard = {"/room": b"", "/inner": b""}
    for request in far.requests:
        heard[request.target] += request.body
    assert b"quokka" not in heard["/room"]
    assert heard["/inner"].count(b"quokka") == 2
    # The step itself is no secret; the words alone are not told at all.
    assert slack.messages.count() == 2


def test_what_was_undone_is_not_told(far: WebServer) -> None:
    hook(far, hears_incidents=True)
    incident = make_incident()
    in_seconds(0)
    saying = Saying("Found it.", status="identified", hold=timedelta(seconds=20))
    update = post_update(incident, by=STAFF, saying=saying)
    withdraw_update(update, by=STAFF)
    in_seconds(60)
    assert told(far) == ["incident.opened"]
    assert list(ChannelMessage.objects.values_list("state", flat=True)) == ["sent", "dropped"]


def test_who_did_not_ask_hears_nothing_and_pagerduty_no_updates(far: WebServer) -> None:
    hook(far)
    add_channel(
        "Duty",
        "pagerduty",
        f"{far.base}/integration/{'a' * 32}/enqueue",
        by=STAFF,
        hears_incidents=True,
    )
    incident = make_incident(severity="critical")
    post_update(incident, by=STAFF, saying=Saying("Found it.", status="identified"))
    post_update(incident, by=STAFF, saying=Saying("Over.", status="resolved"))
    at = in_seconds(0)
    for _ in range(3):
        at = in_seconds(6, at)
    events = [json.loads(request.body) for request in far.requests]
    assert [event["event_action"] for event in events] == ["trigger", "resolve"]
    assert events[0]["payload"]["severity"] == "critical"


def test_a_backfilled_incident_is_silent(far: WebServer) -> None:
    hook(far, hears_incidents=True)
    open_incident("It was slow", by=STAFF, first=Saying("For a while.", status="resolved"))
    in_seconds(0)
    assert told(far) == []


def test_groups_of_steps_tell_their_channels_as_their_turn_comes(
    far: WebServer, mailoutbox: list[object]
) -> None:
    second = save_group(None, by=STAFF, name="Second", channels=[hook(far)])
    late = add_channel("Late", "webhook", f"{far.base}/late", by=STAFF)
    last = save_group(None, by=STAFF, name="Last", channels=[late])
    steps = [Step(300, [person("Dana")]), Step(300, [person("Eli")], groups=[second])]
    policy = save_policy(None, by=STAFF, name="Shop", steps=steps, last_resort=last)
    change_routing(probe(), by=STAFF, escalation_policy=policy)
    make_alert(monitor=probe())
    at = in_seconds(0)
    assert told(far) == []
    at = in_seconds(300, at)
    assert [request.target for request in far.requests] == ["/hook"]
    in_seconds(300, at)
    assert [request.target for request in far.requests] == ["/hook", "/late"]
    assert told(far) == ["alert.trigger", "alert.trigger"]


def filtered(far: WebServer, *severities: str, kind: str = "webhook") -> None:
    address = f"{far.base}/integration/{'a' * 32}/enqueue" if kind == "pagerduty" else far.base
    add_channel("Loud", kind, address, by=STAFF, severities=severities, hears_incidents=True)


def told_all(far: WebServer, steps: int = 5) -> list[str]:
    at = in_seconds(0)
    for _ in range(steps):
        at = in_seconds(6, at)
    return told(far)


@pytest.mark.parametrize(
    ("severity", "heard_as"),
    [
        ("critical", {"critical"}),
        ("major", {"critical"}),
        ("minor", {"error", "warning"}),
        (None, {"info"}),
        ("maintenance", {"info"}),
    ],
)
def test_an_incident_counts_as_the_alerts_that_make_one(
    severity: str | None, heard_as: set[str]
) -> None:
    assert counts_as(severity) == heard_as


def test_a_channel_hears_only_of_what_is_as_loud_as_it_asks(far: WebServer) -> None:
    filtered(far, "critical")
    incident = make_incident(severity="minor")
    acknowledge(incident, by=STAFF)
    post_update(incident, by=STAFF, saying=Saying("Over.", status="resolved"))
    make_incident("Everything is down", severity="critical")
    assert told_all(far) == ["incident.opened"]
    assert b"Everything is down" in far.requests[0].body


def test_what_grows_loud_is_heard_from_then_on_to_its_end(far: WebServer) -> None:
    filtered(far, "critical")
    incident = make_incident(severity="minor")
    post_update(incident, by=STAFF, saying=Saying("Nobody can pay.", severity="major"))
    post_update(incident, by=STAFF, saying=Saying("Cards work.", severity="minor"))
    post_update(incident, by=STAFF, saying=Saying("Over.", status="resolved"))
    assert told_all(far) == ["incident.update", "incident.update", "incident.resolve"]


def test_pagerduty_begins_where_it_grows_loud_and_ends(far: WebServer) -> None:
    filtered(far, "critical", kind="pagerduty")
    incident = make_incident(severity="minor")
    post_update(incident, by=STAFF, saying=Saying("Looking.", status="identified"))
    for severity in ("major", "critical"):
        post_update(incident, by=STAFF, saying=Saying(f"It is {severity}.", severity=severity))
    post_update(incident, by=STAFF, saying=Saying("Over.", status="resolved"))
    at = in_seconds(0)
    for _ in range(3):
        at = in_seconds(6, at)
    sent = [json.loads(request.body) for request in far.requests]
    assert [event["event_action"] for event in sent] == ["trigger", "resolve"]
    assert {event["dedup_key"] for event in sent} == {incident.pk}
