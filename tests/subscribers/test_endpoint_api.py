from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ
from standardwebhooks import Webhook

from atender.api.models import IdempotentRequest
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import AuditEntry
from subscribers.models import Delivery, DeliveryState, Subscriber
from tests.conftest import api_client
from tests.factories import component, make_incident, make_key
from tests.smtp_sink import SmtpSink
from tests.subscribers.called import (
    Listener,
    delivery_to,
    endpoint_of,
    later,
    listening,
    make_endpoint,
)
from tests.subscribers.making import make_subscriber, work_off

Post = Callable[..., Any]
PATH = "/api/v1/subscribers"


@pytest.fixture(autouse=True)
def private_targets(settings: Any, acme: Tenant) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True


@pytest.fixture
def server() -> Iterator[Listener]:
    with listening() as running:
        yield running


def add(post: Post, server: Listener, **body: Any) -> Any:
    return post(PATH, **{"channel": "webhook", "url": server.base + "/hook?key=quokka", **body})


def test_a_webhook_is_active_at_once_and_its_secret_is_said_once(
    post: Post, api: Client, server: Listener
) -> None:
    answer = add(post, server, component_ids=[component("API").pk], email="owner@example.com")
    assert answer.status_code == 201
    body = answer.json()
    secret = body.pop("secret")
    assert (body["state"], body["channel"], body["email"]) == ("active", "webhook", None)
    assert body["component_ids"] == [component("API").pk]
    assert body["endpoint"]["owner_email"] == "owner@example.com"
    assert api.get(f"{PATH}/{body['id']}").json() == body
    again = add(post, server)
    assert (again.status_code, again.json()) == (200, body)
    assert "quokka" not in answer.content.decode()
    assert AuditEntry.objects.filter(action="subscriber.added", subject_id=body["id"]).exists()
    make_incident()
    work_off()
    Webhook(secret).verify(server.requests[0].body, server.requests[0].headers)


@pytest.mark.parametrize("channel", ["slack", "teams", "discord"])
def test_a_chat_has_no_secret(post: Post, server: Listener, channel: str) -> None:
    body = add(post, server, channel=channel).json()
    assert (body["state"], body["channel"]) == ("active", channel)
    assert "secret" not in body
    assert "/hook" not in body["address"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": ""}, "url"),
        ({"url": "not an address"}, "url"),
        ({"url": "ftp://example.com/"}, "url"),
        ({"url": 7}, "url"),
        ({"channel": "pigeon"}, "channel"),
        ({"channel": "sms", "phone": "+491701234567"}, "channel"),
        ({"format": "xml"}, "format"),
        ({"email": "nobody"}, "email"),
    ],
)
def test_what_cannot_be_taken_is_said(
    post: Post, server: Listener, body: dict[str, Any], field: str
) -> None:
    answer = add(post, server, **body)
    assert answer.status_code in (400, 422)
    assert answer.json()["errors"][0]["field"] == field
    assert not Subscriber.objects.exists()


def test_an_endpoint_inside_is_not_taken(post: Post, server: Listener, settings: Any) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = False
    answer = add(post, server)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "url")


def test_the_secret_is_rotated(post: Post, server: Listener) -> None:
    first = add(post, server).json()
    answer = post(f"{PATH}/{first['id']}/rotate-secret")
    assert answer.status_code == 200
    assert answer.json()["secret"].startswith("whsec_")
    assert answer.json()["secret"] != first["secret"]
    assert answer.json()["previous_valid_until"]
    chat = add(post, server, channel="slack").json()
    assert post(f"{PATH}/{chat['id']}/rotate-secret").status_code == 422


def test_a_test_is_sent(post: Post, api: Client, server: Listener) -> None:
    hook = add(post, server).json()
    assert post(f"{PATH}/{hook['id']}/test").status_code == 202
    work_off()
    (request,) = server.requests
    assert Webhook(hook["secret"]).verify(request.body, request.headers)["type"] == "test"
    assert api.get(f"{PATH}/{hook['id']}").json()["endpoint"]["last_answer"] == "Answered 204."
    server.answer(500)
    post(f"{PATH}/{hook['id']}/test")
    work_off()
    fares = api.get(f"{PATH}/{hook['id']}").json()["endpoint"]
    assert (fares["last_answer"], fares["failures"]) == ("Answered 500.", 0)
    mail = make_subscriber()
    assert post(f"{PATH}/{mail.pk}/test").status_code == 409


@pytest.mark.parametrize("channel", ["slack", "teams", "discord"])
def test_a_chat_gets_a_test_of_its_own_kind(post: Post, server: Listener, channel: str) -> None:
    chat = add(post, server, channel=channel).json()
    post(f"{PATH}/{chat['id']}/test")
    work_off()
    assert "This is a test" in str(server.bodies[0])


def test_a_delivery_is_replayed_under_its_id(post: Post, api: Client, server: Listener) -> None:
    hook = make_endpoint(server)
    make_incident()
    work_off()
    sent = delivery_to(hook)
    answer = post(f"/api/v1/deliveries/{sent.pk}/replay")
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    too_soon = post(f"/api/v1/deliveries/{sent.pk}/replay")
    assert (too_soon.status_code, too_soon.json()["detail"]) == (
        409,
        "This is on its way; wait until it has arrived or failed.",
    )
    work_off()
    assert server.ids == [f"msg_{sent.pk}"] * 2
    document = api.get("/api/v1/deliveries", {"channel": "webhook"}).json()["data"][0]
    assert (document["state"], len(document["log"])) == ("sent", 2)
    assert AuditEntry.objects.filter(action="delivery.replayed", subject_id=sent.pk).exists()


def test_what_was_not_wanted_any_more_is_said_to_be_so(post: Post, server: Listener) -> None:
    hook = make_endpoint(server)
    make_incident()
    work_off(1)
    leaving = Subscriber.objects.filter(pk=hook.pk)
    leaving.update(state="unsubscribed", unsubscribed_at=timezone.now())
    work_off()
    leaving.update(state="active", unsubscribed_at=None)
    refused = post(f"/api/v1/deliveries/{delivery_to(hook).pk}/replay")
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "This was not wanted any more, so that it was not sent again.",
    )
    assert not server.requests


def test_a_failed_one_starts_its_schedule_anew(post: Post, server: Listener) -> None:
    server.answer(410)
    hook = make_endpoint(server)
    make_incident()
    work_off()
    failed = delivery_to(hook)
    assert post(f"/api/v1/deliveries/{failed.pk}/replay").status_code == 409
    enabled = post_patch(post, hook.pk, state="active")
    assert enabled["state"] == "active"
    assert enabled["endpoint"]["disabled_at"] is None
    server.answer(200)
    assert post(f"/api/v1/deliveries/{failed.pk}/replay").status_code == 202
    work_off()
    assert delivery_to(hook).state == DeliveryState.SENT


def post_patch(_post: Post, pk: str, **body: Any) -> Any:
    client = api_client(make_key())
    return client.patch(f"{PATH}/{pk}", body, content_type="application/json").json()


def test_only_what_was_switched_off_is_switched_on(post: Post, server: Listener) -> None:
    hook = make_endpoint(server)
    assert post_patch(post, hook.pk, state="active")["status"] == 409


def test_mails_are_not_replayed(post: Post, sink: SmtpSink) -> None:
    make_subscriber()
    make_incident()
    work_off()
    sent = Delivery.objects.get()
    assert post(f"/api/v1/deliveries/{sent.pk}/replay").status_code == 422
    assert Delivery.objects.get().state == DeliveryState.SENT
    assert not OrmQ.objects.exists()


def test_filters_by_channel(post: Post, api: Client, server: Listener) -> None:
    make_subscriber()
    make_endpoint(server)
    for channel in ("email", "webhook"):
        (found,) = api.get(PATH, {"channel": channel}).json()["data"]
        assert found["channel"] == channel
    assert api.get(PATH, {"channel": "pigeon"}).status_code == 400


def test_a_neighbour_finds_none_of_it(server: Listener, globex: Tenant) -> None:
    hook = make_endpoint(server)
    make_incident()
    work_off()
    sent = delivery_to(hook)
    reader = api_client(make_key("read"))
    with in_tenant("globex"):
        key = make_key()
    stranger = api_client(key, "globex.localhost")
    for path in (
        f"{PATH}/{hook.pk}/rotate-secret",
        f"{PATH}/{hook.pk}/test",
        f"/api/v1/deliveries/{sent.pk}/replay",
    ):
        assert stranger.post(path).status_code == 404
        assert reader.post(path).status_code == 403
    with in_tenant("acme"):
        assert endpoint_of(hook).previous_secret == ""
        later(seconds=1)
    assert len(server.requests) == 1


def test_a_secret_is_not_kept_for_repetitions(post: Post, api: Client, server: Listener) -> None:
    body = {"channel": "webhook", "url": server.base + "/hook"}
    twice = [
        api.post(PATH, body, content_type="application/json", headers={"Idempotency-Key": "a"})
        for _ in range(2)
    ]
    first, again = (answer.json() for answer in twice)
    assert first.pop("secret").startswith("whsec_")
    assert again == first
    assert "whsec_" not in str(list(IdempotentRequest.objects.values_list("answer", flat=True)))
