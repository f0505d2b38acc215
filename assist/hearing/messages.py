"""Takes a message in: stored once, matched, and answered if the agent stack handles it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from assist.confirmation import Confirmation
from assist.conversations.cards import MOST_MATCHES, cards_in, show_cards
from assist.conversations.opening import checked_id, lock, note_message, pages_of
from assist.embeddings.wanting import want
from assist.knowledge import Knowledge, internal_knowledge_of, knowledge_of
from assist.matching import match
from assist.matching.languages import UNSUPPORTED, is_foreign
from assist.models import Author, Conversation, HandledBy, Message
from assist.stack.replying import judge_ahead, reply_to
from assist.waves.noting import note_message_complaint
from atender.refusals import Refused
from atender.texts import keepable

LONGEST = 200_000
# Shorter ones are in any language: "ok", "down??".
TELLING_LETTERS = 12


@dataclass(frozen=True, slots=True)
class Said:
    """What came in, checked; `verdict` is of what may be the reply to an offer."""

    external_id: str
    author: str
    text: str
    at: datetime
    verdict: Confirmation | None


def take_message(
    conversation: Conversation,
    *,
    external_id: str,
    author: str,
    text: str,
    at: datetime | None = None,
) -> tuple[Message, bool]:
    """Keep what somebody said; returns the message and whether it is new. Raises Refused.

    Idempotent per id, whatever the text says; of two calls at once one wins, and both get its
    message.
    """
    external_id, text = checked_id(external_id), _checked_text(text)
    _check_author(author)
    verdict = judge_ahead(conversation, text) if author == Author.CUSTOMER else None
    said = Said(external_id, author, text, at or timezone.now(), verdict)
    return _keep(conversation, said)


@transaction.atomic
def _keep(conversation: Conversation, said: Said) -> tuple[Message, bool]:
    external_id, at = said.external_id, said.at
    conversation = lock(conversation)
    if known := conversation.messages.filter(external_id=external_id).first():
        return known, False
    message = Message(
        conversation=conversation,
        external_id=external_id,
        author=said.author,
        text=said.text,
        created_at=at,
    )
    if said.author == Author.CUSTOMER:
        knowledge = knowledge_of(pages_of(conversation))
        _hear(message, knowledge)
        is_ai = conversation.handled_by == HandledBy.AI
        replies = reply_to(message, knowledge, said.verdict) if is_ai else []
        _let_wait(conversation, at)
        if replies:
            conversation.waiting_since = None
    else:
        message.language = conversation.reply_language
        message.save()
        conversation.seen_at = max(conversation.seen_at or at, at)
    note_message(conversation, at=at)
    return message, True


def _let_wait(conversation: Conversation, at: datetime) -> None:
    """Note a customer's message: of several that nobody answered the first one counts."""
    last = conversation.last_customer_at
    has_waited = last is not None and last >= conversation.last_message_at
    since = conversation.waiting_since if has_waited else None
    conversation.waiting_since = min(since or at, at)
    conversation.last_customer_at = max(last or at, at)


def _check_author(author: str) -> None:
    if author not in Author.values:
        raise Refused(
            f"'{author[:40]}' writes no messages; it is one of {', '.join(Author.values)}.",
            field="author",
        )


def _checked_text(text: str) -> str:
    if len(text) > LONGEST:
        raise Refused(
            f"A message has at most {LONGEST:,} characters; this one has {len(text):,}.",
            field="text",
        )
    return keepable(text)


def _hear(message: Message, knowledge: Knowledge) -> None:
    """Match a customer's words, and note in which language they are."""
    conversation = message.conversation
    matching = match(message.text, knowledge.index, limit=MOST_MATCHES)
    found = [one for one in matching.matches if one.is_card]
    message.language = matching.language
    message.found = [
        {"incident": one.incident_id, "confidence": one.confidence, "reasons": list(one.reasons)}
        for one in found
    ]
    message.save()
    if not conversation.spoken or sum(map(str.isalpha, message.text)) >= TELLING_LETTERS:
        conversation.spoken = UNSUPPORTED if is_foreign(message.text) else matching.language
    # Of what the conversation's pages do not show only staff's desk knows.
    hidden = internal_knowledge_of(pages_of(conversation))
    internal = cards_in(message.text, hidden)
    show_cards(conversation, [*found, *internal], message=message, at=message.created_at)
    if not found and not internal:
        note_message_complaint(message)
        if knowledge.known or hidden.known:
            want(message)
