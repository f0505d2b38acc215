"""What channels are sent, against servers that answer like theirs, and their own clients."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from slack_sdk.webhook import WebhookClient
from standardwebhooks import Webhook

from alerts.channels.keeping import add_channel, change_channel, kind_of
from alerts.escalation.paging import page_out
from alerts.inbound.sources import add_source
from alerts.lifecycle import acknowledge, resolve, snooze
from alerts.models import Alert, AlertChannel, ChannelMessage, Escalation
from alerts.people.arranging import save_group
from alerts.routing import change_routing
from atender.actors import Actor, ActorKind
from atender.refusals import Refused
from atender.tenants.models import Tenant
from tests.alerts.calling import in_seconds
from tests.alerts.clients import event
from tests.alerts.making import kinds_of, make_alert, probe
from tests.factories import STAFF
from tests.web_server import Request, WebServer, reply

KEY = "0123456789abcdef0123456789abcdef"
DANA = Actor(ActorKind.PERSON, id="01JD0000000000000000000009", name="Dana")


class Answering:
    """A server whose answers a test may change: 202 unless told."""

    def __init__(self) -> None:
        self.answers: list[bytes] = []
        self.server = WebServer(self._answer)

    def _answer(self, _: Request) -> bytes:
        return self.answers.pop(0) if self.answers else reply(b"ok", status=202)

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.body) for request in self.server.requests]


@pytest.fixture
def far(acme: Tenant, settings: Any) -> Iterator[Answering]:
    settings.PRIVATE_TARGETS_ALLOWED = True
    answering = Answering()
    with answering.server:
        yield answering


def channel(far: Answering, kind: str, **about: Any) -> AlertChannel:
    """A channel of the group that the api probe calls."""
    base = far.server.base
    address = f"{base}/integration/{KEY}/enqueue" if kind == "pagerduty" else f"{base}/hook"
    made = add_channel(kind, kind, about.pop("address", address), by=STAFF, **about)
    group = save_group(None, by=STAFF, name="Shop", channels=[made])
    change_routing(probe(), by=STAFF, notification_group=group)
    return made


def through_all() -> Alert:
    """An alert that is raised, taken and over; channels hear of each."""
    alert = make_alert(monitor=probe(), severity="critical", details={"cause": "All time out."})
    at = in_seconds(0)
    acknowledge(alert, by=DANA, at=at)
    at = in_seconds(10, at)
    resolve(alert, by=STAFF, at=at)
    in_seconds(10, at)
    return alert


def test_pagerduty_is_told_by_one_key_as_its_own_client_would(far: Answering) -> None:
    channel(far, "pagerduty")
    through_all()
    key = Escalation.objects.get().pk
    trigger, acknowledged, resolved = far.bodies
    assert far.server.paths == ["/v2/enqueue"] * 3
    assert trigger == event(
        KEY,
        "trigger",
        key,
        payload={
            "summary": "api probe is down",
            "source": "api probe",
            "severity": "critical",
            "timestamp": trigger["payload"]["timestamp"],
            "custom_details": trigger["payload"]["custom_details"],
        },
        links=[{"href": trigger["client_url"], "text": "The alert"}],
        client="Atender Incidents",
        client_url=trigger["client_url"],
    )
    assert trigger["payload"]["custom_details"]["Likely cause"] == "All time out."
    assert acknowledged == event(KEY, "acknowledge", key)
    assert resolved == event(KEY, "resolve", key)


def test_slack_gets_what_its_own_client_sends(far: Answering) -> None:
    channel(far, "slack")
    make_alert("Disk <full> & hot", monitor=probe())
    in_seconds(0)
    (body,) = far.bodies
    assert body["text"] == "Triggered: Disk &lt;full&gt; &amp; hot"
    assert [block["type"] for block in body["blocks"]] == ["header", "section", "section"]
    WebhookClient(f"{far.server.base}/hook").send(text=body["text"], blocks=body["blocks"])
    assert far.bodies[1] == body
    ours, theirs = far.server.requests
    assert theirs.headers["content-type"].startswith(ours.headers["content-type"])


def test_teams_gets_an_adaptive_card(far: Answering) -> None:
    channel(far, "teams")
    through_all()
    cards = [body["attachments"][0] for body in far.bodies]
    assert {card["contentType"] for card in cards} == {"application/vnd.microsoft.card.adaptive"}
    assert [card["content"]["body"][0]["text"] for card in cards] == [
        "Triggered: api probe is down",
        "Acknowledged: api probe is down",
        "Resolved: api probe is down",
    ]
    facts = {fact["title"]: fact["value"] for fact in cards[2]["content"]["body"][1]["facts"]}
    assert "min" in facts["Lasted"]


def test_discord_mentions_nobody(far: Answering) -> None:
    channel(far, "discord")
    make_alert("@everyone " + "x" * 240, monitor=probe())
    in_seconds(0)
    (body,) = far.bodies
    assert body["allowed_mentions"] == {"parse": []}
    assert len(body["embeds"][0]["title"]) <= 256


def test_a_channel_hears_when_it_was_and_not_when_the_queue_came_to_it(far: Answering) -> None:
    channel(far, "webhook")
    alert = make_alert(monitor=probe())
    at = in_seconds(0)
    acknowledge(alert, by=DANA, at=at)
    over_at = at + timedelta(seconds=10)
    resolve(alert, by=STAFF, at=over_at)
    in_seconds(300, over_at)

    told = {body["type"]: body["timestamp"] for body in far.bodies}
    assert told["alert.resolve"] == over_at.isoformat()


def test_a_webhook_is_signed(far: Answering) -> None:
    made = channel(far, "webhook")
    make_alert(monitor=probe())
    in_seconds(0)
    (request,) = far.server.requests
    said: Any = Webhook(made.secret).verify(request.body, request.headers)
    (told,) = said["data"]["alerts"]
    assert (said["type"], told["summary"]) == ("alert.trigger", "api probe is down")
    assert told["monitor_id"] == probe().id
    assert told["triggered_at"]
    assert told["resolved_at"] is told["acknowledged_by"] is told["incident_id"] is None


def test_a_mailbox_hears_of_it(far: Answering, mailoutbox: list[EmailMessage]) -> None:
    channel(far, "email", address="ops@acme.example")
    through_all()
    assert [mail.subject for mail in mailoutbox] == [
        "Triggered: api probe is down",
        "Acknowledged: api probe is down",
        "Resolved: api probe is down",
    ]
    assert "Who has it: Dana" in str(mailoutbox[1].body)


def test_a_busy_server_is_asked_again_in_turn(far: Answering) -> None:
    channel(far, "pagerduty")
    far.answers = [reply(status=429, Retry_After="60"), reply(status=500)]
    alert = make_alert(monitor=probe())
    at = in_seconds(0)
    acknowledge(alert, by=DANA)
    at = in_seconds(30, at)
    assert len(far.bodies) == 1
    at = in_seconds(31, at)
    at = in_seconds(16, at)
    in_seconds(6, at)
    actions = [body["event_action"] for body in far.bodies]
    assert actions == ["trigger", "trigger", "trigger", "acknowledge"]


@pytest.mark.parametrize("status", [400, 302, 403])
def test_what_is_refused_is_not_sent_again(far: Answering, status: int) -> None:
    channel(far, "pagerduty")
    far.answers = [reply(status=status)]
    through_all()
    assert len(far.bodies) == 1
    states = ChannelMessage.objects.order_by("id").values_list("state", flat=True)
    assert list(states) == ["failed", "dropped", "dropped"]
    assert str(status) in ChannelMessage.objects.earliest("id").answer


def test_an_address_that_is_gone_is_switched_off(far: Answering) -> None:
    made = channel(far, "slack")
    far.answers = [reply(status=410)]
    make_alert(monitor=probe())
    in_seconds(0)
    made.refresh_from_db()
    assert not made.is_on


def test_a_channel_hears_of_its_severities_alone(far: Answering) -> None:
    channel(far, "slack", severities=["critical"])
    alert = make_alert(monitor=probe(), severity="warning")
    at = in_seconds(0)
    resolve(alert, by=STAFF)
    in_seconds(61, at)
    assert not far.bodies
    make_alert(monitor=probe(), severity="critical", dedup_key="b")
    in_seconds(0)
    assert len(far.bodies) == 1


def test_recoveries_are_told_where_they_are_asked_for(far: Answering) -> None:
    channel(far, "slack")
    change_routing(probe(), by=STAFF, alert_on=["down"])
    alert = make_alert(monitor=probe())
    at = in_seconds(0)
    resolve(alert, by=STAFF)
    in_seconds(5, at)
    assert len(far.bodies) == 1


def test_what_was_over_before_it_was_told_is_not_told(far: Answering) -> None:
    channel(far, "slack")
    far.answers = [reply(status=503)]
    alert = make_alert(monitor=probe())
    at = in_seconds(0)
    resolve(alert, by=STAFF)
    in_seconds(60, at)
    assert len(far.bodies) == 1


def test_what_wakes_is_told_anew_and_the_one_before_is_over(far: Answering) -> None:
    channel(far, "pagerduty")
    alert = make_alert(monitor=probe())
    at = in_seconds(0)
    snooze(alert, until=at + timedelta(minutes=10), by=STAFF, at=at)
    in_seconds(3600, at)
    actions = [(body["event_action"], body["dedup_key"]) for body in far.bodies]
    first, second = Escalation.objects.order_by("id").values_list("pk", flat=True)
    assert sorted(actions[1:]) == [("resolve", first), ("trigger", second)]


def test_pagerduty_takes_and_resolves_ours(far: Answering) -> None:
    channel(far, "pagerduty")
    alert = make_alert(monitor=probe())
    at = in_seconds(0)
    source = add_source("PagerDuty", "pagerduty", by=STAFF)
    outside, key = Client(HTTP_HOST="acme.localhost"), Escalation.objects.get().pk

    def say(event_type: str, incident_key: Any = key) -> Any:
        event = {
            "id": "01BWXQ6T9M",
            "event_type": event_type,
            "resource_type": "incident",
            "occurred_at": "2026-11-28T03:15:10.000Z",
            "agent": {"summary": "Dana Who", "type": "user_reference"},
            "data": {"id": "PGR0VU2", "type": "incident", "incident_key": incident_key},
        }
        return outside.post(source.path, {"event": event}, content_type="application/json").json()

    assert say("incident.acknowledged", "someone's own key") == {"changed": 0}
    assert say("incident.reassigned") == {"changed": 0}
    assert say("incident.acknowledged") == {"changed": 1}
    assert say("incident.acknowledged") == {"changed": 0}
    alert.refresh_from_db()
    assert alert.acknowledged_by_name == "Dana Who in PagerDuty"
    at = in_seconds(5, at)
    assert say("incident.resolved") == {"changed": 1}
    in_seconds(5, at)
    assert kinds_of(alert)[-2:] == ["acknowledged", "resolved"]
    assert [body["event_action"] for body in far.bodies] == ["trigger", "acknowledge", "resolve"]
    bad = outside.post(source.path, {"event": 1}, content_type="application/json")
    assert bad.status_code == 422


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("pagerduty", "short"),
        ("pagerduty", "https://events.pagerduty.com/generic"),
        ("slack", "ftp://hooks.example"),
        ("webhook", "https://user:pass@hooks.example"),
        ("email", "nobody"),
        ("fax", "1"),
        *((kind, "https://[::1") for kind in ("pagerduty", "slack", "webhook", "email")),
        (kind_of("https://[::1"), "https://[::1"),
    ],
)
def test_an_address_that_cannot_be_is_refused(acme: Tenant, kind: str, address: str) -> None:
    with pytest.raises(Refused):
        add_channel("x", kind, address, by=STAFF)
    assert not AlertChannel.objects.exists()


def test_a_key_alone_is_enough_and_a_name_is_had_once(acme: Tenant) -> None:
    made = add_channel("PD", "pagerduty", KEY, by=STAFF)
    assert (made.address, made.secret) == ("https://events.pagerduty.com/v2/enqueue", KEY)
    with pytest.raises(Refused, match="already"):
        add_channel("PD", "pagerduty", KEY, by=STAFF)
    changed = change_channel(made, by=STAFF, name="Pager", severities=["info", "critical"])
    assert (changed.name, changed.severities) == ("Pager", ["critical", "info"])


def test_the_api_never_answers_an_address(api: Client, acme: Tenant) -> None:
    path, body = "/api/v1/alert-channels", {"name": "Hook", "kind": "webhook"}
    made = api.post(
        path, {**body, "address": "https://hooks.example/s3cret"}, content_type="application/json"
    )
    assert made.status_code == 201, made.content
    assert made.json()["secret"].startswith("whsec_")
    one = f"{path}/{made.json()['id']}"
    group = api.post(
        "/api/v1/notification-groups",
        {"name": "Shop", "channel_ids": [made.json()["id"]]},
        content_type="application/json",
    )
    assert group.json()["channel_ids"] == [made.json()["id"]]
    for read in (api.get(path), api.get(one)):
        assert b"s3cret" not in read.content
        assert b"whsec_" not in read.content
    off = api.patch(one, {"is_on": False}, content_type="application/json")
    assert off.json()["is_on"] is False
    assert api.delete(one).status_code == 204


def test_who_may_have_heard_of_the_beginning_hears_of_the_end(far: Answering) -> None:
    """A worker died after its call; by the time of the next try it was over."""
    channel(far, "pagerduty")
    alert = make_alert(monitor=probe())
    page_out(at=timezone.now())
    ChannelMessage.objects.update(attempts=1)
    at = timezone.now()
    resolve(alert, by=STAFF, at=at)
    in_seconds(10, at)
    assert [body["event_action"] for body in far.bodies] == ["resolve"]


def test_who_was_never_reached_hears_of_no_end(far: Answering) -> None:
    channel(far, "pagerduty")
    far.answers = [reply(status=503)]
    alert = make_alert(monitor=probe())
    at = in_seconds(0)
    resolve(alert, by=STAFF, at=at)
    in_seconds(60, at)
    assert [body["event_action"] for body in far.bodies] == ["trigger"]
