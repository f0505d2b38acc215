"""Link & subscribe, dismiss, and the way back from either."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from assist.conversations.cards import dismiss_card, restore_card
from assist.conversations.following import follow
from assist.conversations.linking import link_and_subscribe, unlink
from assist.models import Card, ConversationLink
from atender.refusals import Refused
from atender.tenants.models import Tenant
from incidents.models import AuditEntry
from subscribers.models import Scope, Subscriber, SubscriberState, Verification
from subscribers.people.asked import Asked
from subscribers.people.enrolment import confirm_subscription, subscribe, unsubscribe
from tests.assist.conversations.making import MARIA, hear, make_conversation
from tests.factories import STAFF, default_page, make_incident
from tests.smtp_sink import SmtpSink
from tests.subscribers.conftest import sink
from tests.subscribers.making import make_subscriber, work_off

__all__ = ["sink"]
Post = Callable[..., Any]


def test_linking_asks_an_address_that_nobody_proved(post: Post, sink: SmtpSink) -> None:
    incident = make_incident()
    conversation = make_conversation()
    hear(conversation)
    path = f"/api/v1/conversations/{conversation.id}/link"
    answer = post(path, incident_id=incident.id)
    assert answer.status_code == 201
    document = answer.json()
    assert document["incident_ids"] == [incident.id]
    assert (document["subscribed"], document["verification"]) == (True, "sent")
    assert document["cards"][0]["state"] == "confirmed"
    again = post(path, incident_id=incident.id)
    assert (again.status_code, again.json()) == (200, document)
    work_off()
    assert [mail.to for mail in sink.taken] == [MARIA]
    assert Subscriber.objects.get().state == SubscriberState.PENDING


def test_a_proved_address_is_enrolled_at_once(acme: Tenant) -> None:
    incident = make_incident()
    linked = link_and_subscribe(make_conversation(is_proved=True), incident, by=STAFF)
    assert linked.verification == "not_needed"
    subscriber = Subscriber.objects.get()
    assert subscriber.is_active
    assert subscriber.scopes.get().incident_id == incident.id
    assert not Verification.objects.exists()


def test_a_link_alone_enrols_nobody(post: Post) -> None:
    incident = make_incident()
    conversation = make_conversation()
    path = f"/api/v1/conversations/{conversation.id}/link"
    document = post(path, incident_id=incident.id, subscribe=False).json()
    assert (document["subscribed"], document["verification"]) == (False, None)
    assert not Subscriber.objects.exists()
    assert post(path, incident_id=incident.id).json()["verification"] == "sent"


def test_without_an_address_there_is_only_the_link(acme: Tenant) -> None:
    linked = link_and_subscribe(make_conversation(address=""), make_incident(), by=STAFF)
    assert linked.verification is None


def test_an_internal_incident_is_linked_by_staff_and_enrols_nobody(acme: Tenant) -> None:
    linked = link_and_subscribe(make_conversation(), make_incident(pages=()), by=STAFF)
    assert linked.verification is None


@pytest.mark.parametrize("is_proved", [True, False])
def test_undoing_leaves_nothing_of_somebody_new(
    api: Client, post: Post, is_proved: bool, sink: SmtpSink
) -> None:
    incident = make_incident()
    conversation = make_conversation(is_proved=is_proved)
    hear(conversation)
    path = f"/api/v1/conversations/{conversation.id}/link"
    post(path, incident_id=incident.id)
    undone = api.delete(f"{path}?incident_id={incident.id}").json()
    assert undone["incident_ids"] == []
    assert undone["cards"][0]["state"] == "shown"
    assert not Subscriber.objects.exists()
    work_off()
    assert sink.taken == []
    actions = AuditEntry.objects.filter(action__startswith="conversation.")
    assert actions.values_list("action", flat=True).count() == 2


def test_undoing_takes_only_what_linking_gave(acme: Tenant) -> None:
    incident = make_incident()
    make_subscriber(MARIA)
    conversation = make_conversation(is_proved=True)
    link_and_subscribe(conversation, incident, by=STAFF)
    assert unlink(conversation, incident, by=STAFF)
    subscriber = Subscriber.objects.get()
    assert subscriber.is_active
    assert subscriber.scopes.get().incident_id is None
    assert not unlink(conversation, incident, by=STAFF)


def test_one_who_had_left_has_left_again_after_the_undo(acme: Tenant) -> None:
    incident = make_incident()
    unsubscribe(make_subscriber(MARIA))
    conversation = make_conversation(is_proved=True)
    link_and_subscribe(conversation, incident, by=STAFF)
    assert Subscriber.objects.get().scopes.get().incident_id == incident.id
    unlink(conversation, incident, by=STAFF)
    assert Subscriber.objects.get().state == SubscriberState.UNSUBSCRIBED


def test_what_was_confirmed_by_mail_meanwhile_stays(acme: Tenant) -> None:
    incident = make_incident()
    conversation = make_conversation()
    link_and_subscribe(conversation, incident, by=STAFF)
    confirm_subscription(Verification.objects.get())
    unlink(conversation, incident, by=STAFF)
    assert Subscriber.objects.get().is_active


@pytest.mark.parametrize("is_proved", [True, False])
@pytest.mark.parametrize("undone_first", [0, 1])
def test_what_two_conversations_with_one_customer_share_ends_with_the_last_undo(
    acme: Tenant, is_proved: bool, undone_first: int
) -> None:
    incident = make_incident()
    both = [make_conversation(f"chat-{number}", is_proved=is_proved) for number in (1, 2)]
    for conversation in both:
        link_and_subscribe(conversation, incident, by=STAFF)
    first = both.pop(undone_first)
    unlink(first, incident, by=STAFF)
    hears, asked = Scope.objects.filter(incident=incident), Verification.objects.all()
    assert (hears.count(), asked.count()) == ((1, 0) if is_proved else (0, 1))
    unlink(both[0], incident, by=STAFF)
    assert not Subscriber.objects.exists()
    assert not asked.exists()


def test_an_undo_leaves_what_the_customer_asked_for_in_another_conversation(acme: Tenant) -> None:
    incident = make_incident()
    linked, asked = (make_conversation(f"chat-{number}", is_proved=True) for number in (1, 2))
    link_and_subscribe(linked, incident, by=STAFF)
    follow(asked, incident, default_page())
    unlink(linked, incident, by=STAFF)
    assert Subscriber.objects.get().scopes.get().incident_id == incident.id


def test_an_undo_leaves_the_question_that_somebody_asked_on_the_page(acme: Tenant) -> None:
    incident = make_incident()
    asked = Asked(incidents=[incident])
    subscribe(default_page(), address=MARIA, asked=asked)
    both = [make_conversation(f"chat-{number}") for number in (1, 2)]
    for conversation in both:
        assert link_and_subscribe(conversation, incident, by=STAFF).verification == "sent"
    question = Verification.objects.get()
    for conversation in both:
        unlink(conversation, incident, by=STAFF)
    confirm_subscription(question)
    assert Subscriber.objects.get().scopes.get().incident_id == incident.id


def test_a_question_that_was_never_answered_holds_no_undo_up(acme: Tenant) -> None:
    incident = make_incident()
    asked, linked = (make_conversation(f"chat-{n}", is_proved=n == 2) for n in (1, 2))
    link_and_subscribe(asked, incident, by=STAFF)
    Subscriber.objects.all().delete()
    link_and_subscribe(linked, incident, by=STAFF)
    unlink(linked, incident, by=STAFF)
    assert not Subscriber.objects.exists()


def test_a_dismissed_card_is_no_card_any_more(api: Client, post: Post) -> None:
    incident = make_incident()
    conversation = make_conversation()
    hear(conversation)
    path = f"/api/v1/conversations/{conversation.id}/dismiss"
    dismissed = post(path, incident_id=incident.id).json()
    assert dismissed["cards"][0]["state"] == "dismissed"
    said = post(
        f"/api/v1/conversations/{conversation.id}/messages",
        external_id="m-9",
        author="customer",
        text="the api is still so slow",
    )
    assert said.json()["matches"][0]["card"] is False
    restored = api.delete(f"{path}?incident_id={incident.id}").json()
    assert restored["cards"][0]["state"] == "shown"


def test_a_decision_says_who_and_when(acme: Tenant) -> None:
    incident = make_incident()
    conversation = make_conversation()
    hear(conversation)
    card = dismiss_card(conversation, incident, by=STAFF)
    assert (card.by.name, card.state) == ("Alice", "dismissed")
    assert card.decided_at
    assert restore_card(conversation, incident, by=STAFF).decided_at is None


def test_a_linked_card_is_not_dismissed(acme: Tenant) -> None:
    incident = make_incident()
    conversation = make_conversation()
    hear(conversation)
    link_and_subscribe(conversation, incident, by=STAFF)
    with pytest.raises(Refused, match="undo the link"):
        dismiss_card(conversation, incident, by=STAFF)
    assert Card.objects.get().state == "confirmed"


def test_a_card_that_was_never_shown_is_not_dismissed(post: Post) -> None:
    incident = make_incident()
    conversation = make_conversation()
    path = f"/api/v1/conversations/{conversation.id}/dismiss"
    assert post(path, incident_id=incident.id).status_code == 422
    assert not ConversationLink.objects.exists()
