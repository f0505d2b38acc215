"""The second door: signed webhooks that call the same verbs."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from standardwebhooks import Webhook

from assist.conversations.sources import add_source
from assist.models import Conversation, ConversationSource
from atender.api.keys import issue_key
from atender.tenants.context import in_tenant
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


def test_what_is_no_text_is_told_so(source: dict[str, Any]) -> None:
    path = source["url"].partition("localhost")[2]
    body = json.dumps(EVENT, ensure_ascii=False).encode("utf-16")
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(timezone.now().timestamp())),
        "webhook-signature": "v1,AAAA",
    }
    client = Client(HTTP_HOST="acme.localhost")
    answer = client.post(path, body, content_type="application/json", headers=headers)
    said = "The body is not UTF-8 from byte 0 on; send JSON in UTF-8."
    assert (answer.status_code, answer.json()["detail"]) == (400, said)
    assert ConversationSource.objects.get().last_refusal == said
    assert not Conversation.objects.exists()


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


@pytest.mark.parametrize(
    ("vouching", "said", "is_proved"),
    [("said", True, True), ("said", False, False), ("always", False, True), ("never", True, False)],
)
def test_what_staff_set_weighs_more_than_what_it_says(
    post: Post, api: Client, vouching: str, said: bool, is_proved: bool
) -> None:
    source = post("/api/v1/conversation-sources", name="x", vouching=vouching, language="ja").json()
    conversation = {**EVENT["data"]["conversation"], "address_proved": said, "language": "de"}
    assert deliver(source, {"type": "x", "data": {"conversation": conversation}}).status_code == 200
    made = Conversation.objects.get()
    assert (made.address_proved, made.language) == (is_proved, "ja")


def test_always_proves_no_address_that_is_not_there(post: Post) -> None:
    source = post("/api/v1/conversation-sources", name="x", vouching="always").json()
    conversation = {"external_id": "chat-2", "channel": "chat", "handled_by": "ai"}
    assert deliver(source, {"type": "x", "data": {"conversation": conversation}}).status_code == 200


def test_a_paused_source_takes_nothing(source: dict[str, Any], api: Client) -> None:
    path = f"/api/v1/conversation-sources/{source['id']}"
    answer = api.patch(path, {"paused": True}, content_type="application/json")
    assert answer.json()["paused"] is True
    refused = deliver(source)
    assert (refused.status_code, "paused" in refused.json()["detail"]) == (503, True)
    assert not Conversation.objects.exists()
    api.patch(path, {"paused": False}, content_type="application/json")
    assert deliver(source).status_code == 200


def test_two_secrets_for_a_day(source: dict[str, Any], post: Post, api: Client) -> None:
    rotated = post(f"/api/v1/conversation-sources/{source['id']}/rotate-secret").json()
    newer = {**source, "secret": rotated["secret"]}
    assert [deliver(one).status_code for one in (source, newer)] == [200, 200]
    row = ConversationSource.objects.get()
    assert row.previous_until is not None
    assert row.secrets_at(row.previous_until) == [rotated["secret"]]
    path = f"/api/v1/conversation-sources/{source['id']}/rotate-secret"
    last = post(path, at_once=True).json()
    assert last["previous_valid_until"] is None
    codes = [deliver({**source, "secret": one["secret"]}).status_code for one in (rotated, last)]
    assert codes == [401, 200]


def test_what_was_last_heard_of_it(source: dict[str, Any], api: Client) -> None:
    path = f"/api/v1/conversation-sources/{source['id']}"
    assert api.get(path).json()["last_taken_at"] is None
    deliver(source, secret="whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
    assert "Not signed" in ConversationSource.objects.get().last_refusal
    ConversationSource.objects.update(last_refused_at=None)
    deliver(source, {"type": "x", "data": {"conversation": {"channel": "chat"}}})
    assert "external_id" in ConversationSource.objects.get().last_refusal
    assert api.get(path).json()["last_taken_at"] is None
    deliver(source)
    assert api.get(path).json()["last_taken_at"] is not None


def test_a_partners_key_turns_no_wider_door(source: dict[str, Any], acme: Tenant) -> None:
    """A secret opens what its source's pages show, so that a narrower key must not get it."""
    own = [partner_page().id]
    _, text = issue_key("partners", scopes=["assist"], by=STAFF, page_ids=own)
    partners = api_client(text)
    path = f"/api/v1/conversation-sources/{source['id']}"
    assert partners.get(path).status_code == 404
    assert partners.post(f"{path}/rotate-secret").status_code == 404
    assert partners.get("/api/v1/conversation-sources").json()["data"] == []


@pytest.mark.usefixtures("fresh_database")
def test_what_was_refused_is_kept_though_nothing_else_is() -> None:
    with in_tenant("acme"):
        source = add_source("Help desk", by=STAFF)
    answer = deliver(
        {
            "url": f"//acme.localhost/api/v1/conversation-sources/{source.pk}/inbound",
            "secret": "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        }
    )
    assert answer.status_code == 401
    with in_tenant("acme"):
        assert ConversationSource.objects.get(pk=source.pk).last_refused_at is not None
