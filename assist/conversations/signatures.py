"""Checks the signature of what a source hands in, and notes when it was last heard from."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from assist.models import ConversationSource

# Often enough to see that it works; a thousand messages a minute write it twelve times.
NOTED_EACH = timedelta(seconds=5)


class BadSignature(Exception):
    """The body was not signed with the source's secret, or too long ago."""


class NoText(Exception):
    """The body is not UTF-8, so that it is neither what was signed nor JSON."""

    def __init__(self, at_byte: int) -> None:
        self.sentence = f"The body is not UTF-8 from byte {at_byte} on; send JSON in UTF-8."
        super().__init__(self.sentence)


def check_signature(source: ConversationSource, body: bytes, headers: Mapping[str, str]) -> None:
    """Check that the body was signed with the secret in the last five minutes.

    Raises BadSignature, and NoText for what is no text and so cannot have been signed as one.
    """
    try:
        said = body.decode()
    except UnicodeDecodeError as error:
        raise NoText(error.start) from error
    why = "The secret cannot be read any more."
    for secret in source.secrets_at(timezone.now()):
        try:
            Webhook(secret).verify(said, dict(headers), json_parse=False)
        except (WebhookVerificationError, ValueError, RuntimeError) as refusal:
            why = str(refusal)
        else:
            return
    raise BadSignature(why)


def note_taken(source: ConversationSource, *, at: datetime | None = None) -> None:
    _note(source, "last_taken_at", at or timezone.now())


def note_refused(source: ConversationSource, why: str, *, at: datetime | None = None) -> None:
    """Keep why something was refused, so that whoever connects it reads it in the console."""
    _note(source, "last_refused_at", at or timezone.now(), last_refusal=why[:200])


@transaction.atomic
def _note(source: ConversationSource, column: str, at: datetime, **more: str) -> None:
    """Write it now and then, and never wait for another transaction that is writing it."""
    is_due = Q(**{column: None}) | Q(**{f"{column}__lt": at - NOTED_EACH})
    due = ConversationSource.objects.filter(is_due, pk=source.pk)
    free = due.select_for_update(skip_locked=True).values("pk")
    ConversationSource.objects.filter(pk__in=free).update(**{column: at}, **more)
