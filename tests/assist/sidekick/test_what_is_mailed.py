"""A linked card says what its customer gets by mail, as it is now and not as it was promised."""

from collections.abc import Callable

from django.test import Client

from assist.conversations.linking import link_and_subscribe
from incidents.models import Incident
from subscribers.models import Subscriber, SubscriberState, Verification
from subscribers.people.enrolment import confirm_subscription, unsubscribe
from tests.assist.conversations.making import make_conversation
from tests.factories import STAFF, make_incident


def linked(console: Client, *, is_proved: bool) -> Callable[[], str]:
    """Link a conversation; returns what reads the desk there."""
    conversation = make_conversation(is_proved=is_proved)
    link_and_subscribe(conversation, make_incident(), by=STAFF)

    def read() -> str:
        return console.get(f"/sidekick/{conversation.pk}/").content.decode()

    return read


def test_who_stopped_the_mails_is_not_said_to_get_them(console: Client) -> None:
    desk = linked(console, is_proved=True)
    assert "customer is told by mail" in desk()
    unsubscribe(Subscriber.objects.get())
    assert "customer stopped the mails" in desk()
    Subscriber.objects.update(state=SubscriberState.SUPPRESSED, unsubscribed_at=None)
    assert "nothing can be mailed to the customer" in desk()


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
    html = console.get(f"/sidekick/{conversation.pk}/").content.decode()
    assert "customer was asked by mail" in html
