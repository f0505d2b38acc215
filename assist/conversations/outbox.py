"""Messages to be sent to customers unasked: replies from the desk, and the end of an incident.

A message stays here until the channel confirms it as sent, so a connector that dies loses nothing.
Each has a place in the order in which it was first listed. A message whose transaction commits late
gets a later place than all seen before it: a connector that continues after a place misses none.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assist.conversations.opening import checked_id, lock, touch
from assist.models import Conversation, Message, OutgoingCount
from assist.models.conversations import OUTGOING
from atender.locking import locked
from atender.refusals import Conflict

MOST_PLACED = 1000


class IdTaken(Conflict):
    """The channel has already used this id for another message."""


def outgoing_of(conversations: QuerySet[Conversation]) -> QuerySet[Message]:
    rows = Message.objects.filter(purpose__in=OUTGOING, conversation__in=conversations)
    return rows.select_related("conversation")


def waiting_for(page_ids: Sequence[str]) -> QuerySet[Message]:
    """Return what waits for sources and keys of these pages, by its place."""
    _give_places(sorted(page_ids))
    waiting = outgoing_of(Conversation.objects.seen_from(page_ids)).filter(delivered_at=None)
    return waiting.filter(outgoing_no__isnull=False).order_by("outgoing_no")


def _give_places(page_ids: list[str]) -> None:
    """Number what was never listed, under the lock of its count: one after the other, for good."""
    theirs = Message.objects.filter(conversation__page_ids=page_ids)
    new = theirs.filter(purpose__in=OUTGOING, delivered_at=None, outgoing_no=None)
    if not new.exists():
        return
    with transaction.atomic():
        OutgoingCount.objects.get_or_create(page_ids=page_ids)
        count = OutgoingCount.objects.select_for_update().get(page_ids=page_ids)
        # One that is being noted as delivered needs no place.
        free = new.select_for_update(of=("self",), skip_locked=True).order_by("created_at", "id")
        rows = list(free[:MOST_PLACED])
        for number, row in enumerate(rows, start=count.last_no + 1):
            row.outgoing_no = number
        Message.objects.bulk_update(rows, ["outgoing_no"])
        count.last_no += len(rows)
        count.save()


@transaction.atomic
def note_delivered(
    message: Message, *, external_id: str = "", at: datetime | None = None
) -> Message:
    """Note that the channel has sent it, and under which id. Idempotent. Raises Refused.

    A channel may hand the message in as its agent's own before it confirms it here, under the same
    id; then that copy is deleted.
    """
    conversation = lock(message.conversation)
    message = locked(Message.objects.select_related("conversation"), message)
    if message.delivered_at is not None:
        return message
    if external_id:
        _drop_echoes(message, checked_id(external_id))
        message.external_id = external_id
    message.delivered_at = at or timezone.now()
    message.save(update_fields=["external_id", "delivered_at"])
    touch(conversation)
    return message


def _drop_echoes(message: Message, external_id: str) -> None:
    for echo in message.conversation.messages.filter(external_id=external_id):
        if echo.author != message.author or echo.purpose:
            raise IdTaken("Another message of this conversation has this id.", field="external_id")
        echo.delete()
