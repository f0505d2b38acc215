"""What a desk asks every few seconds costs the same, however many conversations there are."""

from datetime import timedelta
from functools import partial
from typing import Any

import time_machine
from django.utils import timezone

from assist.models import Card, Conversation, ConversationLink
from assist.sidekick.cards import stamp_of
from assist.sidekick.ongoing import read_ongoing
from atender.actors import SCHEDULE, acted_by
from atender.tenants.models import Tenant
from incidents.models import Incident
from tests.assist.conversations.making import make_conversation
from tests.factories import make_incident
from tests.plans import asked_by, most_rows


def show(conversation: Conversation, incident: Incident) -> None:
    same: dict[str, Any] = {"conversation": conversation, "incident": incident}
    Card.objects.create(confidence=0.8, shown_at=timezone.now(), **same, **acted_by(SCHEDULE))


def link(conversation: Conversation, incident: Incident) -> None:
    same: dict[str, Any] = {"conversation": conversation, "incident": incident}
    ConversationLink.objects.create(linked_at=timezone.now(), **same, **acted_by(SCHEDULE))


def test_a_stamp_meets_no_pairs_of_cards_and_links(acme: Tenant) -> None:
    incident, talks = make_incident(), [make_conversation(f"chat-{n}") for n in range(20)]
    for one in talks:
        show(one, incident)
        link(one, incident)
    (sql,) = asked_by(partial(stamp_of, talks[0]), "assist_card")
    assert most_rows(sql) <= len(talks)


def test_a_stamp_tells_of_cards_and_of_links(acme: Tenant) -> None:
    linked, shown, other = (make_incident(title) for title in ("Linked", "Shown", "Other"))
    conversation = make_conversation()
    link(conversation, linked)
    assert shown.pk not in stamp_of(conversation)
    show(conversation, shown)
    stamp = stamp_of(conversation)
    assert linked.pk in stamp
    assert shown.pk in stamp
    assert other.pk not in stamp


def test_stamps_change_at_midnight_since_only_times_of_today_have_no_day(acme: Tenant) -> None:
    make_incident()
    conversation = make_conversation()
    today, (strip,) = stamp_of(conversation), read_ongoing()
    said = strip.stamp
    assert (stamp_of(conversation), strip.stamp) == (today, said)
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        assert stamp_of(conversation) != today
        assert strip.stamp != said
