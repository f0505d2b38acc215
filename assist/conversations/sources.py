"""The verbs of sources: programs that hand conversations in by signed webhooks."""

import base64
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from assist.matching.languages import NAMES, SUPPORTED
from assist.models import ConversationSource, Vouching
from assist.models.doors import ORIGIN_LENGTH, SOURCE_NAME_LENGTH
from atender.actors import Actor
from atender.locking import locked
from atender.meanwhile import check_seen, digest_of
from atender.refusals import Refused
from atender.texts import clean_line
from incidents.models import Page
from incidents.recording import record

# What its form shows of it; it is paused by a button of its own.
SHOWN = ("name", "frame_origins", "language", "vouching")
ASKS: dict[str, str] = {
    Vouching.SAID: "asks by mail where an address is not proved",
    Vouching.ALWAYS: "never asks before it mails",
    Vouching.NEVER: "always asks before it mails",
}
SECRET_BYTES = 32
MOST_ORIGINS = 20
BOTH_SIGN_FOR = timedelta(days=1)
HOST = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?"
PORT = r"(?::[1-9][0-9]{0,4})?"
ORIGIN = re.compile(
    rf"https://{HOST}{PORT}|http://(?:localhost|127\.0\.0\.1|{HOST}\.localhost){PORT}"
)


@transaction.atomic
def add_source(
    name: str,
    *,
    by: Actor,
    pages: Sequence[Page] = (),
    frame_origins: Sequence[str] = (),
    language: str = "",
    vouching: str = Vouching.SAID,
    at: datetime | None = None,
) -> ConversationSource:
    """Let another program hand conversations in; the answers know those pages, or the public ones.

    The secret is the row's and is shown once. Raises Refused.
    """
    source = ConversationSource.objects.create(
        name=_cleaned("name", name),
        secret=_new_secret(),
        page_ids=sorted(page.id for page in pages),
        frame_origins=clean_origins(frame_origins),
        language=_cleaned("language", language),
        vouching=_cleaned("vouching", vouching),
    )
    record("source.added", source.id, by=by, at=at or timezone.now(), name=source.name)
    return source


@transaction.atomic
def change_source(
    source: ConversationSource,
    *,
    by: Actor,
    at: datetime | None = None,
    seen: str | None = None,
    **changes: Any,
) -> ConversationSource:
    """Change `name`, `frame_origins`, `language`, `vouching` or `is_paused`.

    A paused source accepts nothing, so its program keeps the messages and retries. `seen` is what
    its author saw of it, by `seen_of`. Raises Refused, ChangedMeanwhile, and Gone.
    """
    source = locked(ConversationSource.objects.all(), source)
    wanted = {name: _cleaned(name, value) for name, value in changes.items()}
    check_seen(source, wanted, facts=_facts, told=_told, seen=seen, what="this source")
    for name, value in wanted.items():
        setattr(source, name, value)
    source.save()
    at, fields = at or timezone.now(), sorted(changes)
    record("source.changed", source.id, by=by, at=at, name=source.name, fields=fields)
    return source


def seen_of(source: ConversationSource) -> str:
    """Return the digest that says, to `change_source`, that the source was seen as it is."""
    return digest_of(_facts(source))


def _facts(source: ConversationSource) -> dict[str, Any]:
    return {name: getattr(source, name) for name in SHOWN}


def _told(source: ConversationSource) -> str:
    language = NAMES.get(source.language, "the language of each customer")
    return (
        f"It is called “{source.name}”, answers in {language}, {ASKS[source.vouching]}, and its "
        f"panel is shown by {', '.join(source.frame_origins) or 'no site'}."
    )


@transaction.atomic
def rotate_secret(
    source: ConversationSource, *, by: Actor, at_once: bool = False, at: datetime | None = None
) -> str:
    """Return a new secret, which is shown this once.

    The old one stays valid beside it for a day; with `at_once` it ends immediately.
    """
    at = at or timezone.now()
    source = locked(ConversationSource.objects.all(), source)
    source.previous_secret = "" if at_once else source.secret
    source.previous_until = None if at_once else at + BOTH_SIGN_FOR
    source.secret = secret = _new_secret()
    source.save()
    record("source.secret_rotated", source.id, by=by, at=at, name=source.name, at_once=at_once)
    return secret


def _new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def _cleaned(name: str, value: Any) -> Any:
    match name:
        case "name":
            return clean_line(
                value, field="name", noun="A source's name", longest=SOURCE_NAME_LENGTH
            )
        case "frame_origins":
            return clean_origins(value)
        case "language":
            return _checked(value, ["", *SUPPORTED], field=name)
        case "vouching":
            return _checked(value, Vouching.values, field=name)
        case "is_paused":
            return bool(value)
    raise KeyError(name)


def _checked(value: str, known: Sequence[str], *, field: str) -> str:
    if value not in known:
        choices = ", ".join(one or "empty" for one in known)
        raise Refused(f"'{value[:40]}' is none; it is one of: {choices}.", field=field)
    return value


def clean_origins(origins: Sequence[str]) -> list[str]:
    """Return exact origins, each once: they are named in a policy and in messages. Raises Refused.

    Plain http is allowed only for this machine's own names.
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
    """Close the door; what came in by it stays. Raises Gone."""
    source = locked(ConversationSource.objects.all(), source, to_delete=True)
    record("source.removed", source.id, by=by, at=at or timezone.now(), name=source.name)
    source.delete()
