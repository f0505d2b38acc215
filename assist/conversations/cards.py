"""Cards: shown beside a conversation, confirmed or dismissed by whoever reads it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from assist.conversations.opening import lock, touch
from assist.knowledge import Knowledge
from assist.matching import Match, match
from assist.models import Card, CardState, Conversation, Message
from atender.actors import SCHEDULE, Actor, ActorKind, acted_by
from atender.refusals import Refused
from incidents.models import Incident

MOST_MATCHES = 3


class NoCard(Refused):
    """No card of this incident was shown beside this conversation."""


def cards_in(text: str, knowledge: Knowledge) -> list[Match]:
    """The incidents of which a card is to be shown beside this text."""
    if not knowledge.known:
        return []
    matching = match(text, knowledge.index, limit=MOST_MATCHES)
    return [one for one in matching.matches if one.is_card]


def show_cards(
    conversation: Conversation,
    found: Sequence[Match],
    *,
    message: Message | None,
    at: datetime,
    by_meaning: bool = False,
) -> None:
    """Note the cards shown; earlier ones and decisions about them stay."""
    cards = [
        Card(
            conversation=conversation,
            incident_id=match.incident_id,
            message=message,
            confidence=match.confidence,
            reasons=[reason[:60] for reason in match.reasons],
            by_meaning=by_meaning,
            shown_at=at,
            **acted_by(SCHEDULE),
        )
        for match in found
    ]
    Card.objects.bulk_create(cards, ignore_conflicts=True)


@transaction.atomic
def dismiss_card(
    conversation: Conversation, incident: Incident, *, by: Actor, at: datetime | None = None
) -> Card:
    """Say that the conversation is about something else. Idempotent.

    Raises NoCard, and Refused for a confirmed card: unlinking is what undoes that.
    """
    lock(conversation)
    card = _card(conversation, incident)
    if card.state == CardState.CONFIRMED:
        raise Refused("The conversation is linked to this incident; undo the link first.")
    if card.state == CardState.SHOWN:
        _decide(card, CardState.DISMISSED, by=by, at=at or timezone.now())
        # That also withdraws what the agent stack assumed.
        conversation.links.filter(incident=incident, by_kind=ActorKind.SCHEDULE, proof="").delete()
        touch(conversation)
    return card


@transaction.atomic
def restore_card(conversation: Conversation, incident: Incident, *, by: Actor) -> Card:
    """Undo a dismissal: the card is shown again."""
    lock(conversation)
    card = _card(conversation, incident)
    if card.state == CardState.DISMISSED:
        _decide(card, CardState.SHOWN, by=by, at=None)
        touch(conversation)
    return card


def confirm_card(
    conversation: Conversation, incident: Incident, *, by: Actor, at: datetime
) -> None:
    """Linking confirms the card, where one was shown; the conversation is locked."""
    undecided = conversation.cards.exclude(state=CardState.CONFIRMED)
    for card in undecided.filter(incident=incident):
        _decide(card, CardState.CONFIRMED, by=by, at=at)


def reopen_card(conversation: Conversation, incident: Incident, *, by: Actor) -> None:
    """Unlinking restores the card as it was before; the conversation is locked."""
    for card in conversation.cards.filter(incident=incident):
        _decide(card, CardState.SHOWN, by=by, at=None)


def _card(conversation: Conversation, incident: Incident) -> Card:
    card = conversation.cards.filter(incident=incident).first()
    if card is None:
        raise NoCard("No card of this incident was shown here.", field="incident_id")
    return card


def _decide(card: Card, state: CardState, *, by: Actor, at: datetime | None) -> None:
    card.state, card.decided_at = state, at
    for name, value in acted_by(by).items():
        setattr(card, name, value)
    card.save()
