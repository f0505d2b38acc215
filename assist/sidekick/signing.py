"""The address of a side panel, signed by the help desk that shows it in a frame.

Whoever has a source's secret signs a conversation's id, the agent, the origin and an expiry. No
cookie is needed, so it also works in browsers that keep none for frames; and since the address is
the authority, no other site can post in somebody's name. `docs/agents.md` has the recipe.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings

from assist.models import ConversationSource
from assist.models.conversations import EXTERNAL_ID_LENGTH
from atender.actors import Actor, ActorKind
from atender.digits import whole_number
from atender.tenants.context import current_schema
from atender.texts import is_seen

LONGEST_LIFE = timedelta(hours=24)
LONGEST_NAME = 80
WAS_NOT_SIGNED = "This panel's address is not signed with the secret of its source."
IS_PAUSED = "This source is paused in Atender Incidents, and its panel with it."
HAS_ENDED = "This panel's address has ended. Open the conversation in your help desk again."
LASTS_TOO_LONG = "This panel's address ends more than 24 hours from now; sign one that ends sooner."
NO_NAME = "`agent` is the agent's name: 1 to 80 characters, and no address."
FOREIGN_ORIGIN = "`origin` is none of the origins that were set on this source."


class BadTicket(Exception):
    """The address opens nothing; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a good address says. `origin` is "" where nothing may be handed to the site around."""

    source: ConversationSource
    conversation: str
    agent: str
    origin: str
    expires: str

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.KEY, self.source.id, f"{self.agent} ({self.source.name})"[:120])

    @property
    def query(self) -> str:
        return signed_query(
            self.source, self.conversation, self.agent, origin=self.origin, expires=self.expires
        )


def signed_query(
    source: ConversationSource, conversation: str, agent: str, *, origin: str, expires: str
) -> str:
    asked = {"conversation": conversation, "agent": agent, "origin": origin, "expires": expires}
    return urlencode({**asked, "signature": _signature(source, source.secret, *asked.values())})


def read_ticket(source: ConversationSource, asked: Mapping[str, str], *, at: datetime) -> Ticket:
    """Judge an address; raises BadTicket. The signature first, so that nothing else is told."""
    parts = [asked.get(name, "") for name in ("conversation", "agent", "origin", "expires")]
    given = asked.get("signature", "").encode()
    ours = [_signature(source, secret, *parts) for secret in source.secrets_at(at)]
    if not any(one and hmac.compare_digest(given, one.encode()) for one in ours):
        raise BadTicket(WAS_NOT_SIGNED)
    if source.is_paused:
        raise BadTicket(IS_PAUSED)
    ticket = Ticket(source, *parts)
    _check_end(ticket.expires, at)
    name = ticket.agent
    if not (1 <= len(name) <= LONGEST_NAME and name.isprintable()) or "@" in name:
        raise BadTicket(NO_NAME)
    if not any(map(is_seen, name)):
        raise BadTicket(NO_NAME)
    if ticket.origin and ticket.origin not in source.frame_origins:
        raise BadTicket(FOREIGN_ORIGIN)
    if not 1 <= len(ticket.conversation) <= EXTERNAL_ID_LENGTH:
        raise BadTicket("`conversation` is the conversation's id in your help desk.")
    return ticket


def _check_end(expires: str, at: datetime) -> None:
    seconds = whole_number(expires, digits=10)
    if seconds is None or len(expires) != 10:
        raise BadTicket("`expires` is a moment in seconds since 1970.")
    end = datetime.fromtimestamp(seconds, UTC)
    if end <= at:
        raise BadTicket(HAS_ENDED)
    if end > at + LONGEST_LIFE:
        raise BadTicket(LASTS_TOO_LONG)


def _signature(source: ConversationSource, secret: str, *parts: str) -> str:
    """The hexadecimal HMAC-SHA256 of the parts, a line each; empty without a readable secret."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        return ""
    said = "\n".join(["panel", source.id, *parts])
    return hmac.digest(key, said.encode("utf-8", "replace"), "sha256").hex() if key else ""


def form_token(ticket: Ticket) -> str:
    """What the panel's own forms carry: who has not read them cannot send them."""
    return _form_token(list(settings.LINK_KEYS)[-1], ticket)


def is_form_token(token: str, ticket: Ticket) -> bool:
    ours = [_form_token(key_id, ticket) for key_id in settings.LINK_KEYS]
    return any(hmac.compare_digest(token.encode(), own.encode()) for own in ours)


def _form_token(key_id: str, ticket: Ticket) -> str:
    said = ["panel form", current_schema(), ticket.source.id, ticket.conversation]
    said += [ticket.agent, ticket.origin, ticket.expires]
    key = settings.LINK_KEYS[key_id].encode()
    return hmac.digest(key, "\0".join(said).encode("utf-8", "replace"), "sha256").hex()[:32]
