"""A help desk that signs the panel's address, as its makers would."""

import time
from typing import Any

from django.test import Client

from assist.conversations.sources import add_source
from assist.models import ConversationSource
from assist.sidekick.signing import signed_query
from tests.factories import STAFF

DESK = "https://desk.example.com"


def make_source(**kwargs: Any) -> ConversationSource:
    return add_source("Help desk", by=STAFF, frame_origins=[DESK], **kwargs)


def address_of(
    source: ConversationSource,
    conversation: str = "chat-1",
    *,
    agent: str = "Ben",
    origin: str = DESK,
    ends_in_s: int = 600,
) -> str:
    expires = str(int(time.time()) + ends_in_s)
    query = signed_query(source, conversation, agent, origin=origin, expires=expires)
    return f"/sidekick/panel/{source.id}?{query}"


def stranger() -> Client:
    """A browser that keeps no cookies, and checks forms."""
    return Client(HTTP_HOST="acme.localhost", enforce_csrf_checks=True)
