"""What a person does at the desk: reads a conversation, and answers in it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from assist.conversations.opening import lock, note_message
from assist.models import Author, Conversation, HandledBy, Message, Purpose
from atender.actors import Actor
from atender.console.times import clock
from atender.refusals import Conflict, Refused
from atender.texts import clean_text, is_seen

LONGEST_REPLY = 20_000
# In place of the id of an answer: there was none.
UNANSWERED = "none"


class AnsweredMeanwhile(Conflict):
    """Somebody answered after the last answer that the author had seen."""

    def __init__(self, newer: Message) -> None:
        super().__init__(
            f"{newer.who} answered at {clock(newer.created_at)}, while you wrote. Nothing was "
            "sent: read that answer, and send yours again if it is still needed."
        )


@transaction.atomic
def send_reply(
    conversation: Conversation,
    text: str,
    *,
    by: Actor,
    submission_id: str,
    seen: str = "",
    at: datetime | None = None,
) -> tuple[Message, bool]:
    """Say something to the customer; returns the message and whether it is new.

    Whoever answers takes the conversation over from the agent stack. Idempotent per submission. The
    message waits in the outbox (`outbox.py`) until the channel has sent it. `seen` is the id of the
    last answer that the author had before them, or UNANSWERED; without it nothing is compared.
    Raises Refused, AnsweredMeanwhile.
    """
    at = at or timezone.now()
    text = clean_text(text, field="text", longest=LONGEST_REPLY)
    if not any(map(is_seen, text)):
        raise Refused("Write something first; an empty reply is not sent.", field="text")
    conversation = lock(conversation)
    if known := Message.objects.filter(pk=submission_id).first():
        if known.conversation_id != conversation.pk:
            raise Refused("This form belongs to another conversation; reload the page.")
        return known, False
    if seen:
        _check_seen(conversation, seen)
    message = Message.objects.create(
        pk=submission_id,
        conversation=conversation,
        author=Author.AGENT,
        text=text,
        language=conversation.reply_language,
        purpose=Purpose.REPLY,
        created_at=at,
        written_by_id=by.id,
        written_by_name=by.name[:120],
    )
    conversation.handled_by = HandledBy.HUMAN
    conversation.seen_at = at
    note_message(conversation, at=at)
    return message, True


def _check_seen(conversation: Conversation, seen: str) -> None:
    """Two agents give one customer two answers only where they mean to."""
    answers = conversation.messages.filter(author=Author.AGENT)
    latest = answers.order_by("-created_at", "-id").first()
    if latest is not None and latest.pk != seen:
        raise AnsweredMeanwhile(latest)


@transaction.atomic
def mark_seen(conversation: Conversation, *, until: datetime) -> None:
    """Note that somebody has read the messages up to then; the mark never moves back."""
    conversation = lock(conversation)
    if conversation.seen_at is None or conversation.seen_at < until:
        conversation.seen_at = until
        conversation.version += 1
        conversation.save()
