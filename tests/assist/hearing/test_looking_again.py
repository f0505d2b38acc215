"""Customers write before staff open the incident; internal ones are for staff alone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assist.conversations.cards import dismiss_card
from assist.conversations.opening import change_conversation
from assist.hearing.looking_again import LOOKING, Place, look_again
from assist.models import Card, Conversation
from assist.tasks import look_at_conversations_again
from atender.due.models import Due
from atender.due.work import Lease
from atender.tenants.models import Tenant
from incidents.lifecycle import post_update
from incidents.transitions import Saying
from tests.assist.conversations.making import SLOW, hear, make_conversation
from tests.factories import STAFF, make_incident


def test_who_wrote_before_gets_a_card_too(acme: Tenant) -> None:
    early, other = make_conversation(), make_conversation("chat-2")
    hear(early)
    hear(other, "how do I change my avatar?")
    closed = make_conversation("chat-3")
    hear(closed)
    change_conversation(closed, is_open=False)
    incident = make_incident()
    assert Due.objects.filter(schema="acme", kind=LOOKING, key=incident.id).count() == 1
    assert look_again(incident.id) == 1
    card = Card.objects.get()
    assert (card.conversation_id, card.state) == (early.id, "shown")
    version = early.version
    early.refresh_from_db()
    assert early.version > version
    assert look_again(incident.id) == 0


def test_a_thousand_conversations_are_looked_at_in_turns(
    acme: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy server a task that looks at all of them would be ended, and begin anew for ever."""
    monkeypatch.setattr("assist.hearing.looking_again.TURN_S", 0.0)
    at = timezone.now()
    for number, words in enumerate([SLOW, "how do I change my avatar?", SLOW, SLOW]):
        conversation = make_conversation(f"chat-{number}")
        hear(conversation, words)
        # The first two were written at one moment, and stay together.
        moment = at - timedelta(minutes=max(number, 1))
        Conversation.objects.filter(pk=conversation.pk).update(last_message_at=moment)
    incident = make_incident()
    turns = []
    while due := Due.objects.filter(schema="acme", kind=LOOKING).first():
        key = due.key
        due.delete()
        look_at_conversations_again(key, Lease(due_id=0, ticket=0))
        turns.append((key == incident.id, Card.objects.count()))
    assert turns == [(True, 1), (False, 2), (False, 3)]


def test_a_look_ends_after_so_many(acme: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assist.hearing.looking_again.TURN_S", 0.0)
    for number in range(3):
        hear(make_conversation(f"chat-{number}"))
    incident = make_incident()
    assert look_again(incident.id, place=Place(timezone.now(), left=2)) == 1
    (key,) = Due.objects.filter(key__startswith=f"{incident.id} ").values_list("key", flat=True)
    assert Place.read(key)[1].left == 1
    assert (Place.read(key)[1].key(incident.id), len(key) <= 64) == (key, True)


def test_what_was_decided_stays(acme: Tenant) -> None:
    incident = make_incident()
    conversation = make_conversation()
    hear(conversation)
    dismiss_card(conversation, incident, by=STAFF)
    look_again(incident.id)
    assert Card.objects.get().state == "dismissed"


def test_nobody_is_bothered_with_what_is_over_or_long_ago(acme: Tenant) -> None:
    hear(make_conversation())
    incident = make_incident()
    assert look_again(incident.id, at=timezone.now() + timedelta(hours=13)) == 0
    post_update(incident, by=STAFF, saying=Saying(status="resolved"))
    assert look_again(incident.id) == 0
    assert not Card.objects.exists()


def test_an_internal_card_is_named_nowhere_outside(api: Client) -> None:
    hidden = make_incident("API response times degraded", pages=())
    conversation = make_conversation()
    message = hear(conversation)
    assert Card.objects.get().incident_id == hidden.id
    assert message.found == []
    for path in ("", "/cards", "/messages"):
        answer = api.get(f"/api/v1/conversations/{conversation.id}{path}")
        assert answer.status_code == 200
        assert hidden.id not in answer.content.decode(), path


def test_the_cards_of_a_conversation_say_what_a_panel_needs(api: Client) -> None:
    incident = make_incident()
    conversation = make_conversation()
    hear(conversation)
    path = f"/api/v1/conversations/{conversation.id}"
    (card,) = api.get(f"{path}/cards").json()["data"]
    assert card["incident"]["title"] == "API response times degraded"
    assert (card["state"], card["linked"], card["can_reply"]) == ("shown", False, True)
    body = {"incident_id": incident.id}
    api.post(f"{path}/link", body, content_type="application/json")
    (card,) = api.get(f"{path}/cards").json()["data"]
    assert (card["state"], card["linked"], card["subscribed"]) == ("confirmed", True, True)
    post_update(incident, by=STAFF, saying=Saying(status="resolved"))
    (card,) = api.get(f"{path}/cards").json()["data"]
    assert (card["incident"]["status"], card["can_reply"]) == ("resolved", False)


def test_what_is_over_is_linked_without_enrolling(acme: Tenant, api: Client) -> None:
    incident = make_incident()
    conversation = make_conversation(is_proved=True)
    hear(conversation)
    post_update(incident, by=STAFF, saying=Saying(status="resolved"))
    path = f"/api/v1/conversations/{conversation.id}/link"
    body = {"incident_id": incident.id}
    linked = api.post(path, body, content_type="application/json").json()
    assert (linked["subscribed"], linked["incident_ids"]) == (False, [incident.id])
