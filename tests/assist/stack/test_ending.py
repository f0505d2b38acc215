"""When it is over: told once, in the open conversation or by mail, and never twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from assist.conversations.linking import link_and_subscribe
from assist.conversations.opening import change_conversation
from assist.models import Conversation, Message
from assist.stack.ending import tell_end
from atender.tenants.models import Tenant
from incidents.lifecycle import post_update
from incidents.models import Incident, IncidentUpdate
from incidents.timeline import withdraw_update
from incidents.transitions import Saying
from statuspage.access.closing import change_access
from statuspage.models import Visibility
from subscribers.models import Verification
from subscribers.people.enrolment import confirm_subscription
from subscribers.people.verification import ask
from tests.assist.conversations.making import MARIA, SLOW, hear, make_conversation
from tests.factories import STAFF, default_page, make_incident
from tests.smtp_sink import SmtpSink
from tests.subscribers.conftest import sink
from tests.subscribers.making import make_subscriber, strike, work_off

__all__ = ["sink"]


@pytest.fixture
def incident(acme: Tenant) -> Incident:
    incident = make_incident()
    work_off()
    return incident


def chat(number: int = 1, **kwargs: Any) -> Conversation:
    conversation = make_conversation(f"chat-{number}", handled_by="ai", **kwargs)
    hear(conversation, SLOW)
    return conversation


def resolve(incident: Incident, **saying: Any) -> IncidentUpdate:
    return post_update(incident, by=STAFF, saying=Saying(status="resolved", **saying))


def ends(conversation: Conversation) -> list[Message]:
    return list(conversation.messages.filter(purpose="resolved"))


def test_linked_conversations_are_told_once(incident: Incident, api: Any) -> None:
    first, second = chat(1), chat(2, language="de")
    update = resolve(incident)
    work_off()
    tell_end(update.id)
    (told,) = ends(first)
    assert told.text.startswith("“API response times degraded” is resolved")
    assert ends(second)[0].text.endswith("antworten Sie bitte hier.")
    listed = api.get(f"/api/v1/conversations/{first.id}/messages").json()["data"]
    assert (listed[0]["purpose"], listed[0]["external_id"]) == ("resolved", None)


def test_it_is_told_again_when_it_is_resolved_again(incident: Incident) -> None:
    conversation = chat()
    resolve(incident)
    work_off()
    post_update(incident, by=STAFF, saying=Saying(status="investigating"))
    assert len(ends(conversation)) == 1
    resolve(incident)
    work_off()
    assert len(ends(conversation)) == 2


def test_what_is_undone_is_not_told(incident: Incident) -> None:
    conversation = chat()
    update = resolve(incident, hold=timedelta(seconds=20))
    work_off()
    assert ends(conversation) == []
    withdraw_update(update, by=STAFF)
    strike(update.held_until)
    assert ends(conversation) == []


def test_the_end_is_told_to_no_public_conversation_once_the_page_is_private(
    incident: Incident,
) -> None:
    conversation = chat()
    password = "correct horse battery"
    change_access(default_page(), by=STAFF, visibility=Visibility.PASSWORD, password=password)
    resolve(incident)
    work_off()
    assert not ends(conversation)


def test_silent_closed_and_human_ones_are_told_nothing(incident: Incident) -> None:
    closed, human, other = chat(1), chat(2), chat(3, address="")
    change_conversation(closed, is_open=False)
    change_conversation(human, handled_by="human")
    resolve(incident, notifies=False)
    work_off()
    assert [ends(one) for one in (closed, human, other)] == [[], [], []]


def test_who_is_told_in_the_conversation_gets_no_mail(incident: Incident, sink: SmtpSink) -> None:
    conversation = chat(is_proved=True)
    hear(conversation, "yes please")
    make_subscriber("other@example.com")
    resolve(incident)
    work_off()
    assert [mail.to for mail in sink.taken] == ["other@example.com"]
    assert len(ends(conversation)) == 1


def test_other_updates_come_by_mail(incident: Incident, sink: SmtpSink) -> None:
    conversation = chat(is_proved=True)
    hear(conversation, "yes please")
    post_update(incident, by=STAFF, saying=Saying(status="identified"))
    work_off()
    assert [mail.to for mail in sink.taken] == [MARIA]


def test_an_address_that_nobody_proved_silences_no_mail(incident: Incident, sink: SmtpSink) -> None:
    make_subscriber(MARIA)
    chat()
    resolve(incident)
    work_off()
    assert [mail.to for mail in sink.taken] == [MARIA]


def test_an_address_that_was_confirmed_by_mail_is_proved(
    incident: Incident, sink: SmtpSink
) -> None:
    conversation = chat()
    hear(conversation, "yes please")
    work_off()
    confirm_subscription(Verification.objects.get())
    sink.taken.clear()
    resolve(incident)
    work_off()
    assert sink.taken == []
    assert len(ends(conversation)) == 1


def test_a_yes_to_the_mail_that_was_sent_again_is_one_too(
    incident: Incident, sink: SmtpSink
) -> None:
    conversation = chat()
    hear(conversation, "yes please")
    work_off()
    first = Verification.objects.get()
    ask(first.pk)
    confirm_subscription(Verification.objects.exclude(pk=first.pk).get())
    sink.taken.clear()
    resolve(incident)
    work_off()
    assert sink.taken == []
    assert len(ends(conversation)) == 1


@pytest.mark.parametrize("untold", [None, 1, 2])
def test_a_yes_that_two_conversations_asked_for_silences_the_mail_once_both_are_told(
    incident: Incident, sink: SmtpSink, untold: int | None
) -> None:
    both = {number: chat(number) for number in (1, 2)}
    for conversation in both.values():
        hear(conversation, "yes please")
    work_off()
    confirm_subscription(Verification.objects.get())
    if untold:
        change_conversation(both[untold], is_open=False)
    sink.taken.clear()
    resolve(incident)
    work_off()
    assert [mail.to for mail in sink.taken] == ([MARIA] if untold else [])


def test_a_closed_conversation_is_answered_by_mail(incident: Incident, sink: SmtpSink) -> None:
    conversation = chat(is_proved=True)
    hear(conversation, "yes please")
    change_conversation(conversation, is_open=False)
    resolve(incident)
    work_off()
    assert [mail.to for mail in sink.taken] == [MARIA]


def test_a_link_by_hand_counts_as_one(incident: Incident) -> None:
    conversation = make_conversation("chat-9", handled_by="ai")
    link_and_subscribe(conversation, incident, by=STAFF)
    resolve(incident)
    work_off()
    assert len(ends(conversation)) == 1


def test_who_was_told_is_found_by_an_index(incident: Incident) -> None:
    theirs = Conversation.objects.of_customers([MARIA, "JONAS@example.com"])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        # To so few rows any index is a way to read them all; a bitmap has to look for something.
        cursor.execute("SET LOCAL enable_indexscan = off")
    assert "conversation_by_customer" in theirs.explain()
    conversation = make_conversation(address="Jonas@Example.com")
    assert list(theirs) == [conversation]
