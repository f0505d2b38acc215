"""The desk of staff: list, thread, editor and cards, as plain pages and plain forms."""

import re
from typing import Any

import pytest
from django.test import Client

from assist.conversations.answering import send_reply
from assist.conversations.linking import link_and_subscribe
from assist.conversations.opening import change_conversation
from assist.models import Card, Conversation, ConversationLink, Message
from atender.actors import Actor, ActorKind
from atender.ids import new_ulid
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.lifecycle import post_update
from incidents.models import Incident
from incidents.transitions import Saying
from subscribers.models import Subscriber
from tests.assist.conversations.making import MARIA, hear, make_conversation
from tests.factories import STAFF, make_incident

DESK = "/sidekick/"
HTMX = {"hx-request": "true"}
SUBMISSION = re.compile(r'name="submission" id="submission" value="(\w{26})"')

SEEN = re.compile(r'name="seen" form="editor" value="(\w+)"')


@pytest.fixture
def incident(acme: Tenant) -> Incident:
    return make_incident()


@pytest.fixture
def conversation(incident: Incident) -> Conversation:
    conversation = make_conversation(is_proved=True, language="pt")
    hear(conversation)
    conversation.refresh_from_db()
    return conversation


def at(conversation: Conversation, deed: str = "") -> str:
    return f"{DESK}{conversation.id}/" + (f"{deed}/" if deed else "")


def shown(client: Client, path: str, **more: Any) -> str:
    answer = client.get(path, **more)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def do(client: Client, conversation: Conversation, deed: str, incident: Incident) -> Any:
    body = {"deed": deed, "incident": incident.id}
    return client.post(at(conversation, "act"), body, follow=True)


def test_list_thread_and_card(console: Client, conversation: Conversation) -> None:
    listed = shown(console, DESK)
    assert MARIA in listed
    assert re.search(r"Match \d\d&nbsp;%", listed)
    assert "unread" in listed
    text = shown(console, at(conversation))
    for words in ("<mark>slow</mark>", "Likely match", "Link &amp; subscribe", "Insert reply"):
        assert words in text, words
    assert "<style" not in text
    assert " style=" not in text
    assert "<script>" not in text


def test_the_policy_is_strict(console: Client, conversation: Conversation) -> None:
    for path in (DESK, at(conversation)):
        policy = console.get(path).headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


def test_looking_changes_nothing(console: Client, conversation: Conversation) -> None:
    shown(console, at(conversation))
    conversation.refresh_from_db()
    assert conversation.is_unread
    console.post(at(conversation, "seen"))
    conversation.refresh_from_db()
    assert not conversation.is_unread


def test_link_undo_dismiss_restore(
    console: Client, conversation: Conversation, incident: Incident
) -> None:
    for _twice in range(2):
        assert "told by mail" in do(console, conversation, "link", incident).content.decode()
    assert ConversationLink.objects.get().by_name == "Alice"
    assert Subscriber.objects.get().is_active
    assert "The link is undone" in do(console, conversation, "unlink", incident).content.decode()
    assert not Subscriber.objects.exists()
    dismissed = do(console, conversation, "dismiss", incident).content.decode()
    assert "Not about" in dismissed
    assert "Likely match" not in dismissed
    do(console, conversation, "restore", incident)
    assert Card.objects.get().state == "shown"


def test_a_reply_is_inserted_edited_and_sent_once(
    console: Client, conversation: Conversation, incident: Incident
) -> None:
    path = at(conversation)
    with_reply = shown(console, f"{path}?insert={incident.id}")
    assert "Temos conhecimento disto" in with_reply
    assert Message.objects.filter(author="agent").count() == 0
    said = console.get(f"{path}suggestion/?incident={incident.id}").json()
    assert said["language"] == "pt"
    found = SUBMISSION.search(with_reply)
    assert found
    body = {"text": said["text"] + "\nMaria, até já!", "submission": found[1]}
    for _twice in range(2):
        sent = console.post(f"{path}reply/", body, follow=True).content.decode()
        assert "Sent." in sent
        assert "Maria, até já!" in sent
    message = Message.objects.get(author="agent")
    assert (message.written_by_name, message.delivered_at) == ("Alice", None)


def test_of_two_who_answer_at_once_the_second_reads_first(
    console: Client, conversation: Conversation
) -> None:
    def stands(text: str) -> str:
        found = SEEN.search(text)
        assert found
        return found[1]

    path = at(conversation, "reply")
    seen = stands(shown(console, at(conversation)))
    bob = Actor(ActorKind.PERSON, name="Bob")
    send_reply(conversation, "It is the network.", by=bob, submission_id=new_ulid(), seen=seen)
    refused = console.post(path, {"text": "It is your browser.", "seen": seen})
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "Bob answered at" in text
    assert "It is your browser." in text
    assert Message.objects.filter(author="agent").count() == 1
    # Who has read it and says so all the same is not held up again, nor by what customers say.
    hear(conversation, "and?")
    sent = console.post(path, {"text": "Both.", "seen": stands(text)}, headers=HTMX)
    assert sent.headers["HX-Trigger"] == "sent"
    assert stands(sent.content.decode()) == Message.objects.get(text="Both.").pk


def test_where_scripts_run_the_answer_is_the_parts(
    console: Client, conversation: Conversation
) -> None:
    answer = console.post(at(conversation, "reply"), {"text": "On it."}, headers=HTMX)
    text = answer.content.decode()
    assert "<html" not in text
    assert answer.headers["HX-Trigger"] == "sent"
    for part in ("said", "list", "thread", "panel", "submission"):
        assert f'id="{part}"' in text, part


def test_what_is_refused_keeps_the_words(console: Client, conversation: Conversation) -> None:
    answer = console.post(at(conversation, "reply"), {"text": "x" * 20_001})
    assert answer.status_code == 422
    assert "at most 20,000 characters" in answer.content.decode()
    assert "x" * 20_001 in answer.content.decode()
    assert console.post(at(conversation, "reply"), {"text": " "}).status_code == 422


def test_resolved_between_the_card_and_the_click(
    console: Client, conversation: Conversation, incident: Incident
) -> None:
    post_update(incident, by=STAFF, saying=Saying(status="resolved"))
    linked = do(console, conversation, "link", incident).content.decode()
    assert "It is over, so nobody was subscribed" in linked
    assert "Link &amp; subscribe" not in linked
    said = console.get(f"{at(conversation)}suggestion/?incident={incident.id}").json()
    over = (
        "“API response times degraded” está resolvido. Se algo ainda não funcionar, responda aqui."
    )
    assert said["text"] == over


def test_of_what_was_hidden_nobody_hears_that_it_is_over(
    console: Client, conversation: Conversation
) -> None:
    hidden = make_incident("Payments fail at checkout", pages=())
    post_update(hidden, by=STAFF, saying=Saying(status="resolved"))
    said = console.get(f"{at(conversation)}suggestion/?incident={hidden.id}")
    assert (said.status_code, "nothing public" in said.json()["refusal"]) == (422, True)


def test_an_internal_incident_is_shown_and_marked_and_enrols_nobody(
    console: Client, acme: Tenant
) -> None:
    hidden = make_incident("API response times degraded", pages=(), body="Zqsecret cause")
    conversation = make_conversation(is_proved=True)
    hear(conversation)
    text = shown(console, at(conversation))
    assert "internal" in text
    assert "say nothing of it" in text
    assert "Insert reply" not in text
    linked = do(console, conversation, "link", hidden).content.decode()
    assert "nobody was subscribed" in linked
    assert not Subscriber.objects.exists()
    assert shown(console, f"{at(conversation)}?insert={hidden.id}").count("Zqsecret") == 0


def test_an_incident_without_a_card_is_linked_by_hand(
    console: Client, conversation: Conversation
) -> None:
    other = make_incident("Payments fail at checkout")
    assert "Link another incident" in shown(console, at(conversation))
    do(console, conversation, "link", other)
    assert ConversationLink.objects.get().incident_id == other.id


def test_filters_and_search(console: Client, conversation: Conversation) -> None:
    make_conversation("chat-2", address="li@example.com", handled_by="ai")
    closed = make_conversation("chat-3", address="old@example.com")
    change_conversation(closed, is_open=False)
    quiet = make_conversation("chat-4", address="quiet@example.com")
    hear(quiet, "how do I change my avatar?")
    found = {
        query: {a for a in ("maria", "li@", "old@", "quiet@") if a in shown(console, DESK + query)}
        for query in (
            "",
            "?show=waiting",
            "?show=match",
            "?show=stack",
            "?show=closed",
            "?q=AVATAR",
            "?q=maria",
            "?show=nonsense&after=nonsense",
        )
    }
    people = {"maria", "quiet@"}
    assert found == {
        "": people,
        "?show=waiting": people,
        "?show=match": {"maria"},
        "?show=stack": {"li@"},
        "?show=closed": {"old@"},
        "?q=AVATAR": {"quiet@"},
        "?q=maria": {"maria"},
        "?show=nonsense&after=nonsense": people,
    }
    assert "Nothing found for" in shown(console, f"{DESK}?q=%25_%00nothing")


def test_who_only_reads_answers_nobody(
    bobs_console: Client, conversation: Conversation, incident: Incident
) -> None:
    text = shown(bobs_console, at(conversation))
    assert "Your role reads here" in text
    assert 'name="deed"' not in text
    for deed in ("reply", "act", "seen", "close"):
        assert bobs_console.post(at(conversation, deed), {"text": "x"}).status_code == 403
    assert not Message.objects.filter(author="agent").exists()


def test_nobody_and_strangers(conversation: Conversation, charlie: Any, globex: Tenant) -> None:
    anonymous = Client(HTTP_HOST="acme.localhost")
    assert anonymous.get(DESK).status_code == 302
    theirs = Client(HTTP_HOST="globex.localhost")
    with in_tenant("globex"):
        theirs.force_login(charlie)
    assert theirs.get(at(conversation)).status_code == 404
    for deed in ("reply", "act", "seen", "close"):
        assert theirs.post(at(conversation, deed), {"deed": "link"}).status_code == 404


def test_wrong_methods_and_strange_deeds(console: Client, conversation: Conversation) -> None:
    assert console.post(at(conversation)).status_code == 405
    assert console.get(at(conversation, "reply")).status_code == 405
    assert console.post(at(conversation, "act"), {"deed": "explode"}).status_code == 404
    answer = console.post(at(conversation, "act"), {"deed": "link", "incident": "x" * 26})
    assert (answer.status_code, b"That incident is gone" in answer.content) == (422, True)


def test_strange_messages_stand_as_they_are(console: Client, incident: Incident) -> None:
    conversation = make_conversation()
    for number, text in enumerate(
        [
            "<script>alert(1)</script> api is slow",
            "😀" * 40,
            "",
            "واجهة API بطيئة جدا",
            "slow " * 20_000,
        ]
    ):
        hear(conversation, text, f"m-{number}")
    page = shown(console, at(conversation))
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "97,000 more characters" in page
    whole = page.partition("97,000 more characters</summary>")[2][:60]
    assert whole.startswith('<p class="text" dir="auto" lang="en">')
    assert page.count('dir="auto"') > 4


def test_closing_and_opening_again(console: Client, conversation: Conversation) -> None:
    console.post(at(conversation, "close"), {"open": "0"})
    conversation.refresh_from_db()
    assert not conversation.is_open
    console.post(at(conversation, "close"), {"open": "1"})
    conversation.refresh_from_db()
    assert conversation.is_open


def test_a_link_by_somebody_else_shows_at_once(
    console: Client, conversation: Conversation, incident: Incident
) -> None:
    path = at(conversation)
    tag = console.get(path).headers["ETag"]
    asked = {**HTMX, "if-none-match": tag}
    assert console.get(path, headers=asked).status_code == 304
    link_and_subscribe(conversation, incident, by=STAFF)
    news = console.get(path, headers=asked)
    assert (news.status_code, b"Undo link" in news.content) == (200, True)
