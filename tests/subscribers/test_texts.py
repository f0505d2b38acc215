"""Text messages: only where the operator has a gateway, asked for and ended by links."""

import base64
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client

from atender.phones import clean_phone
from atender.refusals import Refused
from atender.tenants.models import Tenant
from subscribers.models import Delivery, DeliveryState, Notice, Subscriber
from tests.factories import make_incident
from tests.subscribers.called import Listener, in_turn, later, listening
from tests.subscribers.making import press, work_off
from tests.web_server import reply

PHONE = "+491701234567"
LINK = re.compile(r"https?://[^/\s]+(/subscriptions/\S+)")


@pytest.fixture
def gateway(settings: Any, acme: Tenant) -> Iterator[Listener]:
    with listening() as running:
        settings.SMS_URL = running.base + "/send"
        settings.SMS_TOKEN = "sesame"
        settings.SMS_FROM = "Acme"
        yield running


def add(post: Any, **body: Any) -> Any:
    return post("/api/v1/subscribers", **{"channel": "sms", "phone": PHONE, **body})


def subscribe(post: Any, gateway: Listener, visitor: Client) -> Subscriber:
    """Ask a phone, and let it say yes."""
    assert add(post).status_code == 201
    work_off()
    (link,) = LINK.findall(gateway.bodies[0]["text"])
    assert press(visitor, link).status_code == 200
    return Subscriber.objects.get()


def test_a_phone_is_asked_and_told(post: Any, gateway: Listener, visitor: Client) -> None:
    subscriber = subscribe(post, gateway, visitor)
    assert (subscriber.state, subscriber.address) == ("active", PHONE)
    make_incident(body="We look into it.")
    work_off()
    asked, told = gateway.requests
    assert told.headers["authorization"] == "Bearer sesame"
    message = gateway.bodies[1]
    assert (message["to"], message["from"]) == (PHONE, "Acme")
    assert message["text"].startswith("[Acme] Investigating: API response times degraded.")
    assert "We look into it." in message["text"]
    assert message["id"] == f"msg_{Delivery.objects.get().pk}"
    assert Delivery.objects.get().state == DeliveryState.SENT
    (leave,) = LINK.findall(message["text"])
    assert visitor.post(leave).status_code == 200
    subscriber.refresh_from_db()
    assert subscriber.state == "unsubscribed"
    assert asked.target == "/send"


def test_a_long_text_is_cut_and_its_links_are_not(
    post: Any, gateway: Listener, visitor: Client
) -> None:
    subscribe(post, gateway, visitor)
    make_incident(body="word " * 900)
    work_off()
    text = gateway.bodies[-1]["text"]
    assert len(text.partition("\n")[0]) <= 320
    assert LINK.findall(text)


def test_fields_and_form_of_a_provider(
    post: Any, gateway: Listener, settings: Any, visitor: Client
) -> None:
    settings.SMS_TOKEN = ""
    settings.SMS_URL = f"http://sid:pass%40word@127.0.0.1:{gateway.port}/2010/Messages.json"
    settings.SMS_IS_FORM = True
    settings.SMS_FIELDS = {"to": "To", "text": "Body", "from": "From"}
    add(post)
    work_off()
    (request,) = gateway.requests
    form = parse_qs(request.body.decode())
    assert (form["To"], form["From"], set(form)) == ([PHONE], ["Acme"], {"To", "Body", "From"})
    expected = base64.b64encode(b"sid:pass@word").decode()
    assert request.headers["authorization"] == f"Basic {expected}"
    assert request.target == "/2010/Messages.json"


def test_without_a_gateway_they_are_neither_offered_nor_taken(post: Any, visitor: Client) -> None:
    assert add(post).status_code == 422
    page = visitor.get("/").content.decode()
    assert 'name="phone"' not in page
    assert visitor.post("/subscribe", {"channel": "sms", "phone": PHONE}).status_code == 422
    assert not Subscriber.objects.exists()


def test_a_refused_number_fails_and_a_dead_gateway_loses_nothing(
    post: Any, gateway: Listener, visitor: Client
) -> None:
    subscribe(post, gateway, visitor)
    gateway.mood = in_turn(reply(status=401), reply(status=200))
    make_incident()
    work_off()
    waiting = Delivery.objects.get()
    assert (waiting.state, waiting.answer) == ("waiting", "The text gateway answered 401.")
    assert "401" in Notice.objects.get().trouble
    later(seconds=65)
    assert Delivery.objects.get().state == DeliveryState.SENT
    assert Notice.objects.get().trouble == ""
    gateway.answer(400)
    make_incident("Search is slow", components=("Web app",))
    work_off()
    assert Delivery.objects.latest("id").state == DeliveryState.FAILED


@pytest.mark.parametrize("text", ["+49 170 123-4567", "0049 (170) 1234567", "+49.170/1234567"])
def test_a_number_may_be_written_in_many_ways(text: str) -> None:
    assert clean_phone(text) == PHONE


@pytest.mark.parametrize(
    "text", ["", "0170 1234567", "+1", "+49170123456789012", "+49abc", "+٤٩١٧٠١٢٣٤٥٦"]
)
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(Refused):
        clean_phone(text)
