"""What was said in a conversation, as the desk shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from assist.conversations.answering import UNANSWERED
from assist.highlighting import highlighted
from assist.models import Author, CardState, Conversation, Message, Purpose
from assist.sidekick.cards import ShownCard
from atender.digits import whole_number
from atender.texts import is_seen

SHOWN, MORE, MOST_SHOWN = 100, 200, 2000
# What is longer folds: nobody reads a log of 100 KB between two messages.
LONGEST = 3000


@dataclass(frozen=True, slots=True)
class Said:
    """A message: its beginning with the words that made a card marked, and the rest, if any."""

    message: Message
    text: SafeString | str
    rest: str

    @property
    def is_waiting(self) -> bool:
        """A reply that the channel has not taken yet."""
        return self.message.purpose == Purpose.REPLY and self.message.delivered_at is None


@dataclass(frozen=True, slots=True)
class Thread:
    """The newest messages; `earlier` are not shown, and `deeper` is how many to ask for next.

    `answered` is the id of the last answer among them, UNANSWERED, or "" where that is not known.
    """

    said: list[Said]
    earlier: int
    deeper: int
    answered: str


def depth_of(text: str) -> int:
    """How many messages are asked for; what means nothing is what is shown first."""
    return min(max(whole_number(text, digits=5) or 0, SHOWN), MOST_SHOWN)


def read_thread(
    conversation: Conversation, cards: Sequence[ShownCard], *, depth: int = SHOWN
) -> Thread:
    """The newest messages, as many as `depth`, oldest first; two queries."""
    newest = list(conversation.messages.order_by("-created_at", "-id")[:depth])
    earlier = conversation.messages.count() - depth if len(newest) == depth else 0
    deeper = min(depth + MORE, MOST_SHOWN) if earlier > 0 and depth < MOST_SHOWN else 0
    reasons: dict[str, list[str]] = {}
    for each in cards:
        if each.card and each.card.message_id and each.card.state != CardState.DISMISSED:
            reasons.setdefault(each.card.message_id, []).extend(each.reasons)
    said = [_said(one, reasons.get(one.pk, [])) for one in reversed(newest)]
    answers = (one.pk for one in newest if one.author == Author.AGENT)
    answered = next(answers, "" if earlier > 0 else UNANSWERED)
    return Thread(said, earlier, deeper, answered)


def or_nothing(text: str) -> str:
    """Say so where a text has nothing to be seen, as that of a picture without words."""
    return text if any(map(is_seen, text)) else "(no text)"


def _said(message: Message, reasons: list[str]) -> Said:
    start, rest = message.text[:LONGEST], message.text[LONGEST:]
    return Said(message, highlighted(start, reasons) if reasons else or_nothing(start), rest)
