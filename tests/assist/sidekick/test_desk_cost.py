"""What the desk costs: the same for ten conversations as for a thousand, and little while idle."""

import re
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assist.models import Card, Conversation, Message
from atender.actors import SCHEDULE, acted_by
from atender.ids import new_ulid
from tests.assist.conversations.making import hear, make_conversation
from tests.factories import make_incident

DESK = "/sidekick/"


def fill(count: int, incident_id: str) -> None:
    now = timezone.now()
    rows = Conversation.objects.bulk_create(
        Conversation(
            pk=new_ulid(),
            external_id=f"many-{number}",
            channel="chat",
            customer_address=f"person-{number}@example.com",
            handled_by="human",
            last_message_at=now - timedelta(seconds=number),
            last_customer_at=now - timedelta(seconds=number),
        )
        for number in range(count)
    )
    Message.objects.bulk_create(
        Message(
            conversation=row,
            external_id="1",
            author="customer",
            text="is the api down?",
            created_at=row.last_message_at,
        )
        for row in rows
    )
    Card.objects.bulk_create(
        Card(
            conversation=row,
            incident_id=incident_id,
            confidence=0.9,
            shown_at=now,
            **acted_by(SCHEDULE),
        )
        for row in rows
    )


def queries(client: Client, path: str, **headers: str) -> tuple[int, Any]:
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path, headers=headers)
    return len(asked), answer


def test_a_thousand_cost_as_many_queries_as_one(console: Client) -> None:
    incident = make_incident()
    conversation = make_conversation()
    hear(conversation)
    console.get(DESK)  # Which hosts there are is read at the first request alone.
    paths = [DESK, f"{DESK}?show=match&q=api", f"{DESK}{conversation.id}/"]
    few = [queries(console, path)[0] for path in paths]
    fill(1000, incident.id)
    many = [queries(console, path)[0] for path in paths]
    assert many == few
    assert max(many) <= 26


def test_what_is_unchanged_costs_few_queries(console: Client) -> None:
    conversation = make_conversation()
    make_incident()
    hear(conversation)
    path = f"{DESK}{conversation.id}/"
    tag = console.get(path).headers["ETag"]
    asked, answer = queries(console, path, **{"hx-request": "true", "if-none-match": tag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert asked <= 10


def test_page_after_page_shows_each_once(console: Client) -> None:
    fill(120, make_incident().id)
    seen: list[str] = []
    path = DESK
    for _page in range(3):
        text = console.get(path).content.decode()
        seen += [row[:26] for row in text.split('id="row-')[1:]]
        more = re.search(r'class="more"><a href="([^"]+)"', text)
        path = more[1].replace("&amp;", "&") if more else ""
    assert path == ""
    assert len(seen) == len(set(seen)) == 120
