"""What people write at the desk waits until the channel has it sent."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from assist.conversations.answering import mark_seen, send_reply
from assist.hearing.messages import take_message
from assist.models import Conversation, Message
from assist.stack.ending import tell_end
from atender.ids import new_ulid
from atender.refusals import Refused
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.lifecycle import post_update
from incidents.transitions import Saying
from tests.assist.conversations.making import hear, make_conversation
from tests.conftest import api_client
from tests.factories import STAFF, make_incident, make_key

Post = Callable[..., Any]
OUT = "/api/v1/outgoing-messages"


def reply(conversation: Conversation, text: str = "We are on it.", **kwargs: str) -> Message:
    submission_id = kwargs.get("submission_id") or new_ulid()
    message, _ = send_reply(conversation, text, by=STAFF, submission_id=submission_id)
    return message


def test_a_reply_waits_until_it_is_sent(api: Client, post: Post) -> None:
    conversation = make_conversation()
    hear(conversation)
    message = reply(conversation)
    waiting = api.get(OUT).json()
    assert [each["text"] for each in waiting["data"]] == ["We are on it."]
    assert waiting["data"][0]["conversation_external_id"] == "chat-1"
    assert (waiting["data"][0]["purpose"], waiting["more"]) == ("reply", False)
    done = post(f"{OUT}/{message.id}/delivered", external_id="out-1").json()
    assert done["delivered_at"]
    assert api.get(OUT).json()["data"] == []
    assert post(f"{OUT}/{message.id}/delivered").json() == done
    # The channel hands in what it sent: it is known by its name.
    path = f"/api/v1/conversations/{conversation.id}/messages"
    again = post(path, external_id="out-1", author="agent", text="We are on it.")
    assert (again.status_code, again.json()["id"]) == (200, message.id)
    assert conversation.messages.count() == 2


def test_an_echo_that_overtakes_the_word_that_it_was_sent_is_the_same(
    acme: Tenant, post: Post
) -> None:
    conversation = make_conversation()
    message = reply(conversation)
    take_message(conversation, external_id="out-1", author="agent", text="We are on it.")
    assert post(f"{OUT}/{message.id}/delivered", external_id="out-1").status_code == 200
    assert conversation.messages.get().id == message.id
    hear(conversation, external_id="m-1")
    other = reply(conversation)
    taken = post(f"{OUT}/{other.id}/delivered", external_id="m-1")
    assert (taken.status_code, taken.json()["detail"][:15]) == (409, "Another message")


def test_the_oldest_are_sent_first_and_by_conversation(api: Client) -> None:
    first, second = make_conversation(), make_conversation("chat-2")
    for number, conversation in enumerate((first, second, first)):
        reply(conversation, f"Reply {number}")
    page = api.get(f"{OUT}?limit=2").json()
    assert [each["text"] for each in page["data"]] == ["Reply 0", "Reply 1"]
    assert page["more"]
    of_first = api.get(f"{OUT}?conversation_id={first.id}").json()["data"]
    assert [each["text"] for each in of_first] == ["Reply 0", "Reply 2"]


def test_the_word_that_it_is_over_goes_out_too(api: Client, acme: Tenant) -> None:
    incident = make_incident()
    conversation = make_conversation(handled_by="ai")
    hear(conversation)
    assert api.get(OUT).json()["data"] == []
    update = post_update(incident, by=STAFF, saying=Saying(status="resolved"))
    tell_end(update.id)
    (waiting,) = api.get(OUT).json()["data"]
    assert (waiting["purpose"], waiting["incident_id"]) == ("resolved", incident.id)


def test_the_same_submission_again_sends_nothing(acme: Tenant) -> None:
    conversation, other = make_conversation(), make_conversation("chat-2")
    message = reply(conversation, submission_id=new_ulid())
    again, is_new = send_reply(conversation, "else", by=STAFF, submission_id=message.id)
    assert (again.text, is_new) == ("We are on it.", False)
    with pytest.raises(Refused, match="another conversation"):
        send_reply(other, "else", by=STAFF, submission_id=message.id)
    assert Message.objects.count() == 1


@pytest.mark.parametrize("text", ["", "  \n", "\u200f", "x" * 20_001])
def test_what_says_nothing_or_too_much_is_not_sent(acme: Tenant, text: str) -> None:
    conversation = make_conversation()
    with pytest.raises(Refused):
        reply(conversation, text)
    assert not Message.objects.exists()


def test_who_answers_takes_over_and_has_read_it(acme: Tenant) -> None:
    make_incident()
    conversation = make_conversation(handled_by="ai")
    hear(conversation)
    reply(conversation)
    conversation.refresh_from_db()
    assert (conversation.handled_by, conversation.is_unread) == ("human", False)
    hear(conversation, "and now?")
    conversation.refresh_from_db()
    assert conversation.is_unread
    assert conversation in Conversation.objects.waiting()
    assert conversation.messages.filter(purpose="answer").count() == 1
    mark_seen(conversation, until=conversation.last_message_at)
    conversation.refresh_from_db()
    assert not conversation.is_unread


def test_replies_are_behind_the_door_of_their_conversation(api: Client, globex: Tenant) -> None:
    message = reply(make_conversation())
    with in_tenant("globex"):
        stranger = api_client(make_key(), "globex.localhost")
    assert stranger.get(OUT).json()["data"] == []
    assert stranger.post(f"{OUT}/{message.id}/delivered").status_code == 404
