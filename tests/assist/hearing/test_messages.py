"""What a customer says is kept once, matched, and named only as far as it is public."""

import json
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from assist.models import Conversation, Message
from atender.api.keys import issue_key
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.lifecycle import delete_incident, post_update
from incidents.transitions import Saying
from tests.assist.conversations.making import SLOW, hear, make_conversation
from tests.conftest import api_client
from tests.factories import STAFF, make_incident, make_key, partner_page

Post = Callable[..., Any]


def url(conversation: Conversation) -> str:
    return f"/api/v1/conversations/{conversation.id}/messages"


def say(post: Post, conversation: Conversation, text: str, external_id: str = "m-1") -> Any:
    return post(url(conversation), external_id=external_id, author="customer", text=text)


def test_a_message_is_matched(post: Post) -> None:
    incident = make_incident()
    answer = say(post, make_conversation(), SLOW)
    assert answer.status_code == 201
    document = answer.json()
    assert document["language"] == "en"
    assert document["replies"] == []
    (match,) = document["matches"]
    assert match["incident"]["id"] == incident.id
    assert match["components"][0]["name"] == "API"
    assert match["card"] is True
    assert 0.5 < match["confidence"] <= 1


def test_the_same_message_again_gets_the_same_answer(post: Post) -> None:
    make_incident()
    conversation = make_conversation()
    first = say(post, conversation, SLOW)
    again = say(post, conversation, "something else")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert Message.objects.count() == 1


def test_ids_of_two_conversations_do_not_meet(post: Post) -> None:
    for external_id in ("chat-1", "chat-2"):
        assert say(post, make_conversation(external_id), "hello").status_code == 201


def test_what_an_agent_says_is_not_matched(post: Post) -> None:
    make_incident()
    conversation = make_conversation(language="de")
    answer = post(url(conversation), external_id="m-1", author="agent", text=SLOW).json()
    assert (answer["matches"], answer["language"]) == ([], "de")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "🔥" * 300,
        "a" * 100_000,
        "💔",
        "down " * 20_000,
        "\u202e\u200d",
        "ab\ud800c",
        "a\0b",
        "?",
    ],
)
def test_strange_messages_are_kept(post: Post, text: str) -> None:
    make_incident()
    assert say(post, make_conversation(), text).status_code == 201
    assert Message.objects.get().text == text.replace("\ud800", "?").replace("\0", "")


def test_half_an_emoji_leaves_no_customer_without_an_answer(post: Post) -> None:
    """Programs that cut a message after so many units hand it in; the customer cannot mend it."""
    make_incident()
    answer = say(post, make_conversation(handled_by="ai"), f"{SLOW} \ud83d").json()
    assert (len(answer["matches"]), len(answer["replies"])) == (1, 1)


def test_a_message_beyond_all_measure_is_refused(post: Post) -> None:
    refused = say(post, make_conversation(), "x" * 200_001)
    assert refused.status_code == 422
    assert "200,000" in refused.json()["detail"]
    assert not Message.objects.exists()


def test_nothing_private_is_ever_named(post: Post) -> None:
    internal = make_incident(pages=())
    partners = make_incident(pages=(partner_page(),))
    deleted = make_incident()
    conversation = make_conversation()
    assert say(post, conversation, SLOW).json()["matches"][0]["incident"]["id"] == deleted.id
    delete_incident(deleted, by=STAFF)
    again = say(post, conversation, SLOW)
    assert again.json()["matches"] == []
    for other in (internal, partners, deleted):
        refused = post(f"/api/v1/conversations/{conversation.id}/link", incident_id=other.id)
        assert refused.status_code == 422


def test_a_key_of_the_partners_page_knows_what_is_there(post: Post) -> None:
    incident = make_incident(pages=(partner_page(),))
    page_ids = [partner_page().id]
    _, text = issue_key("partners", scopes=["assist"], by=STAFF, page_ids=page_ids)
    conversation = make_conversation(page_ids=page_ids)
    body = json.dumps({"external_id": "m-1", "author": "customer", "text": SLOW})
    path = url(conversation)
    answer = api_client(text).post(path, body, content_type="application/json").json()
    assert answer["matches"][0]["incident"]["id"] == incident.id


def test_nothing_matches_once_it_is_over(post: Post) -> None:
    incident = make_incident()
    conversation = make_conversation()
    say(post, conversation, SLOW)
    post_update(incident, by=STAFF, saying=Saying(status="resolved"))
    assert say(post, conversation, SLOW, "m-2").json()["matches"] == []


def test_a_short_word_does_not_change_the_language(post: Post) -> None:
    conversation = make_conversation()
    say(post, conversation, "Bei mir geht die Anmeldung seit heute morgen nicht mehr")
    say(post, conversation, "ok", "m-2")
    conversation.refresh_from_db()
    assert conversation.reply_language == "de"


@pytest.mark.parametrize(
    "text",
    [
        "ваш API сьогодні дуже повільний, тайм-аути",
        "API شما امروز خیلی کند است",
        "API 너무 느려요 오늘 타임아웃",
        "το API είναι πολύ αργό σήμερα",
        "ה-API שלכם איטי מאוד היום",
    ],
)
def test_who_writes_none_of_our_languages_is_answered_in_no_neighbours(
    acme: Tenant, text: str
) -> None:
    conversation = make_conversation()
    hear(conversation, text)
    conversation.refresh_from_db()
    assert conversation.reply_language == "en"
    assert "for want of theirs" in conversation.language_name


@pytest.mark.parametrize(
    "text",
    ["ваш API сегодня медленный", "واجهة API بطيئة جدا", "APIがとても遅いです", "今天API特别慢"],
)
def test_who_writes_one_of_ours_in_another_script_is_answered_in_it(
    acme: Tenant, text: str
) -> None:
    conversation = make_conversation()
    hear(conversation, text)
    conversation.refresh_from_db()
    assert conversation.reply_language == conversation.spoken != "en"


def test_a_language_that_the_channel_names_is_not_guessed_at(acme: Tenant) -> None:
    conversation = make_conversation(language="fi")
    hear(conversation, "Teidän API on tänään todella hidas, kaikki pyynnöt aikakatkaistaan")
    conversation.refresh_from_db()
    assert conversation.reply_language == "en"


def test_messages_are_listed_newest_first(api: Client) -> None:
    conversation = make_conversation()
    for text in ("one", "two", "three"):
        hear(conversation, text)
    page = api.get(f"{url(conversation)}?limit=2").json()
    assert [row["text"] for row in page["data"]] == ["three", "two"]
    rest = api.get(f"{url(conversation)}?cursor={page['next_cursor']}").json()
    assert [row["text"] for row in rest["data"]] == ["one"]


@pytest.mark.usefixtures("fresh_database")
def test_the_same_ids_at_once_make_one_row_and_one_answer() -> None:
    with in_tenant("acme"):
        make_incident()
        client = api_client(make_key())
    barrier, answers = Barrier(6), []

    def hand_in() -> None:
        barrier.wait()
        opened = client.post(
            "/api/v1/conversations",
            {"external_id": "chat-1", "channel": "chat", "handled_by": "ai"},
            content_type="application/json",
        )
        said = client.post(
            f"/api/v1/conversations/{opened.json()['id']}/messages",
            {"external_id": "m-1", "author": "customer", "text": SLOW},
            content_type="application/json",
        )
        answers.append((opened.json(), said.json(), opened.status_code, said.status_code))
        connections.close_all()

    threads = [Thread(target=hand_in) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 6
    assert {json.dumps(said, sort_keys=True) for _, said, _, _ in answers} == {
        json.dumps(answers[0][1], sort_keys=True)
    }
    assert sorted(opened for _, _, opened, _ in answers) == [200] * 5 + [201]
    assert sorted(said for _, _, _, said in answers) == [200] * 5 + [201]
    with in_tenant("acme"):
        assert (Conversation.objects.count(), Message.objects.exclude(purpose="").count()) <= (1, 1)
        assert Message.objects.filter(external_id="m-1").count() == 1
