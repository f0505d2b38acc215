"""The verbs of a conversation: opened once, changed, deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from assist.conversations.keeping import promise_to_forget
from assist.knowledge import pages_named
from assist.models import Conversation, HandledBy
from assist.models.conversations import CHANNEL_LENGTH, EXTERNAL_ID_LENGTH
from assist.reports.remembering import remember
from atender.actors import Actor
from atender.addresses import clean_address
from atender.locking import locked
from atender.refusals import Refused
from atender.texts import clean_line
from incidents.models import Page
from incidents.recording import record


@dataclass(frozen=True, slots=True)
class Customer:
    """Who writes, as far as the channel knows. An empty language is detected from the messages."""

    address: str = ""
    is_proved: bool = False
    language: str = ""


@transaction.atomic
def open_conversation(
    external_id: str,
    *,
    channel: str,
    handled_by: str,
    customer: Customer | None = None,
    page_ids: Sequence[str] = (),
    at: datetime | None = None,
) -> tuple[Conversation, bool]:
    """Return the conversation of this id and whether it is new. Raises Refused.

    An existing one is not changed, whatever the other arguments say: `change_conversation` is for
    that. Of two calls at once one wins, and both get its conversation.
    """
    customer = customer or Customer()
    conversation, is_new = Conversation.objects.get_or_create(
        external_id=checked_id(external_id),
        page_ids=sorted(page_ids),
        defaults={
            "channel": clean_line(
                channel, field="channel", noun="A channel", longest=CHANNEL_LENGTH
            ),
            "handled_by": _checked_handler(handled_by),
            "last_message_at": at or timezone.now(),
            **_columns(customer),
        },
    )
    if is_new:
        promise_to_forget(conversation)
    return conversation, is_new


def checked_id(text: str) -> str:
    """Return another system's id as it is; raises Refused."""
    if not 1 <= len(text.strip()) <= len(text) <= EXTERNAL_ID_LENGTH or not text.isprintable():
        raise Refused(
            "external_id is the id in your system: 1 to "
            f"{EXTERNAL_ID_LENGTH} printable characters.",
            field="external_id",
        )
    return text


def _checked_handler(handled_by: str) -> str:
    if handled_by not in HandledBy.values:
        raise Refused(
            f"'{handled_by[:40]}' handles no conversations; it is one of "
            f"{', '.join(HandledBy.values)}.",
            field="handled_by",
        )
    return handled_by


def _columns(customer: Customer) -> dict[str, str | bool]:
    address = _checked_address(customer.address)
    if customer.is_proved and not address:
        raise Refused(
            "address_proved says that customer_email is the customer's; send that too.",
            field="address_proved",
        )
    return {
        "customer_address": address,
        "address_proved": customer.is_proved,
        "language": customer.language.lower().replace("_", "-").partition("-")[0],
    }


def _checked_address(text: str) -> str:
    try:
        return clean_address(text) if text.strip() else ""
    except Refused as error:
        raise Refused(error.sentence, field="customer_email") from error


@transaction.atomic
def change_conversation(
    conversation: Conversation,
    *,
    customer: Customer | None = None,
    handled_by: str | None = None,
    is_open: bool | None = None,
) -> Conversation:
    """Change what the channel now knows better; None leaves a field as it is. Raises Refused."""
    conversation = lock(conversation)
    if customer is not None:
        for name, value in _columns(customer).items():
            setattr(conversation, name, value)
    if handled_by is not None:
        conversation.handled_by = _checked_handler(handled_by)
    if is_open is not None:
        conversation.is_open = is_open
    conversation.version += 1
    conversation.save()
    return conversation


@transaction.atomic
def delete_conversation(
    conversation: Conversation, *, by: Actor, at: datetime | None = None
) -> None:
    """Delete it with all its messages; what it counted in reports stays, as a number."""
    if not Conversation.objects.select_for_update().filter(pk=conversation.pk).exists():
        return
    record("conversation.deleted", conversation.id, by=by, at=at or timezone.now())
    remember([conversation.id])
    conversation.delete()


def lock(conversation: Conversation) -> Conversation:
    """Return the conversation as it is now, held. Raises Gone."""
    return locked(Conversation.objects.all(), conversation)


def touch(*conversations: Conversation) -> None:
    """Note that what a desk shows of these conversations has changed."""
    rows = Conversation.objects.filter(pk__in=[one.pk for one in conversations])
    rows.update(version=F("version") + 1)


def note_message(conversation: Conversation, *, at: datetime) -> None:
    """Update a locked conversation for a new message."""
    conversation.last_message_at = max(conversation.last_message_at, at)
    conversation.is_open = True
    conversation.version += 1
    conversation.save()


def pages_of(conversation: Conversation) -> list[Page]:
    """The pages whose facts may be said in it, the default one first."""
    return pages_named(conversation.page_ids)
