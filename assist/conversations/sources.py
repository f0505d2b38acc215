"""Programs that hand conversations in by signed webhooks, and how their signature is judged."""

import base64
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from assist.models import ConversationSource
from assist.models.doors import ORIGIN_LENGTH
from atender.actors import Actor
from atender.refusals import Refused
from atender.texts import clean_line
from incidents.models import Page
from incidents.recording import record

SECRET_BYTES = 32
MOST_ORIGINS = 20
HOST = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?"
PORT = r"(?::[1-9][0-9]{0,4})?"
ORIGIN = re.compile(
    rf"https://{HOST}{PORT}|http://(?:localhost|127\.0\.0\.1|{HOST}\.localhost){PORT}"
)


class BadSignature(Exception):
    """The body was not signed with the source's secret, or too long ago."""


@transaction.atomic
def add_source(
    name: str,
    *,
    by: Actor,
    pages: Sequence[Page] = (),
    frame_origins: Sequence[str] = (),
    at: datetime | None = None,
) -> ConversationSource:
    """Let another program hand conversations in; the answers know those pages, or the public ones.

    The secret is the row's and is shown once. Raises Refused.
    """
    random = base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    source = ConversationSource.objects.create(
        name=clean_line(name, field="name", noun="A source's name", longest=120),
        secret=f"whsec_{random}",
        page_ids=sorted(page.id for page in pages),
        frame_origins=clean_origins(frame_origins),
    )
    record("source.added", source.id, by=by, at=at or timezone.now(), name=source.name)
    return source


@transaction.atomic
def change_source(
    source: ConversationSource,
    *,
    by: Actor,
    name: str | None = None,
    frame_origins: Sequence[str] | None = None,
    at: datetime | None = None,
) -> ConversationSource:
    """Rename it, or say anew which sites may frame the panel; None stays. Raises Refused."""
    source = ConversationSource.objects.select_for_update().get(pk=source.pk)
    if name is not None:
        source.name = clean_line(name, field="name", noun="A source's name", longest=120)
    if frame_origins is not None:
        source.frame_origins = clean_origins(frame_origins)
    source.save()
    record("source.changed", source.id, by=by, at=at or timezone.now(), name=source.name)
    return source


def clean_origins(origins: Sequence[str]) -> list[str]:
    """Return exact origins, each once: they are named in a policy and in messages. Raises Refused.

    Without encryption only what stays on the machine.
    """
    cleaned = list(dict.fromkeys(origin.strip().lower().rstrip("/") for origin in origins))
    for origin in cleaned:
        if not ORIGIN.fullmatch(origin) or len(origin) > ORIGIN_LENGTH:
            raise Refused(
                f"'{origin[:80]}' is no origin; write it as https://desk.example.com, without path "
                "and wildcard. http is for localhost alone.",
                field="frame_origins",
            )
    if len(cleaned) > MOST_ORIGINS:
        raise Refused(f"At most {MOST_ORIGINS} origins.", field="frame_origins")
    return cleaned


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
