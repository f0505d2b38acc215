"""Documents of conversations, limited to what is published on the key's pages."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Prefetch

from assist.facts import component_facts, incident_facts, urls_of
from assist.knowledge import Knowledge
from assist.models import Card, CardState, Conversation, ConversationLink, Message
from assist.models.conversations import ConversationQuerySet
from assist.sidekick.cards import ShownCard
from atender.actors import ActorKind
from incidents.models import Incident, Page


def with_what_is_public(rows: ConversationQuerySet, pages: Sequence[Page]) -> ConversationQuerySet:
    """Fetch links and cards too, without those of incidents that these pages do not show."""
    shown = Incident.objects.kept().filter(publications__page__in=pages).values("pk")
    return rows.prefetch_related(
        Prefetch("links", ConversationLink.objects.filter(incident__in=shown)),
        Prefetch("cards", Card.objects.filter(incident__in=shown)),
    )


def conversation_document(conversation: Conversation) -> dict[str, Any]:
    """Build the document of a conversation fetched by `with_what_is_public`."""
    return {
        "id": conversation.id,
        "external_id": conversation.external_id,
        "channel": conversation.channel,
        "customer_email": conversation.customer_address,
        "address_proved": conversation.address_proved,
        "language": conversation.language or conversation.spoken,
        "handled_by": conversation.handled_by,
        "open": conversation.is_open,
        "incident_ids": [link.incident_id for link in conversation.links.all()],
        "cards": [card_document(card) for card in conversation.cards.all()],
        "created_at": conversation.created_at,
        "last_message_at": conversation.last_message_at,
    }


def card_document(card: Card) -> dict[str, Any]:
    return {
        "incident_id": card.incident_id,
        "state": card.state,
        "confidence": card.confidence,
        "reasons": card.reasons,
        "by_meaning": card.by_meaning,
        "shown_at": card.shown_at,
        "decided_at": card.decided_at,
    }


def shown_card_documents(cards: Sequence[ShownCard]) -> list[dict[str, Any]]:
    """Build the documents of cards of what the conversation's pages show."""
    urls = urls_of([shown.known for shown in cards])
    return [_shown_card_document(shown, urls[shown.incident.id]) for shown in cards]


def _shown_card_document(shown: ShownCard, url: str) -> dict[str, Any]:
    card, link = shown.card, shown.link
    assert card is not None
    return {
        **card_document(card),
        "incident": incident_facts(shown.known, url=url),
        "components": component_facts(shown.known),
        "linked": link is not None,
        "subscribed": link is not None and bool(link.proof),
        "can_reply": shown.can_subscribe,
    }


def outgoing_document(message: Message) -> dict[str, Any]:
    return {
        **message_document(message),
        "conversation_id": message.conversation_id,
        "conversation_external_id": message.conversation.external_id,
        "channel": message.conversation.channel,
        "cursor": None if message.outgoing_no is None else str(message.outgoing_no),
        "delivered_at": message.delivered_at,
    }


def message_document(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "external_id": message.external_id,
        "author": message.author,
        "text": message.text,
        "language": message.language,
        "purpose": message.purpose or None,
        "incident_id": message.incident_id,
        "created_at": message.created_at,
    }


def taken_document(message: Message, knowledge: Knowledge) -> dict[str, Any]:
    """Build the answer to a message: what it matched that is still known, and the replies."""
    found = [one for one in message.found if one["incident"] in knowledge.known]
    # What the stack linked by answering is nobody's decision yet.
    chosen = message.conversation.links.exclude(by_kind=ActorKind.SCHEDULE).values("incident")
    shown = set(
        message.conversation.cards.filter(state=CardState.SHOWN)
        .exclude(incident__in=chosen)
        .values_list("incident_id", flat=True)
        if found
        else ()
    )
    urls = urls_of([knowledge.known[one["incident"]] for one in found])
    return {
        **message_document(message),
        "matches": [_match(one, knowledge, urls, shown) for one in found],
        "replies": [
            {"id": reply.id, "text": reply.text, "language": reply.language}
            for reply in message.replies.all()
        ],
    }


def _match(
    one: dict[str, Any], knowledge: Knowledge, urls: Mapping[str, str], shown: set[str]
) -> dict[str, Any]:
    known = knowledge.known[one["incident"]]
    return {
        "incident": incident_facts(known, url=urls[known.incident.id]),
        "components": component_facts(known),
        "confidence": one["confidence"],
        "reasons": one["reasons"],
        "card": one["incident"] in shown,
    }
