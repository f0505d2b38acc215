"""The link in a reply by which a customer asks for updates with one tap.

`<key id>.<conversation>.<incident>.<expiry>.<mac>`; `atender.link_keys` makes the mac. It
names no address: that is the conversation's, and counts as proved where the channel proved it. One
purpose, one incident, one customer, and it ends.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from assist.conversations.cards import confirm_card
from assist.conversations.opening import lock, touch
from assist.models import Conversation, ConversationLink
from assist.models.linking import ASKED_BY_CUSTOMER
from atender.actors import Actor, ActorKind, acted_by
from atender.ids import ULID
from atender.link_keys import KEY_ID, MAC, is_mac, is_nonce, mac_of, newest_key, nonce_of
from incidents.models import Incident, Page
from incidents.recording import about, record
from subscribers.people.vouching import Enrolment, enrol

LASTS = timedelta(days=7)
SHAPE = re.compile(rf"{KEY_ID}\.([0-9A-Z]{{26}})\.([0-9A-Z]{{26}})\.([0-9]{{10}})\.{MAC}")
CUSTOMER = Actor(ActorKind.SCHEDULE, name="the customer")
TO_SHOW, TO_SEND = "follow link", "follow form"


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
    key_id = newest_key()
    said = f"{conversation.pk}.{incident.pk}.{expiry}"
    return f"{key_id}.{said}.{mac_of(key_id, TO_SHOW, said)}"


def read_ticket(token: str, page: Page) -> Ticket | None:
    """Return what the token is for, where this page shows the incident to this conversation."""
    parts = SHAPE.fullmatch(token)
    if parts is None:
        return None
    key_id, conversation_id, incident_id, expiry, mac = parts.groups()
    said = f"{conversation_id}.{incident_id}.{expiry}"
    if not is_mac(mac, key_id, TO_SHOW, said):
        return None
    if not (ULID.fullmatch(conversation_id) and ULID.fullmatch(incident_id)):
        return None
    conversation = Conversation.objects.filter(pk=conversation_id).first()
    incident = Incident.objects.on_page(page).filter(pk=incident_id).first()
    if conversation is None or incident is None or not _speaks_for(conversation, page):
        return None
    return Ticket(conversation, incident, datetime.fromtimestamp(int(expiry), UTC))


def _speaks_for(conversation: Conversation, page: Page) -> bool:
    """Whether its source does, also for a page that became private: its readers are asked there."""
    if conversation.page_ids:
        return page.pk in conversation.page_ids
    return page.is_for_everybody


def form_nonce(token: str) -> str:
    """Return what the button's form carries: whoever has not loaded the form cannot send it."""
    return nonce_of(TO_SEND, token)


def is_form_nonce(nonce: str, token: str) -> bool:
    return is_nonce(nonce, TO_SEND, token)


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
    theirs = {
        "proof": enrolment.proof,
        "subscriber": enrolment.subscriber,
        "question_id": enrolment.question_id,
        "state_before": ASKED_BY_CUSTOMER,
    }
    link, is_new = ConversationLink.objects.get_or_create(
        conversation=conversation,
        incident=incident,
        defaults={"linked_at": at, **theirs, **acted_by(CUSTOMER)},
    )
    if not is_new:
        ConversationLink.objects.filter(pk=link.pk).update(**theirs)
    confirm_card(conversation, incident, by=CUSTOMER, at=at)
    record("conversation.followed", conversation.pk, by=CUSTOMER, at=at, **about(incident))
    touch(conversation)
    return Followed(enrolment, conversation.customer_address)
