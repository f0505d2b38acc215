"""The link in a reply by which a customer asks for updates with one tap.

`<key id>.<conversation>.<incident>.<expiry>.<HMAC-SHA256, first 16 bytes>`, derived and never
stored. It names no address: that is the conversation's, and counts as proved where the channel
proved it. One purpose, one incident, one customer, and it ends.
"""

import base64
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from assist.conversations.cards import confirm_card
from assist.conversations.linking import page_for
from assist.conversations.opening import lock, touch
from assist.models import Conversation, ConversationLink
from atender.actors import Actor, ActorKind, acted_by
from atender.ids import ULID
from incidents.models import Incident, Page
from incidents.recording import record
from subscribers.people.vouching import Enrolment, enrol

LASTS = timedelta(days=7)
MAC_BYTES = 16
SHAPE = re.compile(r"([A-Za-z0-9_]{1,16})\.([0-9A-Z]{26})\.([0-9A-Z]{26})\.(\d{10})\.([\w-]{22})")
CUSTOMER = Actor(ActorKind.SCHEDULE, name="the customer")
TO_SHOW, TO_SEND = "link", "form"


class Ticket(NamedTuple):
    """What a good link is for; it may have ended."""

    conversation: Conversation
    incident: Incident
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Followed:
    enrolment: Enrolment
    address: str


def follow_token(conversation: Conversation, incident: Incident, *, at: datetime) -> str:
    expiry = int((at + LASTS).timestamp())
    key_id = list(settings.LINK_KEYS)[-1]
    said = f"{conversation.pk}.{incident.pk}.{expiry}"
    return f"{key_id}.{said}.{_mac(key_id, said, TO_SHOW)}"


def read_ticket(token: str, page: Page) -> Ticket | None:
    """Return what the token is for, where this page shows the incident to this conversation."""
    parts = SHAPE.fullmatch(token)
    if parts is None or parts[1] not in settings.LINK_KEYS:
        return None
    key_id, conversation_id, incident_id, expiry, mac = parts.groups()
    said = f"{conversation_id}.{incident_id}.{expiry}"
    if not hmac.compare_digest(mac.encode(), _mac(key_id, said, TO_SHOW).encode()):
        return None
    if not (ULID.fullmatch(conversation_id) and ULID.fullmatch(incident_id)):
        return None
    conversation = Conversation.objects.filter(pk=conversation_id).first()
    incident = Incident.objects.on_page(page).filter(pk=incident_id).first()
    if conversation is None or incident is None or page_for(conversation, incident) != page:
        return None
    return Ticket(conversation, incident, datetime.fromtimestamp(int(expiry), UTC))


def form_nonce(token: str) -> str:
    """Return what the button's form carries: whoever has not loaded the form cannot send it."""
    return _mac(list(settings.LINK_KEYS)[-1], token, TO_SEND)


def is_form_nonce(nonce: str, token: str) -> bool:
    ours = [_mac(key_id, token, TO_SEND) for key_id in settings.LINK_KEYS]
    return any(hmac.compare_digest(nonce.encode(), own.encode()) for own in ours)


def _mac(key_id: str, said: str, purpose: str) -> str:
    bytes_ = f"follow {purpose}\0{key_id}\0{said}".encode()
    digest = hmac.digest(settings.LINK_KEYS[key_id].encode(), bytes_, "sha256")
    return base64.urlsafe_b64encode(digest[:MAC_BYTES]).decode().rstrip("=")


@transaction.atomic
def follow(
    conversation: Conversation, incident: Incident, page: Page, *, at: datetime | None = None
) -> Followed:
    """Enrol the conversation's customer, who asked for it. Idempotent.

    Raises Refused. What the customer asked for is no longer staff's to take back by *Undo*.
    """
    at = at or timezone.now()
    conversation = lock(conversation)
    enrolment = enrol(
        page,
        address=conversation.customer_address,
        incident=incident,
        is_proved=conversation.address_proved,
        language=conversation.reply_language,
        by=CUSTOMER,
        at=at,
    )
    theirs = {"proof": enrolment.proof, "subscriber": None, "question_id": enrolment.question_id}
    link, is_new = ConversationLink.objects.get_or_create(
        conversation=conversation,
        incident=incident,
        defaults={"linked_at": at, **theirs, **acted_by(CUSTOMER)},
    )
    if not is_new:
        ConversationLink.objects.filter(pk=link.pk).update(**theirs)
    confirm_card(conversation, incident, by=CUSTOMER, at=at)
    record("conversation.followed", conversation.pk, by=CUSTOMER, at=at, incident_id=incident.pk)
    touch(conversation)
    return Followed(enrolment, conversation.customer_address)
