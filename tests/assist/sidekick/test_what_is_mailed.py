"""A linked card says what its customer gets by mail, as it is now and not as it was promised."""

from collections.abc import Callable

from django.test import Client

from assist.conversations.following import follow
from assist.conversations.linking import link_and_subscribe
from assist.models import Conversation
from incidents.models import Incident
from subscribers.models import Subscriber, SubscriberState, Verification
from subscribers.people.enrolment import confirm_subscription, remove_subscriber, unsubscribe
from tests.assist.conversations.making import make_conversation
from tests.factories import STAFF, default_page, make_incident


def desk_of(console: Client, conversation: Conversation, **headers: str) -> str:
    return console.get(f"/sidekick/{conversation.pk}/", headers=headers).content.decode()


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
    assert "customer is no subscriber any more" in desk_of(console, conversation, **asks)


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
