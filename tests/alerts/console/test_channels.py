"""Channels in the console: pasted, tried, and their secrets shown once at most."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from alerts.channels.keeping import add_channel, kind_of
from alerts.models import AlertChannel, ChannelMessage
from alerts.people.arranging import save_group
from alerts.routing import change_routing
from atender.ids import new_ulid
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from tests.alerts.calling import in_seconds
from tests.alerts.making import make_alert, probe
from tests.console.pressing import showing
from tests.factories import STAFF
from tests.web_server import WebServer, reply

LIST = "/on-call/channels/"
KEY = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("pasted", "kind"),
    [
        (f"https://events.pagerduty.com/integration/{KEY}/enqueue", "pagerduty"),
        (KEY, "pagerduty"),
        ("https://hooks.slack.com/services/T0/B0/x", "slack"),
        ("https://acme.webhook.office.com/webhookb2/x", "teams"),
        ("https://prod-1.westeurope.logic.azure.com/workflows/x", "teams"),
        ("https://discord.com/api/webhooks/1/x", "discord"),
        ("ops@acme.example", "email"),
        ("https://ops.example/hook?to=a@b", "webhook"),
        ("https://hooks.slack.com.evil.example/x", "webhook"),
    ],
)
def test_it_is_known_what_was_pasted(pasted: str, kind: str) -> None:
    assert kind_of(pasted) == kind


def test_a_pasted_address_becomes_a_channel_and_is_not_shown_again(console: Client) -> None:
    address = f"https://events.pagerduty.com/integration/{KEY}/enqueue"
    sent = {"name": "Duty", "kind": "auto", "address": address, "hears_incidents": "on"}
    shown = console.post(f"{LIST}add/", sent, follow=True).content.decode()
    channel = AlertChannel.objects.get()
    assert (channel.kind, channel.hears_incidents, channel.hears_private) == (
        "pagerduty",
        True,
        False,
    )
    assert "added as PagerDuty" in shown
    assert KEY not in shown
    kept = {"name": "Duty", "severities": ["critical"], "address": ""}
    console.post(f"{LIST}{channel.pk}/", kept)
    channel.refresh_from_db()
    assert (channel.secret, channel.severities, channel.is_on) == (KEY, ["critical"], False)
    wrong = console.post(f"{LIST}{channel.pk}/", {**kept, "address": "https://x.example/nothing"})
    assert (wrong.status_code, b"integration key" in wrong.content) == (422, True)
    bad = console.post(f"{LIST}add/", {"name": "Mail", "kind": "email", "address": "nobody"})
    assert (bad.status_code, b"no e-mail address" in bad.content) == (422, True)
    console.post(f"{LIST}{channel.pk}/delete/")
    assert not AlertChannel.objects.exists()


def test_a_webhooks_secret_is_shown_once(console: Client) -> None:
    sent = {"name": "Ours", "kind": "auto", "address": "https://ops.example/hook"}
    sent["submission_id"] = showing(console, f"{LIST}add/")
    for _ in range(2):
        clicked = console.post(f"{LIST}add/", sent)
    assert clicked["Location"] == LIST
    channel = AlertChannel.objects.get()
    first = console.get(f"{LIST}{channel.pk}/").content.decode()
    assert channel.secret in first
    assert channel.secret not in console.get(f"{LIST}{channel.pk}/").content.decode()
    before = channel.secret
    pressed = {"submission_id": new_ulid()}
    again = console.post(f"{LIST}{channel.pk}/renew/", pressed, follow=True).content.decode()
    channel.refresh_from_db()
    assert channel.secret != before
    assert channel.secret in again
    session = json.dumps(dict(console.session.items()))
    assert channel.secret not in session


def test_a_test_is_sent_and_its_outcome_shown(console: Client, settings: Any) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    answers = [404, 200]
    with WebServer(lambda _: reply(status=answers.pop())) as far:
        channel = add_channel("Ops", "slack", f"{far.base}/hook", by=STAFF)
        console.post(f"{LIST}{channel.pk}/try/")
        in_seconds(0)
        assert b"Nothing is wrong" in far.requests[0].body
        assert "Test" in console.get(f"{LIST}{channel.pk}/").content.decode()
        console.post(f"{LIST}{channel.pk}/try/")
        in_seconds(1)
    assert list(ChannelMessage.objects.values_list("state", flat=True)) == ["sent", "failed"]
    assert "It answered 404." in console.get(f"{LIST}{channel.pk}/").content.decode()
    assert "last message failed" in console.get(LIST).content.decode()


def test_what_a_channel_was_told_names_its_alert(console: Client, settings: Any) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    with WebServer(lambda _: reply(status=404)) as far:
        channel = add_channel("Ops", "slack", f"{far.base}/hook", by=STAFF)
        change_routing(
            probe(),
            by=STAFF,
            notification_group=save_group(None, by=STAFF, name="Shop", channels=[channel]),
        )
        first = make_alert("Disk <full>", monitor=probe())
        second = make_alert("Till is down", monitor=probe())
        in_seconds(0)
    shown = console.get(f"{LIST}{channel.pk}/").content.decode()
    assert "failed: It answered 404." in shown
    link = f'<a href="/admin/alerts/alert/{first.pk}/change/" dir="auto">Disk &lt;full&gt;</a>'
    assert f"<strong>Triggered</strong> {link} and 1 more" in shown
    assert second.summary not in shown


def test_a_test_of_pagerduty_is_over_at_once(console: Client, settings: Any) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    with WebServer(lambda _: reply(status=202)) as far:
        channel = add_channel(
            "Duty", "pagerduty", f"{far.base}/integration/{KEY}/enqueue", by=STAFF
        )
        console.post(f"{LIST}{channel.pk}/try/")
        in_seconds(0)
        begun, ended = (json.loads(request.body) for request in far.requests)
    assert (begun["event_action"], ended["event_action"]) == ("trigger", "resolve")
    assert begun["dedup_key"] == ended["dedup_key"]
    assert begun["payload"]["severity"] == "info"


def test_tests_are_few_an_hour(console: Client) -> None:
    channel = add_channel("Ops", "email", "ops@acme.example", by=STAFF)
    for _ in range(21):
        last = console.post(f"{LIST}{channel.pk}/try/", follow=True)
    assert "20 tests within an hour" in last.content.decode()
    assert ChannelMessage.objects.count() == 20


def test_only_admins_change_channels(bobs_console: Client, globex: Tenant) -> None:
    channel = add_channel("Ops", "email", "ops@acme.example", by=STAFF)
    shown = bobs_console.get(f"{LIST}{channel.pk}/").content.decode()
    assert "ops@acme.example" not in shown
    assert bobs_console.get(f"{LIST}add/").status_code == 403
    for path in ("", "try/", "renew/", "delete/"):
        assert bobs_console.post(f"{LIST}{channel.pk}/{path}").status_code == 403
    with in_tenant("globex"):
        foreign = add_channel("Theirs", "email", "ops@globex.example", by=STAFF)
    assert bobs_console.get(f"{LIST}{foreign.pk}/").status_code == 404
    assert bobs_console.get(f"{LIST}{channel.pk}/try/").status_code == 405
    assert timezone.now() > AlertChannel.objects.get().created_at
