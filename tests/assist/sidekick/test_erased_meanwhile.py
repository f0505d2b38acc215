"""A conversation that is erased between a request's beginning and its answer."""

from typing import Any

import pytest
from django.test import Client

from assist.models import Conversation
from assist.sidekick import desk
from tests.assist.conversations.making import hear, make_conversation

HTMX = {"hx-request": "true"}


@pytest.mark.parametrize("is_done_before", [True, False])
@pytest.mark.parametrize(
    ("path", "verb"), [("seen", "mark_seen"), ("close", "change_conversation")]
)
def test_it_is_gone_and_no_failure(
    console: Client, monkeypatch: pytest.MonkeyPatch, path: str, verb: str, is_done_before: bool
) -> None:
    conversation = make_conversation()
    hear(conversation)
    do = getattr(desk, verb)

    def erased(one: Conversation, **more: Any) -> None:
        if is_done_before:
            do(one, **more)
        Conversation.objects.filter(pk=one.pk).delete()
        if not is_done_before:
            do(one, **more)

    monkeypatch.setattr(desk, verb, erased)
    answer = console.post(f"/sidekick/{conversation.pk}/{path}/", headers=HTMX)
    assert answer.status_code == 404
    assert "it may have been forgotten" in answer.content.decode()
