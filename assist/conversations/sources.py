"""Programs that hand conversations in by signed webhooks, and how their signature is judged."""

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from assist.models import ConversationSource
from atender.actors import Actor
from atender.texts import clean_line
from incidents.models import Page
from incidents.recording import record

SECRET_BYTES = 32


class BadSignature(Exception):
    """The body was not signed with the source's secret, or too long ago."""


@transaction.atomic
def add_source(
    name: str, *, by: Actor, pages: Sequence[Page] = (), at: datetime | None = None
) -> ConversationSource:
    """Let another program hand conversations in; the answers know those pages, or the public ones.

    The secret is the row's and is shown once.
    """
    random = base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    source = ConversationSource.objects.create(
        name=clean_line(name, field="name", noun="A source's name", longest=120),
        secret=f"whsec_{random}",
        page_ids=sorted(page.id for page in pages),
    )
    record("source.added", source.id, by=by, at=at or timezone.now(), name=source.name)
    return source


@transaction.atomic
def remove_source(source: ConversationSource, *, by: Actor, at: datetime | None = None) -> None:
    """Close the door; what came in by it stays."""
    record("source.removed", source.id, by=by, at=at or timezone.now(), name=source.name)
    source.delete()


def check_signature(source: ConversationSource, body: bytes, headers: Mapping[str, str]) -> None:
    """Raise BadSignature unless the body came from who has the secret, within five minutes."""
    if not source.secret:
        raise BadSignature("The secret cannot be read any more.")
    try:
        Webhook(source.secret).verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError, RuntimeError) as error:
        raise BadSignature(str(error)) from error
