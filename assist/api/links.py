"""/conversations/{id}/link and what else is decided about a card."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assist.api.conversations import OneConversation
from assist.api.documents import shown_card_documents
from assist.api.shapes import (
    ConversationDocument,
    LinkedConversation,
    NamedIncident,
    NewLink,
    ShownCard,
    Suggestion,
)
from assist.conversations.cards import dismiss_card, restore_card
from assist.conversations.linking import link_and_subscribe, unlink
from assist.conversations.opening import pages_of
from assist.models import Conversation
from assist.sidekick.cards import shown_cards
from assist.stack.suggesting import suggested_reply
from atender.api.authentication import key_of
from atender.api.filters import record_id
from atender.api.idempotency import idempotent
from atender.api.reading import records_named
from atender.api.resources import Listing
from incidents.models import Incident

WHICH = record_id("incident_id", "Which incident.", is_required=True)


def incident_named(conversation: Conversation, incident_id: str) -> Incident:
    """An incident that the conversation's pages show; raises Unprocessable."""
    published = Incident.objects.kept().filter(publications__page__in=pages_of(conversation))
    return records_named(published.distinct(), [incident_id], field="incident_id")[0]


EXAMPLE = OpenApiExample(
    "By the incident's id",
    value={"incident_id": "01K5C4V1F3E7M2T8Q9R0S6N5WZ"},
    request_only=True,
)
SUGGESTED = OpenApiExample(
    "In the customer's language",
    value={
        "incident_id": "01K5C4V1F3E7M2T8Q9R0S6N5WZ",
        "text": "Das ist uns bekannt: „API response times degraded“. Wir suchen die Ursache. "
        "Betroffen: API.\n"
        "Mit einem Klick über Neuigkeiten informiert werden: https://status.example.com/follow/…",
        "language": "de",
        "subscribe_url": "https://status.example.com/follow/…",
    },
    response_only=True,
)


class CardList(OneConversation, Listing):
    @extend_schema(
        operation_id="list_cards",
        summary="List the possible matches beside a conversation, with what was decided",
        description="What a side panel shows. Only incidents that the conversation's pages show.",
        responses=ShownCard(many=True),
    )
    def get(self, request: Request, conversation_id: str) -> Response:
        pages = pages_of(self.record)
        shown = {
            each.incident.id: each for each in shown_cards(self.record, pages, sees_internal=False)
        }
        rows = self.record.cards.filter(incident__in=list(shown))
        return self.listed(
            rows, lambda page: shown_card_documents([shown[card.incident_id] for card in page])
        )


class ConversationLinking(OneConversation):
    filters = {"DELETE": [WHICH]}

    @extend_schema(
        operation_id="link_conversation",
        summary="Link & subscribe",
        description="Links the conversation to an incident and enrols the customer's address for "
        "it. An address that the channel did not prove is asked by mail. Again: nothing twice.",
        request=NewLink,
        examples=[EXAMPLE],
        responses={200: LinkedConversation, 201: LinkedConversation},
    )
    @idempotent
    def post(self, request: Request, conversation_id: str) -> Response:
        shape = NewLink(data=request.data)
        shape.is_valid(raise_exception=True)
        asked = shape.validated_data
        linked = link_and_subscribe(
            self.record,
            incident_named(self.record, asked["incident_id"]),
            by=key_of(request).actor,
            subscribes=asked["subscribe"],
        )
        document: dict[str, Any] = {
            **self.as_it_is_now(),
            "subscribed": linked.is_subscribed,
            "verification": linked.verification,
        }
        return Response(document, status=201 if linked.is_new else 200)

    @extend_schema(
        operation_id="unlink_conversation",
        summary="Undo Link & subscribe",
        description="What the customer confirmed by mail meanwhile stays.",
        responses=ConversationDocument,
    )
    def delete(self, request: Request, conversation_id: str) -> Response:
        incident = incident_named(self.record, self.asked["incident_id"])
        unlink(self.record, incident, by=key_of(request).actor)
        return Response(self.as_it_is_now())


class SuggestedReply(OneConversation):
    filters = {"GET": [WHICH]}

    @extend_schema(
        operation_id="suggest_reply",
        summary="What to say of an incident, in the customer's language",
        description="For the reply editor: nothing sends it.",
        responses=Suggestion,
        examples=[SUGGESTED],
    )
    def get(self, request: Request, conversation_id: str) -> Response:
        incident = incident_named(self.record, self.asked["incident_id"])
        suggestion = suggested_reply(self.record, incident)
        return Response({"incident_id": incident.id, **asdict(suggestion)})


class CardDismissal(OneConversation):
    filters = {"DELETE": [WHICH]}

    @extend_schema(
        operation_id="dismiss_card",
        summary="Say that the conversation is about something else",
        request=NamedIncident,
        examples=[EXAMPLE],
        responses=ConversationDocument,
    )
    def post(self, request: Request, conversation_id: str) -> Response:
        shape = NamedIncident(data=request.data)
        shape.is_valid(raise_exception=True)
        incident = incident_named(self.record, shape.validated_data["incident_id"])
        dismiss_card(self.record, incident, by=key_of(request).actor)
        return Response(self.as_it_is_now())

    @extend_schema(
        operation_id="restore_card",
        summary="Undo the dismissal of a card",
        responses=ConversationDocument,
    )
    def delete(self, request: Request, conversation_id: str) -> Response:
        incident = incident_named(self.record, self.asked["incident_id"])
        restore_card(self.record, incident, by=key_of(request).actor)
        return Response(self.as_it_is_now())
