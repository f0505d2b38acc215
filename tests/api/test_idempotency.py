"""`Idempotency-Key`: what was created is never created again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from atender.api import idempotency
from atender.api.models import IdempotentRequest
from atender.due.models import Due
from atender.tenants.context import connection, in_tenant
from incidents.models import Incident
from tests.api.test_filters import VIEWS
from tests.conftest import api_client
from tests.factories import make_incident, make_key

URL = "/api/v1/incidents"
BODY = {"title": "API response times degraded", "severity": "major"}


def send(client: Client, key: str, path: str = URL, **body: Any) -> Any:
    return client.post(
        path, body or BODY, content_type="application/json", headers={"idempotency-key": key}
    )


def test_the_same_request_again_gets_the_first_answer(api: Client) -> None:
    first, again = send(api, "a"), send(api, "a")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    assert Incident.objects.count() == 1


def test_updates_too(api: Client) -> None:
    incident = make_incident()
    path = f"{URL}/{incident.id}/updates"
    first, again = (send(api, "a", path, status="resolved") for _ in range(2))
    assert first.json() == again.json()
    assert incident.updates.count() == 2


def test_another_body_under_the_key_is_refused(api: Client) -> None:
    send(api, "a")
    refused = send(api, "a", title="Something else")
    assert refused.status_code == 422
    assert "another request" in refused.json()["detail"]
    assert Incident.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        (URL, {"title": "API slow"}),
        (
            "/api/v1/maintenances",
            {"title": "New disks", "scheduled_for": "2099-01-15T02:00:00Z"},
        ),
        ("/api/v1/changes", {"summary": "Checkout 2026.11.3"}),
    ],
)
@pytest.mark.parametrize("unreadable", ["[null, null]", "{"])
def test_no_json_under_a_used_key_is_refused_too(
    api: Client, path: str, sent: dict[str, Any], unreadable: str
) -> None:
    headers = {"idempotency-key": "a"}
    first = api.post(path, sent, content_type="application/json", headers=headers)
    assert first.status_code == 201, first.content
    refused = api.post(path, unreadable, content_type="application/json", headers=headers)
    assert refused.status_code == 422
    assert "another request" in refused.json()["detail"]


def test_keys_are_apart_by_program(api: Client) -> None:
    other = api_client(make_key("incidents"))
    assert send(api, "a").json()["id"] != send(other, "a").json()["id"]


def test_a_refused_request_leaves_the_key_free(api: Client) -> None:
    assert send(api, "a", title="").status_code == 422
    assert send(api, "a").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_that_is_none_is_refused(api: Client, key: str) -> None:
    response = send(api, key)
    assert response.status_code == 400
    assert "1 to 255" in response.json()["detail"]


def test_headers_are_replayed_too(api: Client) -> None:
    first, again = send(api, "a"), send(api, "a")
    assert first["Location"] == again["Location"] == f"{URL}/{first.json()['id']}"
    assert first["ETag"] == again["ETag"]
    assert not first.has_header("Idempotent-Replayed")


def test_after_a_day_the_key_is_free(api: Client) -> None:
    first = send(api, "a")
    past = timezone.now() - idempotency.KEPT_FOR
    IdempotentRequest.objects.update(created_at=past)
    second = send(api, "a", title="Something else entirely")
    assert second.status_code == 201
    assert second.json()["id"] != first.json()["id"]


def test_old_answers_are_deleted_without_being_asked_for(api: Client) -> None:
    send(api, "a")
    (due,) = Due.objects.filter(schema="acme", kind=idempotency.FORGETTING)
    now = timezone.now()
    assert abs(due.due_at - now - idempotency.KEPT_FOR) < timedelta(seconds=10)
    send(api, "b")
    IdempotentRequest.objects.filter(text="a").update(created_at=now - timedelta(hours=25))
    again_at = idempotency.forget_old(now)
    kept = IdempotentRequest.objects.get()
    assert (kept.text, again_at) == ("b", kept.created_at + idempotency.KEPT_FOR)
    assert idempotency.forget_old(now + idempotency.KEPT_FOR + timedelta(seconds=9)) is None


ASKING = {
    "api/v1/agents/<ulid:agent_id>/run",
    "api/v1/alert-channels/<ulid:channel_id>/test",
    "api/v1/assist/status_check",
    "api/v1/checks/claim",
    "api/v1/contact-methods/<ulid:method_id>/code",
    "api/v1/contact-methods/<ulid:method_id>/test",
    "api/v1/monitors/<ulid:monitor_id>/run",
    "api/v1/status-pages/<ulid:page_id>/domains/<ulid:domain_id>/check",
}
# Done twice they leave what they leave when done once; of two renewed tokens the latter holds.
SAME_AGAIN = {
    "api/v1/alert-channels/<ulid:channel_id>/renew",
    "api/v1/alerts/<ulid:alert_id>/acknowledge",
    "api/v1/alerts/<ulid:alert_id>/resolve",
    "api/v1/alerts/<ulid:alert_id>/snooze",
    "api/v1/assist/status_subscribe",
    "api/v1/checks",
    "api/v1/contact-methods/<ulid:method_id>/verify",
    "api/v1/conversations/<ulid:conversation_id>/dismiss",
    "api/v1/drafts/<ulid:draft_id>/publish",
    "api/v1/inbound-sources/<ulid:source_id>/renew",
    "api/v1/incidents/<ulid:incident_id>/acknowledge",
    "api/v1/incidents/<ulid:incident_id>/receipt/draw",
    "api/v1/incidents/<ulid:incident_id>/receipt/share",
    "api/v1/incidents/<ulid:incident_id>/receipt/stop-sharing",
    "api/v1/maintenance-series/<ulid:series_id>/end",
    "api/v1/outgoing-messages/<ulid:message_id>/delivered",
    "api/v1/subscribers/erase",
    "api/v1/waves/<ulid:wave_id>/dismiss",
}
# Other programs' own calls, which know nothing of the header; each is told apart by what it says.
CALLS_FROM_OUTSIDE = {
    "api/v1/conversation-sources/<ulid:source_id>/inbound",
    "api/v1/heartbeat/<slug:token>",
    "api/v1/inbound/<str:token>/alertmanager",
    "api/v1/inbound/<str:token>/generic",
    "api/v1/inbound/<str:token>/grafana",
    "api/v1/inbound/<str:token>/pagerduty",
}


def test_every_post_that_creates_takes_a_key() -> None:
    without = {
        route
        for route, view in VIEWS.items()
        if hasattr(view, "post") and not hasattr(view.post, "takes_idempotency_key")
    }
    assert without == ASKING | SAME_AGAIN | CALLS_FROM_OUTSIDE


@pytest.mark.usefixtures("fresh_database")
def test_at_the_same_time_one_is_created() -> None:
    with in_tenant("acme"):
        key = make_key()

    def call(_number: int) -> int:
        try:
            return int(send(api_client(key), "a").status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(call, range(4)))
    assert 201 in statuses
    assert set(statuses) <= {201, 409}
    with in_tenant("acme"):
        assert Incident.objects.count() == 1
