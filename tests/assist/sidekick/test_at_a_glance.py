"""What staff see of the whole before they read: who waits longest, and what is wrong now."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from assist.conversations.answering import send_reply
from assist.conversations.linking import link_and_subscribe
from assist.hearing.messages import take_message
from assist.models import Card, Conversation, ConversationLink
from assist.sidekick.ongoing import read_ongoing
from atender.ids import new_ulid
from atender.tenants.models import Tenant
from incidents.lifecycle import post_update
from incidents.models import Incident, Publication
from incidents.transitions import Saying
from tests.assist.conversations.making import SLOW, make_conversation
from tests.factories import STAFF, default_page, make_incident

DESK = "/sidekick/"
NOON = datetime.fromisoformat("2026-11-29T12:00:00+00:00")


def begin(external_id: str = "chat-1", **kwargs: Any) -> Conversation:
    return make_conversation(external_id, at=NOON, **kwargs)


def says(
    conversation: Conversation, minute: int, author: str = "customer", text: str = "hello?"
) -> None:
    at = NOON + timedelta(minutes=minute)
    take_message(conversation, external_id=new_ulid(), author=author, text=text, at=at)
    conversation.refresh_from_db()


def order(console: Client, query: str) -> list[str]:
    return re.findall(r"<bdi>(\w+)@", console.get(DESK + query).content.decode())


def strip(console: Client, **headers: str) -> str:
    text = console.get(DESK, headers=headers).content.decode()
    found = re.search(r'<section id="ongoing".*?</section>', text, re.DOTALL)
    return found[0] if found else ""


def test_who_waits_longest_comes_first(console: Client) -> None:
    maria = begin("1", address="maria@example.com")
    hiro = begin("2", address="hiro@example.com")
    says(maria, 0)
    says(hiro, 5)
    # Whoever asks again has not begun to wait anew.
    says(maria, 9)
    assert order(console, "?show=waiting") == ["maria", "hiro"]
    assert order(console, "") == ["maria", "hiro"]
    send_reply(maria, "One moment.", by=STAFF, submission_id=new_ulid(), at=NOON)
    says(maria, 10, "agent")
    assert order(console, "?show=waiting") == ["hiro"]
    says(maria, 11)
    assert order(console, "?show=waiting") == ["hiro", "maria"]
    assert maria.waiting_since == NOON + timedelta(minutes=11)


def test_what_comes_late_counts_from_when_it_was_said(acme: Tenant) -> None:
    conversation = begin()
    says(conversation, 5)
    says(conversation, 3)
    assert conversation.waiting_since == NOON + timedelta(minutes=3)
    assert conversation.is_waiting


def test_who_was_answered_by_the_stack_begins_to_wait_anew(acme: Tenant) -> None:
    make_incident()
    conversation = begin(handled_by="ai")
    says(conversation, 1, text=SLOW)
    assert conversation.messages.exclude(author="customer").exists()
    says(conversation, 9)
    assert conversation.waiting_since == NOON + timedelta(minutes=9)


def test_page_after_page_of_those_who_wait(console: Client) -> None:
    rows = Conversation.objects.bulk_create(
        Conversation(
            pk=new_ulid(),
            external_id=f"many-{number}",
            channel="chat",
            customer_address=f"p{number}@example.com",
            handled_by="human",
            last_message_at=NOON,
            last_customer_at=NOON,
            waiting_since=NOON - timedelta(minutes=number // 3),
        )
        for number in range(60)
    )
    first = order(console, "?show=waiting")
    after = next(row.pk for row in rows if row.customer_address.startswith(first[-1] + "@"))
    second = order(console, f"?show=waiting&after={after}")
    assert [len(first), len(second)] == [50, 10]
    assert {*first, *second} == {f"p{number}" for number in range(60)}
    assert {*first[:3]} == {"p57", "p58", "p59"}


def test_language_and_who_handles_it_stand_in_the_row(console: Client) -> None:
    begin("1", language="pt", handled_by="ai")
    text = console.get(DESK + "?show=stack").content.decode()
    assert '<abbr title="Portuguese">pt</abbr>' in text
    assert '<abbr title="Handled by the agent stack">AI</abbr>' in text


def test_words_that_nobody_sees_are_said_to_be_none(console: Client) -> None:
    for external_id, text in (("1", ""), ("2", " \u200b\n")):
        conversation = begin(external_id)
        says(conversation, 0, text="first words")
        says(conversation, 1, text=text)
        shown = console.get(f"{DESK}{conversation.pk}/").content.decode()
        # In the list and in the thread.
        assert shown.count("(no text)") == 2
        conversation.delete()


def test_of_what_is_internal_nothing_was_said(console: Client) -> None:
    make_incident(pages=(default_page(),))
    assert " · said " in strip(console)
    Publication.objects.all().delete()
    assert " · since " in strip(console)
    assert "said" not in strip(console)


def test_what_is_wrong_stands_above_and_changes_in_place(console: Client) -> None:
    assert strip(console).count("<li>") == 0
    incident = make_incident()
    make_incident("Zqhidden thing", pages=())
    text = strip(console)
    assert "API response times degraded" in text
    assert text.count("internal</span>") == 1
    assert "0 conversations linked" in text
    conversation = begin(is_proved=True)
    tag = console.get(DESK).headers["ETag"]
    asked = {"hx-request": "true", "if-none-match": tag}
    assert console.get(DESK, headers=asked).status_code == 304
    link_and_subscribe(conversation, incident, by=STAFF)
    assert "1 conversation linked" in strip(console, **asked)
    post_update(incident, by=STAFF, saying=Saying(status="resolved"))
    assert "Resolved</span>" in strip(console, **asked)


def test_what_ended_stays_for_an_hour_and_a_late_promise_is_said(acme: Tenant) -> None:
    now = timezone.now()
    incident = make_incident()
    Incident.objects.filter(pk=incident.pk).update(next_update_by=now - timedelta(minutes=1))
    (seen,) = read_ongoing(now)
    assert seen.is_late
    post_update(incident, by=STAFF, saying=Saying(status="resolved"))
    other = make_incident("Payments fail at checkout")
    assert [each.incident.pk for each in read_ongoing(now)] == [other.pk, incident.pk]
    assert [each.incident.pk for each in read_ongoing(now + timedelta(hours=2))] == [other.pk]


def test_of_many_three_are_shown(console: Client) -> None:
    for number in range(5):
        make_incident(f"Trouble number {number}")
    text: Any = strip(console)
    assert text.count("Trouble number") == 3
    assert "2 more" in text


def test_the_worst_is_shown_of_many_and_what_is_over_comes_last(acme: Tenant) -> None:
    begun = [
        make_incident(f"Trouble, {severity}", severity=severity)
        for severity in ("critical", "minor", None, "major", "minor")
    ]
    post_update(begun[1], by=STAFF, saying=Saying(status="resolved"))
    shown = [each.incident.title for each in read_ongoing()]
    assert shown == [f"Trouble, {each}" for each in ("critical", "major", "minor", None, "minor")]


def test_thousands_are_told_apart(console: Client) -> None:
    incident = make_incident()
    Conversation.objects.bulk_create(
        Conversation(
            external_id=str(number),
            channel="chat",
            handled_by="human",
            last_message_at=NOON,
            last_customer_at=NOON,
            waiting_since=NOON,
        )
        for number in range(2468)
    )
    many = list(Conversation.objects.all())
    ConversationLink.objects.bulk_create(
        ConversationLink(
            conversation=one, incident=incident, linked_at=NOON, by_kind="user", by_name="Alice"
        )
        for one in many[:1237]
    )
    Card.objects.bulk_create(
        Card(conversation=one, incident=incident, confidence=0.9, shown_at=NOON)
        for one in many[1237:]
    )
    assert "1,237 conversations linked, 1,231 possible" in strip(console)
    assert '<span class="count">2,468</span>' in console.get(DESK).content.decode()
    report = console.get(f"/admin/incidents/incident/{incident.pk}/change/").content.decode()
    assert "<dd>1,237</dd>" in report
