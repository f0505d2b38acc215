"""What is reported of an incident stays the same when a person is erased, or leaves."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assist.conversations.linking import link_and_subscribe, unlink
from assist.models import Conversation, Message
from assist.receipts.drawing import draw_up
from assist.reports.of_incident import IncidentReport, report_of
from atender.erasing import erase_person
from atender.tenants.models import Tenant
from incidents.models import Incident
from subscribers.models import Scope
from subscribers.people.changing import change_subscriber
from subscribers.people.enrolment import remove_subscriber, unsubscribe
from tests.assist.conversations.making import MARIA, answer, hear, make_conversation
from tests.assist.reports.making import make_past
from tests.factories import STAFF, component, make_incident
from tests.subscribers.making import make_subscriber


@pytest.fixture
def incident(acme: Tenant) -> Incident:
    return make_incident()


def now(incident: Incident) -> IncidentReport:
    return report_of(incident, now=timezone.now())


def test_subscribers_gained_stay_gained(incident: Incident) -> None:
    other = make_incident("Payments fail at checkout")
    for address in (MARIA, "li@example.com", "jonas@example.com"):
        make_subscriber(address, incidents=[incident, other])
    assert now(incident).subscribers_gained == 3
    erase_person(MARIA, by=STAFF)
    remove_subscriber(Scope.objects.filter(incident=incident)[0].subscriber, by=STAFF)
    unsubscribe(Scope.objects.get(incident=incident).subscriber)
    assert now(incident).subscribers_gained == now(other).subscribers_gained == 3


def test_who_chooses_something_else_was_gained_once(incident: Incident) -> None:
    maria = make_subscriber(MARIA, incidents=[incident])
    api = component("API")
    change_subscriber(maria, by=STAFF, component_ids=[api.pk], incident_ids=[incident.pk])
    assert now(incident).subscribers_gained == 1
    change_subscriber(maria, by=STAFF, component_ids=[api.pk], incident_ids=[])
    assert not Scope.objects.filter(incident=incident).exists()
    assert now(incident).subscribers_gained == 1


def test_an_enrolment_that_is_undone_gained_nobody(incident: Incident) -> None:
    conversation = make_conversation(is_proved=True)
    link_and_subscribe(conversation, incident, by=STAFF)
    assert now(incident).subscribers_gained == 1
    unlink(conversation, incident, by=STAFF)
    assert now(incident).subscribers_gained == 0


def test_an_answer_to_words_that_name_somebody_else_stays_counted(incident: Incident) -> None:
    conversation = make_conversation(address="li@example.com")
    asked = hear(conversation, f"{MARIA} cannot sign in")
    answer(conversation, incident, "We know of it.", replies_to=asked)
    before = now(incident)
    assert before.answered_by_stack == 1
    assert erase_person(MARIA, by=STAFF)["messages that name it"] == 1
    assert not Message.objects.exists()
    assert now(incident) == before


def test_an_erasure_counts_once_what_it_takes_from_both_sides(incident: Incident) -> None:
    own, other = make_conversation(), make_conversation("chat-2", address="li@example.com")
    for conversation in (own, other):
        link_and_subscribe(conversation, incident, by=STAFF)
        answer(conversation, incident, f"{MARIA} hears of it.")
    before = now(incident)
    assert before.answered_by_stack == 2
    erased = erase_person(MARIA, by=STAFF)
    assert (erased["conversations"], erased["messages that name it"]) == (1, 1)
    assert list(Conversation.objects.all()) == [other]
    assert now(incident) == before


def test_a_receipt_that_is_drawn_anew_keeps_its_conversations(acme: Tenant) -> None:
    at = timezone.now() - timedelta(days=2)
    over = make_past(at)
    make_conversation(at=at)
    Conversation.objects.update(created_at=at)
    first = draw_up(over).figures or {}
    assert first["conversations"] == 1
    erase_person(MARIA, by=STAFF)
    assert draw_up(over).figures == first
