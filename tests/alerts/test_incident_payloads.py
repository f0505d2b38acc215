"""What PagerDuty and Slack hear of incidents, field by field as their own clients would say it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from slack_sdk.models.blocks import (
    HeaderBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)
from slack_sdk.webhook import WebhookClient

from alerts.channels.keeping import add_channel
from atender.tenants.models import Tenant
from incidents.lifecycle import acknowledge, post_update
from incidents.models import Incident
from incidents.transitions import Saying
from tests.alerts.calling import in_seconds
from tests.alerts.clients import event
from tests.factories import STAFF, make_incident
from tests.web_server import WebServer, reply

KEY = "0123456789abcdef0123456789abcdef"
TITLE = "Cards <fail> & time out"
OPENED_AT = datetime(2026, 11, 2, 3, 14, 22, tzinfo=UTC)
OVER_AT = OPENED_AT + timedelta(minutes=9, seconds=30)


@pytest.fixture
def far(acme: Tenant, settings: Any) -> Iterator[WebServer]:
    settings.PRIVATE_TARGETS_ALLOWED = True
    with WebServer(lambda _: reply(b"ok", status=202)) as server:
        yield server


def hears(kind: str, address: str) -> None:
    add_channel(kind, kind, address, by=STAFF, hears_incidents=True)


def through_all(severity: str | None) -> Incident:
    """An incident that is opened, taken, told of and over; channels hear of each as it happens."""
    with time_machine.travel(OPENED_AT, tick=False):
        incident = make_incident(TITLE, severity=severity)
        at = in_seconds(0)
        acknowledge(incident, by=STAFF)
        at = in_seconds(6, at)
        post_update(incident, by=STAFF, saying=Saying("A bad <deploy>.", status="identified"))
        in_seconds(12, at)
    with time_machine.travel(OVER_AT, tick=False):
        post_update(incident, by=STAFF, saying=Saying("Over.", status="resolved"))
        in_seconds(0)
    return incident


def place_of(incident: Incident) -> str:
    return f"https://acme.localhost/admin/incidents/incident/{incident.pk}/change/"


@pytest.mark.parametrize(
    ("severity", "theirs", "named"),
    [
        ("critical", "critical", "Critical"),
        ("major", "error", "Major"),
        ("minor", "warning", "Minor"),
        (None, "info", "none"),
    ],
)
def test_pagerduty_is_told_of_an_incident_by_one_key(
    far: WebServer, severity: str | None, theirs: str, named: str
) -> None:
    hears("pagerduty", f"{far.base}/integration/{KEY}/enqueue")
    incident = through_all(severity)
    assert far.paths == ["/v2/enqueue"] * 3
    trigger, acknowledged, resolved = (json.loads(request.body) for request in far.requests)
    assert trigger == event(
        KEY,
        "trigger",
        incident.pk,
        payload={
            "summary": TITLE,
            "source": "Acme",
            "severity": theirs,
            "timestamp": OPENED_AT.isoformat(),
            "custom_details": {
                "Status": "Investigating",
                "Severity": named,
                "Update": "We are investigating slow responses from the API.",
                "Affected": "API",
            },
        },
        links=[{"href": place_of(incident), "text": "The incident"}],
        client="Atender Incidents",
        client_url=place_of(incident),
    )
    assert acknowledged == event(KEY, "acknowledge", incident.pk)
    assert resolved == event(KEY, "resolve", incident.pk)


def test_slack_is_told_of_an_incident_in_its_own_blocks(far: WebServer) -> None:
    hears("slack", f"{far.base}/hook")
    incident = through_all("major")
    words = "We are investigating slow responses from the API."
    about = {"Severity": "Major"}
    where = {"Affected": "API"}
    told = [
        ("Opened", {"Status": "Investigating", **about, "Update": words, **where}),
        ("Acknowledged", {"Status": "Investigating", **about, "Who has it": STAFF.name, **where}),
        ("Updated", {"Status": "Identified", **about, "Update": "A bad &lt;deploy&gt;.", **where}),
        (
            "Resolved",
            {"Status": "Resolved", **about, "Update": "Over.", **where, "Lasted": "9 min 30 s"},
        ),
    ]
    client = WebhookClient(f"{far.base}/official")
    for word, facts in told:
        client.send(
            text=f"{word}: Cards &lt;fail&gt; &amp; time out",
            blocks=[
                # A header is plain text, which Slack shows as it is.
                HeaderBlock(text=PlainTextObject(text=f"{word}: {TITLE}", emoji=None)),
                SectionBlock(
                    fields=[
                        MarkdownTextObject(text=f"*{name}*\n{value}")
                        for name, value in facts.items()
                    ]
                ),
                SectionBlock(
                    text=MarkdownTextObject(text=f"<{place_of(incident)}|Open the incident>")
                ),
            ],
        )
    sent = [(request.target, json.loads(request.body)) for request in far.requests]
    ours = [body for target, body in sent if target == "/hook"]
    assert ours == [body for target, body in sent if target == "/official"]
    types = {request.headers["content-type"].partition(";")[0] for request in far.requests}
    assert types == {"application/json"}
