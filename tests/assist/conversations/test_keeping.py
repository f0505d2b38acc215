"""Conversations are kept as long as the tenant says, and one person's go at once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assist.conversations.keeping import FORGETTING, forget_old_conversations, keep_conversations
from assist.models import Conversation, Message
from atender.due.models import Due
from atender.erasing import erase_person, held_of
from atender.refusals import Refused
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from tests.assist.conversations.making import MARIA, hear, make_conversation
from tests.conftest import api_client
from tests.factories import STAFF, make_incident, make_key
from tests.plans import asked_by
from tests.subscribers.making import strike, work_off

NOW = timezone.now()
DAYS = timedelta(days=1)
TALKS = 'FROM "assist_conversation"'


def test_they_go_after_180_days_of_silence(acme: Tenant) -> None:
    make_conversation("old", at=NOW - 181 * DAYS)
    make_conversation("new", at=NOW - 179 * DAYS)
    hear(Conversation.objects.get(external_id="old"))
    Conversation.objects.filter(external_id="old").update(last_message_at=NOW - 181 * DAYS)
    again_at = forget_old_conversations(NOW)
    assert [c.external_id for c in Conversation.objects.all()] == ["new"]
    assert not Message.objects.exists()
    assert again_at == Conversation.objects.get().last_message_at + 180 * DAYS


def test_the_due_row_is_one_and_comes_in_time(acme: Tenant) -> None:
    make_conversation("chat-1")
    make_conversation("chat-2")
    due = Due.objects.get(kind=FORGETTING)
    assert due.due_at - Conversation.objects.earliest("id").last_message_at == 180 * DAYS
    Conversation.objects.update(last_message_at=NOW - 181 * DAYS)
    strike(due.due_at)
    assert not Conversation.objects.exists()
    assert not Due.objects.filter(kind=FORGETTING).exists()


def test_a_tenant_chooses(acme: Tenant, globex: Tenant, api: Client) -> None:
    make_conversation(at=NOW - 10 * DAYS)
    with in_tenant("globex"):
        make_conversation(at=NOW - 10 * DAYS)
    body = {"conversations_kept_days": 9}
    path = "/api/v1/assist/settings"
    assert api.patch(path, body, content_type="application/json").json() == body
    assert api.get(path).json() == body
    work_off()
    assert not Conversation.objects.exists()
    with in_tenant("globex"):
        forget_old_conversations(NOW)
        assert Conversation.objects.exists()


def test_it_is_an_admins_choice(acme: Tenant) -> None:
    helper = api_client(make_key("assist"))
    body = {"conversations_kept_days": 9}
    path = "/api/v1/assist/settings"
    assert helper.patch(path, body, content_type="application/json").status_code == 403
    with pytest.raises(Refused):
        keep_conversations(0, by=STAFF)


def test_whoever_forgets_conversations_holds_them_in_one_order(acme: Tenant) -> None:
    make_conversation(at=NOW - 181 * DAYS)
    deeds = (lambda: forget_old_conversations(NOW), lambda: erase_person(MARIA, by=STAFF))
    asked = [sql for deed in deeds for sql in asked_by(deed, "FOR UPDATE")]
    holding = [sql.partition(" FOR UPDATE")[0] for sql in asked if TALKS in sql]
    # By the id in both: what the first of them reads is nothing else.
    assert [sql.rpartition("ORDER BY ")[2].split()[-1] for sql in holding] == ["ASC", "ASC"]


def test_a_person_is_erased(acme: Tenant) -> None:
    make_incident()
    hear(make_conversation("chat-1", address=MARIA.upper()))
    other = make_conversation("chat-2", address="other@example.com")
    hear(other, f"please write to {MARIA} instead")
    others = ["hello again", f"anna.{MARIA}, anna_{MARIA}, a+{MARIA}, {MARIA}.br or {MARIA}-x.br"]
    for text in others:
        hear(other, text)
    for text in (f"{MARIA}に送ってください", f"-{MARIA}-", f"to..._{MARIA}_."):
        hear(other, text)
    assert held_of(MARIA)["conversations"] == 1
    other.refresh_from_db()
    erased = erase_person(MARIA, by=STAFF)
    assert (erased["conversations"], erased["messages that name it"]) == (1, 4)
    assert Conversation.objects.get() == other
    # So that a desk that shows it takes what was erased off the screen.
    assert Conversation.objects.get().version > other.version
    # What names others alone stays theirs.
    assert [message.text for message in Message.objects.order_by("id")] == others
    assert set(held_of(MARIA).values()) == {0}
