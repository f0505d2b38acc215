"""Secrets that are answered once: the store of repeated answers never holds them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from assist.conversations.sources import add_source
from atender.api.models import IdempotentRequest
from atender.api.served import document
from atender.tenants.models import Tenant
from subscribers.people.endpoints import add_endpoint
from tests.api.test_idempotency import send
from tests.factories import STAFF, default_page

# What an answer calls a secret; `url` is one where a token is part of it.
SECRETS = {"secret", "token", "key", "password", "link", "signing_secret"}
SUBSCRIBERS = "/api/v1/subscribers"
SENT: dict[str, dict[str, Any]] = {
    SUBSCRIBERS: {"channel": "webhook", "url": "https://93.184.216.34/hook"},
    f"{SUBSCRIBERS}/{{subscriber_id}}/rotate-secret": {},
    "/api/v1/alert-channels": {
        "name": "Ours",
        "kind": "webhook",
        "address": "https://93.184.216.34/hook",
    },
    "/api/v1/conversation-sources": {"name": "Help desk"},
    "/api/v1/conversation-sources/{source_id}/rotate-secret": {"at_once": True},
    "/api/v1/inbound-sources": {"name": "Production", "kind": "alertmanager"},
}
# They keep no answer: of two renewals the latter holds.
NOT_KEPT = {
    "/api/v1/alert-channels/{channel_id}/renew",
    "/api/v1/inbound-sources/{source_id}/renew",
}


def creating() -> Iterator[tuple[str, set[str]]]:
    """Each POST with what its answer may hold."""
    body, _ = document("application/vnd.oai.openapi+json")
    whole = json.loads(body)
    for path, methods in whole["paths"].items():
        for status, answer in methods.get("post", {}).get("responses", {}).items():
            schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
            if status.startswith("2") and "$ref" in schema:
                found = whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
                yield path, set(found.get("properties", {}))


def test_these_answer_a_secret() -> None:
    answering = {path for path, names in creating() if names & SECRETS}
    assert answering == set(SENT) | NOT_KEPT


@pytest.mark.parametrize("path", SENT)
def test_a_repetition_gets_all_but_the_secret(acme: Tenant, api: Client, path: str) -> None:
    subscriber, _ = add_endpoint(
        default_page(), channel="webhook", url="https://93.184.216.34/other", by=STAFF
    )
    source = add_source("Help desk", by=STAFF)
    where = path.format(subscriber_id=subscriber.pk, source_id=source.pk)
    first, again = (send(api, "a", where, **SENT[path]) for _ in range(2))
    assert first.status_code == again.status_code, first.content
    assert again["Idempotent-Replayed"] == "true"
    (secret,) = (first.json()[name] for name in SECRETS & set(first.json()))
    assert len(secret) >= 20
    kept = IdempotentRequest.objects.get()
    for place in (again.content.decode(), json.dumps(kept.answer), json.dumps(kept.headers)):
        assert secret not in place
    assert {**first.json(), **again.json()} == first.json()
