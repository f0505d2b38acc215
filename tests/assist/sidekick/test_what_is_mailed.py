"""A linked card says what its customer gets by mail, as it is now and not as it was promised."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from assist.conversations.following import follow
from assist.conversations.linking import link_and_subscribe
from assist.models import Conversation, ConversationLink
from incidents.models import Incident
from incidents.publishing import publish, take_off
from subscribers.models import Subscriber, SubscriberState, Verification
from subscribers.people.enrolment import confirm_subscription, remove_subscriber, unsubscribe
from subscribers.people.verification import forget
from tests.assist.conversations.making import MARIA, make_conversation
from tests.factories import STAFF, default_page, make_incident
from tests.subscribers.making import make_subscriber


def desk_of(console: Client, conversation: Conversation, **headers: str) -> str:
    return console.get(f"/sidekick/{conversation.pk}/", headers=headers).content.decode()


def unanswered() -> QuerySet[Verification]:
    return Verification.objects.filter(used_at=None)


def linked(console: Client, *, is_proved: bool) -> Callable[[], str]:
    """Link a conversation; returns what reads the desk there."""
    conversation = make_conversation(is_proved=is_proved)
    link_and_subscribe(conversation, make_incident(), by=STAFF)

    return lambda: desk_of(console, conversation)


def test_who_stopped_the_mails_is_not_said_to_get_them(console: Client) -> None:
    desk = linked(console, is_proved=True)
    assert "customer is told by mail" in desk()
    unsubscribe(Subscriber.objects.get())
    assert "customer stopped the mails" in desk()
    Subscriber.objects.update(state=SubscriberState.SUPPRESSED, unsubscribed_at=None)
    assert "nothing can be mailed to the customer" in desk()


def test_what_their_page_does_not_show_is_not_said_to_be_mailed(console: Client) -> None:
    desk, incident = linked(console, is_proved=True), Incident.objects.get()
    take_off(incident, pages=[default_page()], by=STAFF)
    assert "nothing is mailed, as their page does not show it" in desk()
    publish(incident, pages=[default_page()], by=STAFF)
    assert "customer is told by mail" in desk()


def test_a_desk_that_is_open_hears_that_the_mails_were_stopped(console: Client) -> None:
    conversation = make_conversation(is_proved=True)
    link_and_subscribe(conversation, make_incident(), by=STAFF)
    address = f"/sidekick/{conversation.pk}/"
    tag = console.get(address).headers["ETag"]
    asks = {"HX-Request": "true", "If-None-Match": tag}
    assert console.get(address, headers=asks).status_code == 304
    unsubscribe(Subscriber.objects.get())
    heard = console.get(address, headers=asks)
    assert heard.status_code == 200
    assert "customer stopped the mails" in heard.content.decode()
    remove_subscriber(Subscriber.objects.get(), by=STAFF)
    asks["If-None-Match"] = heard.headers["ETag"]
    assert "customer is no subscriber" in desk_of(console, conversation, **asks)


def test_who_asked_by_themselves_and_stopped_is_not_said_to_get_them(console: Client) -> None:
    conversation = make_conversation(is_proved=True)
    follow(conversation, make_incident(), default_page())
    assert "customer is told by mail" in desk_of(console, conversation)
    unsubscribe(Subscriber.objects.get())
    assert "customer stopped the mails" in desk_of(console, conversation)


def test_who_was_asked_is_told_once_they_said_yes(console: Client) -> None:
    desk = linked(console, is_proved=False)
    assert "customer was asked by mail" in desk()
    confirm_subscription(Verification.objects.get())
    assert "customer is told by mail" in desk()


def test_who_had_stopped_the_mails_was_asked_all_the_same(console: Client) -> None:
    linked(console, is_proved=True)
    unsubscribe(Subscriber.objects.get())
    conversation = make_conversation("chat-2")
    link_and_subscribe(conversation, Incident.objects.get(), by=STAFF)
    assert "customer was asked by mail" in desk_of(console, conversation)


@pytest.mark.parametrize("has_left", [True, False])
def test_who_asks_from_an_unproved_address_was_asked_until_the_yes(
    console: Client, *, has_left: bool
) -> None:
    maria = make_subscriber(MARIA, components=["API"])
    if has_left:
        unsubscribe(maria)
    conversation = make_conversation(is_proved=False)
    follow(conversation, make_incident(), default_page())
    assert "customer was asked by mail" in desk_of(console, conversation)
    confirm_subscription(unanswered().get())
    assert "customer is told by mail" in desk_of(console, conversation)


def test_a_desk_that_is_open_hears_the_yes_of_who_was_subscribed_already(console: Client) -> None:
    make_subscriber(MARIA, components=["API"])
    conversation = make_conversation(is_proved=False)
    link_and_subscribe(conversation, make_incident(), by=STAFF)
    address = f"/sidekick/{conversation.pk}/"
    first = console.get(address)
    assert "customer was asked by mail" in first.content.decode()
    asks = {"HX-Request": "true", "If-None-Match": first.headers["ETag"]}
    assert console.get(address, headers=asks).status_code == 304
    confirm_subscription(unanswered().get())
    assert "customer is told by mail" in desk_of(console, conversation, **asks)


def test_who_was_asked_and_stopped_the_mails_then_is_not_said_to_be_asked(console: Client) -> None:
    desk = linked(console, is_proved=False)
    unsubscribe(Subscriber.objects.get())
    assert "customer stopped the mails" in desk()


@pytest.mark.parametrize("is_forgotten", [True, False])
def test_a_yes_that_would_come_too_late_is_not_waited_for(
    console: Client, *, is_forgotten: bool
) -> None:
    make_subscriber(MARIA, components=["API"])
    conversation = make_conversation(is_proved=False)
    link_and_subscribe(conversation, make_incident(), by=STAFF)
    address = f"/sidekick/{conversation.pk}/"
    asks = {"HX-Request": "true", "If-None-Match": console.get(address).headers["ETag"]}
    at = timezone.now() - timedelta(days=8)
    unanswered().update(created_at=at, expires_at=at + timedelta(days=7))
    if is_forgotten:
        forget(unanswered().get())
    assert "customer did not answer the mail" in desk_of(console, conversation, **asks)


def test_a_link_that_kept_nobody_says_nothing_of_who_asked_by_themselves(console: Client) -> None:
    conversation = make_conversation(is_proved=True)
    follow(conversation, make_incident(), default_page())
    ConversationLink.objects.update(subscriber=None)
    assert "no subscriber" not in desk_of(console, conversation)
