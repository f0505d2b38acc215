"""The second door: signed webhooks that call the same verbs."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from standardwebhooks import Webhook

from assist.models import Conversation, ConversationSource
from atender.api.keys import issue_key
from atender.tenants.models import Tenant
from tests.assist.conversations.making import MARIA, SLOW
from tests.conftest import api_client
from tests.factories import STAFF, default_page, make_incident, partner_page

Post = Callable[..., Any]
EVENT: dict[str, Any] = {
    "type": "message.created",
    "data": {
        "conversation": {
            "external_id": "chat-1",
            "channel": "chat",
            "customer_email": MARIA,
            "handled_by": "human",
        },
        "message": {"external_id": "m-1", "author": "customer", "text": SLOW},
    },
}


@pytest.fixture
def source(post: Post) -> dict[str, Any]:
    return dict(post("/api/v1/conversation-sources", name="Help desk").json())


def deliver(source: dict[str, Any], event: Any = EVENT, *, age: int = 0, secret: str = "") -> Any:
    body = json.dumps(event)
    at = timezone.now() - timedelta(seconds=age)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret or source["secret"]).sign("msg_1", at, body),
    }
    path = source["url"].partition("localhost")[2]
    client = Client(HTTP_HOST="acme.localhost")
    return client.post(path, body, content_type="application/json", headers=headers)


def test_a_signed_message_is_taken_and_answered(source: dict[str, Any]) -> None:
    incident = make_incident()
    answer = deliver(source)
    assert answer.status_code == 200
    document = answer.json()
    assert document["message"]["matches"][0]["incident"]["id"] == incident.id
    assert Conversation.objects.get().id == document["conversation_id"]
    assert deliver(source).json() == document


def test_a_conversation_may_come_alone(source: dict[str, Any]) -> None:
    alone = {"conversation": EVENT["data"]["conversation"]}
    event = {"type": "conversation.created", "data": alone}
    assert deliver(source, event).json()["message"] is None


@pytest.mark.parametrize(
    "signed",
    [{"age": 400}, {"age": -400}, {"secret": "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}],
)
def test_a_wrong_or_old_signature_opens_nothing(
    source: dict[str, Any], signed: dict[str, Any]
) -> None:
    refused = deliver(source, **signed)
    assert refused.status_code == 401
    assert "webhook-signature" in refused.json()["detail"]
    assert not Conversation.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"webhook-id": "1", "webhook-timestamp": "now", "webhook-signature": "v1,x"},
        {"webhook-id": "1", "webhook-timestamp": "nan", "webhook-signature": "v1"},
    ],
)
def test_unsigned_and_garbled_is_a_401(source: dict[str, Any], headers: dict[str, str]) -> None:
    path = source["url"].partition("localhost")[2]
    client = Client(HTTP_HOST="acme.localhost")
    if headers.get("webhook-timestamp") == "now":
        headers = {**headers, "webhook-timestamp": str(int(timezone.now().timestamp()))}
    answer = client.post(path, EVENT, content_type="application/json", headers=headers)
    assert answer.status_code == 401


def test_what_was_signed_and_makes_no_sense_is_refused(source: dict[str, Any]) -> None:
    assert deliver(source, {"type": "x"}).status_code == 400
    assert deliver(source, ["x"]).status_code == 400


def test_a_removed_source_is_gone(source: dict[str, Any], api: Client) -> None:
    path = f"/api/v1/conversation-sources/{source['id']}"
    assert "secret" not in api.get(path).json()
    assert api.delete(path).status_code == 204
    assert deliver(source).status_code == 404
    assert not ConversationSource.objects.exists()


def test_a_door_sees_no_more_than_the_key_that_made_it(acme: Tenant) -> None:
    own = [partner_page().id]
    _, text = issue_key("partners", scopes=["assist"], by=STAFF, page_ids=own)
    partners = api_client(text)
    path = "/api/v1/conversation-sources"
    wider = {"name": "x", "page_ids": [default_page().id]}
    assert partners.post(path, wider, content_type="application/json").status_code == 422
    made = partners.post(path, {"name": "x"}, content_type="application/json").json()
    assert made["page_ids"] == own
