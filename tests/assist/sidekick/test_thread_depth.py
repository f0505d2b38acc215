"""Earlier messages of a long conversation, which stay shown while it goes on."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assist.models import Conversation, Message
from atender.ids import new_ulid
from atender.staff.models import User
from atender.staff.zones import choose_zone
from tests.assist.conversations.making import hear, make_conversation

PARTS = {"hx-request": "true"}


@pytest.fixture
def talk(acme: object) -> Conversation:
    conversation = make_conversation()
    now = timezone.now()
    Message.objects.bulk_create(
        Message(
            conversation=conversation,
            external_id=f"old-{number}",
            author="customer",
            text=f"Word {number}.",
            created_at=now - timedelta(minutes=2500 - number),
        )
        for number in range(2450)
    )
    return conversation


def said_in(text: str) -> int:
    return text.count('class="bubble')


def test_times_of_messages_say_their_zone(console: Client, alice: User) -> None:
    choose_zone(alice, "America/Sao_Paulo")
    talk = make_conversation()
    at = datetime(2025, 1, 5, 10, 0, tzinfo=UTC)
    Message.objects.create(
        conversation=talk, external_id="one", author="customer", text="Hi.", created_at=at
    )
    assert ">5 Jan 2025 07:00 UTC-03</time>" in console.get(f"/sidekick/{talk.pk}/").text


def test_earlier_ones_are_a_click_away(console: Client, talk: Conversation) -> None:
    here = f"/sidekick/{talk.pk}/"
    first = console.get(here).content.decode()
    assert (said_in(first), "2,350 earlier messages" in first) == (100, True)
    assert "messages=300" in first
    deeper = console.get(f"{here}?messages=300").content.decode()
    assert (said_in(deeper), "messages=500" in deeper) == (300, True)
    assert "Word 2150." in deeper
    deepest = console.get(f"{here}?messages=99999").content.decode()
    assert (said_in(deepest), "450 earlier messages not shown" in deepest) == (2000, True)
    for nonsense in ("-5", "x", "1e9", "٣٠٠", "9" * 5000):
        assert said_in(console.get(here, {"messages": nonsense}).content.decode()) == 100


def test_what_asks_anew_and_what_is_sent_keep_them(console: Client, talk: Conversation) -> None:
    here = f"/sidekick/{talk.pk}/"
    shown = {**PARTS, "hx-current-url": f"http://acme.localhost{here}?messages=300"}
    first = console.get(here, headers=shown)
    assert said_in(first.content.decode()) == 300
    same = console.get(here, headers={**shown, "if-none-match": first["ETag"]})
    assert same.status_code == 304
    made_up = console.get(here, headers={**PARTS, "hx-current-url": "http://[::1"})
    assert said_in(made_up.content.decode()) == 100
    less = console.get(here, headers={**PARTS, "if-none-match": first["ETag"]})
    assert said_in(less.content.decode()) == 100
    hear(talk, "And now?")
    form = {"text": "We are on it.", "submission": new_ulid()}
    sent = console.post(f"{here}reply/", form, headers=shown).content.decode()
    assert said_in(sent) == 300
    assert "And now?" in sent
