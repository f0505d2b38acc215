"""Staff add, pause and end webhooks and chats in the console, as programs do by the API."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.test import Client

from atender.erasing import erase_person, held_of
from atender.ids import new_ulid
from atender.tenants.models import Tenant
from subscribers.models import Delivery, Endpoint, Subscriber, Suppression
from subscribers.people.suppressing import suppress
from tests.factories import STAFF, default_page, make_incident, partner_page
from tests.subscribers.called import Listener, endpoint_of, listening, make_endpoint
from tests.subscribers.making import make_subscriber, work_off

LIST = "/admin/subscribers/subscriber/"
API = "/api/v1/subscribers"


@pytest.fixture(autouse=True)
def private_targets(settings: Any, acme: Tenant) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True


@pytest.fixture
def server() -> Iterator[Listener]:
    with listening() as running:
        yield running


def add(console: Client, channel: str, address: str, **more: str) -> Any:
    said = {"page": default_page().pk, "kinds": "both", "channel": channel, "address": address}
    return console.post(f"{LIST}add/", {**said, **more})


def test_a_webhook_is_added_and_its_secret_shown_once(console: Client, server: Listener) -> None:
    url = f"{server.base}/hook"
    said = {"format": "hosted_page", "owner_email": "o@example.com", "submission_id": new_ulid()}
    shown, listed = add(console, "webhook", url, **said), add(console, "webhook", url, **said)
    added = Subscriber.objects.get()
    endpoint = endpoint_of(added)
    assert (added.state, endpoint.format, endpoint.owner_email, endpoint.url) == (
        *("active", "hosted_page", "o@example.com", url),
    )
    assert (shown["Location"], listed["Location"]) == (f"{LIST}{added.pk}/secret/", LIST)
    # The second click of the two leads to the list, and the list to what nobody has seen yet.
    answer = console.get(f"{LIST}{added.pk}/change/", follow=True)
    assert endpoint.secret in unescape(answer.text)
    assert "no-store" in answer["Cache-Control"]
    assert "whsec_" not in console.get(f"{LIST}{added.pk}/change/").text
    again = add(console, "webhook", url)
    assert again.status_code == 302
    assert Subscriber.objects.count() == 1
    make_incident()
    work_off()
    assert server.bodies[0]["incident"]["incident_updates"]


def test_a_chat_is_added_and_an_address_asked(console: Client, server: Listener) -> None:
    assert add(console, "slack", f"{server.base}/services/T0/B0/x").status_code == 302
    assert add(console, "email", "Maria@example.com").status_code == 302
    states = dict(Subscriber.objects.values_list("channel", "state"))
    assert states == {"slack": "active", "email": "pending"}


@pytest.mark.parametrize(
    ("channel", "address"),
    [("webhook", "ftp://example.com"), ("email", "<b>"), ("slack", "maria@example.com")],
)
def test_what_is_no_address_is_said_at_the_field(
    console: Client, channel: str, address: str
) -> None:
    answer = add(console, channel, address)
    assert answer.status_code == 200
    assert "cannot be called" in answer.text or "no e-mail address" in answer.text
    assert not Subscriber.objects.exists()


def test_text_messages_are_offered_with_a_gateway_alone(console: Client) -> None:
    assert 'value="sms"' not in console.get(f"{LIST}add/").text
    add(console, "sms", "+491701234567")
    assert not Subscriber.objects.exists()


def test_a_paused_one_is_not_called_until_it_is_switched_on(
    console: Client, server: Listener
) -> None:
    hook = make_endpoint(server)
    assert "Pause" in console.get(f"{LIST}{hook.pk}/change/").text
    console.post(f"{LIST}{hook.pk}/pause/")
    incident = make_incident()
    work_off()
    assert not server.bodies
    assert not Delivery.objects.filter(notice__incident=incident).exists()
    page = console.get(f"{LIST}{hook.pk}/change/").text
    assert "Paused by the page" in page
    assert "can be paused" in console.post(f"{LIST}{hook.pk}/pause/", follow=True).text
    console.post(f"{LIST}{hook.pk}/enable/")
    assert not Endpoint.objects.get().disabled_why


def test_reading_is_not_enough(bobs_console: Client, server: Listener) -> None:
    hook = make_endpoint(server)
    assert bobs_console.post(f"{LIST}{hook.pk}/pause/").status_code == 403
    assert add(bobs_console, "webhook", f"{server.base}/other").status_code == 403
    assert Subscriber.objects.get().state == "active"


def patch(api: Client, subscriber: Subscriber, state: str) -> Any:
    body = {"state": state}
    return api.patch(f"{API}/{subscriber.pk}", body, content_type="application/json")


def test_programs_pause_and_switch_on_too(api: Client, server: Listener) -> None:
    hook = make_endpoint(server)
    assert patch(api, hook, "disabled").json()["state"] == "disabled"
    assert patch(api, hook, "disabled").status_code == 409
    assert patch(api, hook, "active").json()["state"] == "active"
    assert patch(api, make_subscriber(), "disabled").status_code == 409


def test_programs_lift_a_suppression(api: Client) -> None:
    maria = make_subscriber()
    suppress(maria.address, Suppression.BOUNCED, by=STAFF)
    answer = patch(api, maria, "active").json()
    assert (answer["state"], answer["suppression"]) == ("active", None)
    assert patch(api, maria, "active").status_code == 409


def test_an_endpoint_is_erased_everywhere_by_its_url(server: Listener) -> None:
    url = f"{server.base}/hook"
    for page in (default_page(), partner_page()):
        make_endpoint(server, page=page)
    kept = make_endpoint(server, "/other")
    make_incident()
    work_off()
    assert held_of(url)["subscriptions"] == 2
    assert erase_person(url, by=STAFF)["deliveries"] == 1
    assert Subscriber.objects.get() == kept


def test_a_phone_is_erased_however_it_is_written(api: Client, console: Client) -> None:
    numbers = ("+491701234567", "+491701234568")
    for number in numbers:
        Subscriber.objects.create(page=default_page(), channel="sms", address=number)
    body = {"phone": "+49 (170) 123-4567"}
    answer = api.post(f"{API}/erase", body, content_type="application/json")
    assert answer.json()["erased"]["subscriptions"] == 1
    page = console.post(f"{LIST}erase/", {"email": "+49 170 1234568"}).text
    assert re.search(r"Subscriptions</span>\s*<span>1<", page)
    console.post(f"{LIST}erase/", {"email": "+49 170 1234568", "sure": "yes"})
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("body", [{}, {"email": "a@example.com", "phone": "+491701234567"}])
def test_one_address_is_erased_at_a_time(api: Client, body: dict[str, str]) -> None:
    answer = api.post(f"{API}/erase", body, content_type="application/json")
    assert answer.status_code == 422
