"""A webhook or chat, from the form of a page to the end: asked for, confirmed, looked after."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from standardwebhooks import Webhook

from atender.ids import new_ulid
from atender.tenants.models import Tenant
from statuspage.look.branding import change_branding
from subscribers.models import Delivery, Endpoint, Subscriber, Verification
from subscribers.people.endpoints import pause
from tests.console.pressing import showing
from tests.factories import STAFF, component, default_page, make_incident
from tests.smtp_sink import SmtpSink
from tests.subscribers.called import (
    Listener,
    delivery_to,
    endpoint_of,
    listening,
    make_endpoint,
)
from tests.subscribers.making import links_in, manage_path, press, unsubscribe_path, work_off

SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")
OWNER = "owner@example.com"


@pytest.fixture(autouse=True)
def private_targets(settings: Any, acme: Tenant) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True


@pytest.fixture
def server() -> Iterator[Listener]:
    with listening() as running:
        yield running


def ask(visitor: Client, server: Listener, **fields: Any) -> Any:
    form = {"channel": "webhook", "url": server.base + "/hook", "email": OWNER}
    return visitor.post("/subscribe", form | fields)


def verify_link(sink: SmtpSink, to: str = OWNER) -> str:
    return next(link for link in links_in(sink.to(to)[-1].part("plain")) if "verify" in link)


def test_nothing_is_sent_there_before_its_owner_said_yes(
    visitor: Client, server: Listener, sink: SmtpSink
) -> None:
    answer = ask(visitor, server, component=component("API").pk, format="hosted_page")
    assert answer.status_code == 200
    assert OWNER in answer.content.decode()
    make_incident()
    work_off()
    assert [mail.to for mail in sink.taken] == [OWNER]
    assert "127.0.0.1" in sink.taken[0].part("plain")
    assert not server.requests
    link = verify_link(sink)
    assert visitor.get(link).status_code == 200
    assert Subscriber.objects.get().state == "pending"
    (secret,) = SECRET.findall(press(visitor, link).content.decode())
    subscriber = Subscriber.objects.get()
    assert (subscriber.state, subscriber.channel) == ("active", "webhook")
    assert endpoint_of(subscriber).secret == secret
    assert (endpoint_of(subscriber).owner_email, endpoint_of(subscriber).format) == (
        OWNER,
        "hosted_page",
    )
    assert [scope.component for scope in subscriber.scopes.all()] == [component("API")]
    assert not SECRET.search(press(visitor, link).content.decode())
    make_incident("Search is slow")
    work_off()
    Webhook(secret).verify(server.requests[0].body, server.requests[0].headers)


def test_what_belongs_to_somebody_is_theirs_to_decide(
    visitor: Client, server: Listener, sink: SmtpSink
) -> None:
    """Whoever knows an address that is called gains nothing by asking for it again."""
    make_endpoint(server, owner_email=OWNER)
    theirs = endpoint_of(Subscriber.objects.get()).secret
    answer = ask(visitor, server, email="mallory@example.com", url=server.base + "/hook")
    new = ask(visitor, server, email="mallory@example.com", url=server.base + "/other")
    assert answer.content == new.content
    work_off()
    assert sorted(mail.to for mail in sink.taken) == ["mallory@example.com", OWNER]
    said = press(visitor, verify_link(sink)).content.decode()
    assert theirs not in said
    assert Endpoint.objects.get(pk=Subscriber.objects.earliest("id").pk).owner_email == OWNER


@pytest.mark.parametrize(
    "fields",
    [
        {"url": ""},
        {"url": "ftp://example.com"},
        {"email": "nobody"},
        {"channel": "pigeon"},
        {"format": "xml"},
        {"component": "x"},
    ],
)
def test_what_cannot_be_taken_is_said(
    visitor: Client, server: Listener, fields: dict[str, str]
) -> None:
    assert ask(visitor, server, **fields).status_code == 422
    assert not Subscriber.objects.exists()


def fields_of(answer: Any) -> dict[str, list[str]]:
    """Return what the form of an answer sends if its button is pressed at once."""
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", answer.content.decode()):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if said["type"] != "radio" or " checked" in tag:
            sent.setdefault(said["name"], []).append(said.get("value", ""))
    return sent


@pytest.mark.parametrize(
    "wrong", [{"url": "ftp://example.com"}, {"email": "nobody"}, {"email": "owner@example"}]
)
def test_a_refused_form_asks_for_the_same_once_it_is_right(
    visitor: Client, server: Listener, wrong: dict[str, str]
) -> None:
    chosen = [component("API").pk, component("Payments").pk]
    again = fields_of(ask(visitor, server, component=chosen, format="hosted_page", **wrong))
    right = {"email": OWNER, "url": server.base + "/hook"}
    assert visitor.post("/subscribe", {**again, **right}).status_code == 200
    asked = Verification.objects.get().asked
    assert (asked["components"], asked["owner"], asked["format"]) == (chosen, OWNER, "hosted_page")
    assert Subscriber.objects.get().channel == "webhook"


def test_the_address_of_a_webhook_alone_makes_no_subscription_by_mail(
    visitor: Client, server: Listener
) -> None:
    answer = ask(visitor, server, channel="email")
    assert answer.status_code == 422
    assert "a webhook of your own or to a chat" in answer.content.decode()
    assert not Subscriber.objects.exists()
    right = {**fields_of(answer), "channel": "webhook"}
    assert visitor.post("/subscribe", right).status_code == 200
    assert Subscriber.objects.get().channel == "webhook"
    assert ask(visitor, server, channel="email", url="").status_code == 200


def test_where_subscriptions_are_off_they_are_off_for_all(
    visitor: Client, server: Listener
) -> None:
    change_branding(default_page(), by=STAFF, takes_subscribers=False)
    assert ask(visitor, server).status_code == 403


def test_a_program_that_fills_in_everything_gets_nothing(visitor: Client, server: Listener) -> None:
    assert ask(visitor, server, website="http://spam.example").status_code == 200
    assert not Subscriber.objects.exists()


def test_it_is_counted_like_any_other(visitor: Client, server: Listener) -> None:
    codes = [ask(visitor, server).status_code for _ in range(6)]
    assert codes == [200] * 5 + [429]


def operate(visitor: Client, hook: Subscriber, what: str, press: str = "") -> Any:
    return visitor.post(manage_path(hook) + "/endpoint", {"do": what, "submission_id": press})


def pressed(visitor: Client, hook: Subscriber, what: str) -> str:
    """Return the page to which a button leads, read twice as by somebody who reloads it."""
    answer = operate(visitor, hook, what)
    assert answer.status_code == 303
    pages = [visitor.get(answer["Location"]).content.decode() for _ in range(2)]
    return pages[1]


def test_its_owner_looks_after_it(visitor: Client, server: Listener) -> None:
    hook = make_endpoint(server)
    page = visitor.get(manage_path(hook)).content.decode()
    assert hook.address in page
    assert "Send a test" in page
    assert endpoint_of(hook).secret not in page
    assert "A test is on its way." in pressed(visitor, hook, "test")
    work_off()
    assert server.bodies[0]["type"] == "test"
    assert "Answered 204." in visitor.get(manage_path(hook)).content.decode()
    assert operate(visitor, hook, "replay").status_code == 422
    make_incident()
    work_off()
    assert "once more" in pressed(visitor, hook, "replay")
    work_off()
    assert server.ids[1:] == [f"msg_{delivery_to(hook).pk}"] * 2
    before = endpoint_of(hook).secret
    press = showing(visitor, manage_path(hook), f"{manage_path(hook)}/endpoint")
    (secret,) = SECRET.findall(operate(visitor, hook, "rotate", press).content.decode())
    assert endpoint_of(hook).secret == secret != before
    assert not SECRET.search(visitor.get(manage_path(hook)).content.decode())


def test_two_clicks_make_one_new_secret_and_show_it(visitor: Client, server: Listener) -> None:
    hook, other = make_endpoint(server), make_endpoint(server, "/other")
    before, press = endpoint_of(hook).secret, new_ulid()
    for _ in range(2):
        (secret,) = SECRET.findall(operate(visitor, hook, "rotate", press).content.decode())
    kept = endpoint_of(hook)
    assert (kept.previous_secret, kept.secret) == (before, secret)
    # Under a press that was used up elsewhere it is a change too: nothing is read in passing.
    theirs = endpoint_of(other).secret
    assert theirs not in operate(visitor, other, "rotate", press).content.decode()
    assert endpoint_of(other).previous_secret == theirs


@pytest.mark.parametrize("odd", ["", "nonsense"])
def test_without_an_id_no_secret_is_made(visitor: Client, server: Listener, odd: str) -> None:
    hook = make_endpoint(server)
    before = Endpoint.objects.values().get()
    assert operate(visitor, hook, "rotate", odd).status_code == 422
    assert Endpoint.objects.values().get() == before


def test_reading_changes_nothing(visitor: Client, server: Listener) -> None:
    hook = make_endpoint(server)
    before = Endpoint.objects.values().get()
    for method in (visitor.get, visitor.head):
        assert method(manage_path(hook) + "/endpoint").status_code == 302
    assert operate(visitor, hook, "").status_code == 422
    assert Endpoint.objects.values().get() == before


def test_other_tokens_and_other_channels_open_nothing(
    visitor: Client, server: Listener, sink: SmtpSink
) -> None:
    hook = make_endpoint(server)
    leave = unsubscribe_path(hook).replace("/unsubscribe", "/endpoint")
    assert visitor.post(leave, {"do": "rotate"}).status_code == 404
    assert endpoint_of(hook).previous_secret == ""


def test_buttons_are_counted(visitor: Client, server: Listener) -> None:
    hook = make_endpoint(server)
    codes = [operate(visitor, hook, "test").status_code for _ in range(6)]
    assert codes == [303] * 5 + [429]


def test_what_was_switched_off_is_switched_on_by_its_owner(
    visitor: Client, server: Listener
) -> None:
    server.answer(410)
    hook = make_endpoint(server, owner_email=OWNER)
    make_incident()
    work_off()
    hook.refresh_from_db()
    assert hook.state == "disabled"
    page = visitor.get(manage_path(hook)).content.decode()
    assert "switched off" in page
    saved = visitor.post(manage_path(hook), {"scope": "everything", "kinds": "incidents"})
    assert saved.status_code == 200
    hook.refresh_from_db()
    assert (hook.state, hook.kinds) == ("active", "incidents")
    assert endpoint_of(hook).disabled_at is None


def test_it_leaves_by_the_link_in_what_it_gets(visitor: Client, server: Listener) -> None:
    hook = make_endpoint(server)
    make_incident()
    work_off()
    leave = server.bodies[0]["data"]["links"]["unsubscribe"]
    path = "/" + leave.split("/", 3)[3]
    assert visitor.get(path).status_code == 200
    assert visitor.post(path).status_code == 200
    hook.refresh_from_db()
    assert hook.state == "unsubscribed"
    assert Delivery.objects.count() == 1


def test_the_ways_are_offered_on_the_front_page(visitor: Client) -> None:
    page = visitor.get("/").content.decode()
    for value in ("email", "webhook", "slack", "teams", "discord"):
        assert f'name="channel" value="{value}"' in page
    assert 'name="phone"' not in page


def test_its_owner_is_told_whether_it_failed_or_was_paused(
    visitor: Client, server: Listener
) -> None:
    hook = make_endpoint(server, owner_email=OWNER)
    pause(hook, by=STAFF)
    page = visitor.get(manage_path(hook)).content.decode()
    assert "were paused by those who run this page" in page
    assert "did not arrive" not in page


def test_a_test_names_the_page_as_every_update_does(visitor: Client, server: Listener) -> None:
    change_branding(default_page(), by=STAFF, title="Acme at work")
    hook = make_endpoint(server)
    operate(visitor, hook, "test")
    make_incident()
    work_off()
    assert [body["data"]["page"]["name"] for body in server.bodies] == ["Acme at work"] * 2
