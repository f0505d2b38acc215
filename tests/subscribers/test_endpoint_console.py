"""Webhooks and chats in the console: found, understood, tried, switched on, replayed."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.test import Client

from atender.erasing import erase_person, held_of
from atender.ids import new_ulid
from atender.tenants.models import Tenant
from statuspage.access.closing import change_access
from statuspage.models import Visibility
from subscribers.models import Delivery, Endpoint, Subscriber
from subscribers.people.enrolment import unsubscribe
from tests.factories import STAFF, default_page, make_incident
from tests.subscribers.called import (
    Listener,
    delivery_to,
    endpoint_of,
    listening,
    make_endpoint,
)
from tests.subscribers.making import make_subscriber, work_off

LIST = "/admin/subscribers/subscriber/"


@pytest.fixture(autouse=True)
def private_targets(settings: Any, acme: Tenant) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True


@pytest.fixture
def server() -> Iterator[Listener]:
    with listening() as running:
        yield running


@pytest.fixture
def gone(server: Listener) -> Subscriber:
    """A webhook that was switched off."""
    server.answer(410)
    hook = make_endpoint(server, "/gone", owner_email="owner@example.com")
    make_incident()
    work_off()
    server.answer(200)
    return hook


def listed(console: Client, **query: str) -> str:
    return str(console.get(LIST, query).content.decode())


def test_the_list_says_how_they_fare(console: Client, server: Listener, gone: Subscriber) -> None:
    well = make_endpoint(server, "/well")
    make_subscriber()
    page = listed(console)
    assert "Answered 410: it is there no more." in page
    assert "not called yet" in page
    only = listed(console, fares="disabled")
    assert gone.address in only
    assert well.address not in only
    webhooks = listed(console, channel__exact="webhook")
    assert well.address in webhooks
    assert "maria@example.com" not in webhooks


def press(console: Client, subscriber: Subscriber, what: str) -> str:
    sent = {"submission_id": new_ulid()}
    answer = console.post(f"{LIST}{subscriber.pk}/{what}/", sent, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_it_is_switched_on_again(console: Client, gone: Subscriber) -> None:
    assert "Switch on again" in console.get(f"{LIST}{gone.pk}/change/").content.decode()
    press(console, gone, "enable")
    gone.refresh_from_db()
    assert gone.state == "active"
    assert "nothing to switch on" in press(console, gone, "enable")


def test_a_test_is_sent(console: Client, server: Listener) -> None:
    hook = make_endpoint(server)
    press(console, hook, "test")
    work_off()
    assert [body["type"] for body in server.bodies] == ["test"]


def test_a_new_secret_is_shown_once(console: Client, server: Listener) -> None:
    hook = make_endpoint(server)
    page = unescape(press(console, hook, "secret"))
    assert endpoint_of(hook).secret in page
    assert endpoint_of(hook).secret not in console.get(f"{LIST}{hook.pk}/secret/", follow=True).text
    assert "whsec_" not in console.get(f"{LIST}{hook.pk}/change/").content.decode()


def test_a_delivery_is_replayed(console: Client, server: Listener) -> None:
    hook = make_endpoint(server)
    make_incident()
    work_off()
    sent = delivery_to(hook)
    place = f"/admin/subscribers/delivery/{sent.pk}"
    assert "Replay" in console.get(f"{place}/change/").content.decode()
    assert console.post(f"{place}/replay/").status_code == 302
    work_off()
    assert server.ids == [f"msg_{sent.pk}"] * 2


def test_what_waits_for_its_next_try_says_how_it_comes_sooner(
    console: Client, server: Listener
) -> None:
    hook = make_endpoint(server)
    server.answer(500)
    make_incident()
    work_off()
    waits = delivery_to(hook)
    page = console.get(f"/admin/subscribers/delivery/{waits.pk}/change/").text
    assert "tried again by itself" in page
    assert f'href="{LIST}{hook.pk}/change/"' in page
    assert ">Replay<" not in page
    unsubscribe(hook)
    left = console.get(f"/admin/subscribers/delivery/{waits.pk}/change/").text
    assert "tried again by itself" not in left
    assert "Send a test there" not in left


def test_what_waits_for_somebody_who_may_not_read_the_page_is_not_said_to_be_sent(
    console: Client, server: Listener
) -> None:
    hook = make_endpoint(server, owner_email="owner@example.com")
    server.answer(500)
    make_incident()
    work_off()
    place = f"/admin/subscribers/delivery/{delivery_to(hook).pk}/change/"
    for allowed, is_told in (["@example.com"], True), (["@acme.example"], False):
        change_access(default_page(), by=STAFF, visibility=Visibility.EMAIL, allowed=allowed)
        page = console.get(place).text
        assert ("tried again by itself" in page) is is_told
        assert ("may not read the page" in page) is not is_told
    assert "Send a test there" not in page


def test_a_mail_has_no_such_button(console: Client) -> None:
    make_subscriber()
    make_incident()
    work_off()
    sent = Delivery.objects.get()
    place = f"/admin/subscribers/delivery/{sent.pk}"
    assert "Replay" not in console.get(f"{place}/change/").content.decode()
    console.post(f"{place}/replay/")
    assert Delivery.objects.get().state == "sent"


def test_who_may_only_read_changes_nothing(bobs_console: Client, server: Listener) -> None:
    hook = make_endpoint(server)
    before = Endpoint.objects.values().get()
    for what in ("test", "enable", "secret"):
        assert bobs_console.post(f"{LIST}{hook.pk}/{what}/").status_code == 403
        refused = 403 if what == "secret" else 405
        assert bobs_console.get(f"{LIST}{hook.pk}/{what}/").status_code == refused
    page = bobs_console.get(f"{LIST}{hook.pk}/change/").content.decode()
    assert "New secret" not in page
    assert Endpoint.objects.values().get() == before


def test_export_names_the_way_and_the_owner(console: Client, server: Listener) -> None:
    hook = make_endpoint(server, owner_email="owner@example.com")
    make_subscriber()
    answer = console.get(f"{LIST}export/")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    head, *rows = text.strip().splitlines()
    assert head.endswith("channel,address,owner")
    called = next(row for row in rows if "webhook" in row)
    assert called.startswith(",en,")
    assert called.endswith(f"webhook,{hook.address},owner@example.com")
    assert server.base + "/hook" not in text


def test_erasing_its_owner_ends_it(server: Listener) -> None:
    make_endpoint(server, "/mine", owner_email="owner@example.com")
    other = make_endpoint(server, "/other", owner_email="else@example.com")
    make_incident()
    work_off()
    assert held_of("OWNER@example.com")["subscriptions"] == 1
    assert held_of("owner@example.com")["deliveries"] == 1
    erase_person("owner@example.com", by=STAFF)
    assert [row.pk for row in Subscriber.objects.all()] == [other.pk]
    assert Endpoint.objects.count() == Delivery.objects.count() == 1


def test_erasing_who_was_only_asked(visitor: Client, server: Listener) -> None:
    form = {"channel": "slack", "url": server.base + "/room", "email": "owner@example.com"}
    visitor.post("/subscribe", form)
    assert Subscriber.objects.filter(page=default_page(), state="pending").count() == 1
    erase_person("owner@example.com", by=STAFF)
    assert not Subscriber.objects.exists()


def test_an_address_of_many_characters_is_shown(console: Client, server: Listener) -> None:
    hook = make_endpoint(server, "/" + "x" * 900)
    assert len(hook.address) <= 254
    assert re.search(r"#[0-9a-f]{10}$", hook.address)
    assert console.get(f"{LIST}{hook.pk}/change/").status_code == 200
