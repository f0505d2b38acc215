"""A conversation that is erased between a request's beginning and its answer."""

import pytest
from django.test import Client

from assist.models import Conversation
from assist.sidekick import desk
from tests.assist.conversations.making import hear, make_conversation

HTMX = {"hx-request": "true"}


def test_it_is_gone_and_no_failure(console: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = make_conversation()
    hear(conversation)

    def erased(one: Conversation, **_: object) -> None:
        Conversation.objects.filter(pk=one.pk).delete()

    monkeypatch.setattr(desk, "mark_seen", erased)
    answer = console.post(f"/sidekick/{conversation.pk}/seen/", headers=HTMX)
    assert answer.status_code == 404
    assert "it may have been forgotten" in answer.content.decode()
