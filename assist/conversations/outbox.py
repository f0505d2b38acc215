"""What is to be sent to customers without their channel having asked: replies, and the end.

It stays here until the channel says that it was sent, so that a connector that dies loses nothing.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assist.conversations.opening import checked_id, lock, touch
from assist.models import Conversation, Message
from assist.models.conversations import OUTGOING
from atender.refusals import Conflict


class IdTaken(Conflict):
    """The channel names another message so."""


def outgoing_of(conversations: QuerySet[Conversation]) -> QuerySet[Message]:
    rows = Message.objects.filter(purpose__in=OUTGOING, conversation__in=conversations)
    return rows.select_related("conversation")


@transaction.atomic
def note_delivered(
    message: Message, *, external_id: str = "", at: datetime | None = None
) -> Message:
    """Say that the channel has it sent, and by which name. Again: nothing happens. Raises Refused.

    A channel that hands the message in once more as its agent's own, before it says so here, has
    given the name to that one already; then that one goes, since it is this one.
    """
    conversation = lock(message.conversation)
    message = Message.objects.select_related("conversation").get(pk=message.pk)
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
