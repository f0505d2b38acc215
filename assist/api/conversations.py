"""/conversations and /conversations/{id}."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assist.api.documents import conversation_document, with_what_is_public
from assist.api.shapes import ConversationChanges, ConversationDocument, NewConversation
from assist.conversations.opening import (
    Customer,
    change_conversation,
    delete_conversation,
    open_conversation,
)
from assist.knowledge import pages_of_key
from assist.models import Conversation, HandledBy
from assist.models.conversations import EXTERNAL_ID_LENGTH, ConversationQuerySet
from atender.api.authentication import key_of
from atender.api.filters import choice, flag, record_id, words
from atender.api.idempotency import idempotent
from atender.api.models import ApiKey, Scope
from atender.api.resources import Listing, Resource

EXAMPLE = OpenApiExample(
    "A chat that the agent stack answers",
    value={
        "external_id": "chat-48151",
        "channel": "chat",
        "customer_email": "maria@example.com",
        "address_proved": True,
        "language": "pt",
        "handled_by": "ai",
    },
    request_only=True,
)


def conversations_of(key: ApiKey) -> ConversationQuerySet:
    """Those that came in by a key of the same pages, ready for their documents."""
    rows = Conversation.objects.seen_from(key.page_ids)
    return with_what_is_public(rows, pages_of_key(key))


class OneConversation(Resource):
    """An address below one conversation."""

    scope = Scope.ASSIST
    record: Conversation

    def find(self, **ids: str) -> Conversation:
        key = key_of(self.request)
        return get_object_or_404(conversations_of(key), pk=ids["conversation_id"])

    def as_it_is_now(self) -> dict[str, Any]:
        rows = conversations_of(key_of(self.request))
        return conversation_document(rows.get(pk=self.record.pk))


class ConversationList(Listing):
    scope = Scope.ASSIST
    filters = {
        "GET": [
            words("external_id", "The one with this id.", longest=EXTERNAL_ID_LENGTH),
            words("email", "Those of this address, in capitals or not."),
            choice("handled_by", "Those handled so.", HandledBy.values),
            flag("open", "Those that are open, or not."),
            record_id("incident_id", "Those linked to this incident."),
        ]
    }

    @extend_schema(
        operation_id="list_conversations",
        summary="List conversations",
        responses=ConversationDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = _filtered(conversations_of(key_of(request)), self.asked)
        return self.listed(rows, lambda page: [conversation_document(row) for row in page])

    @extend_schema(
        operation_id="open_conversation",
        summary="Open a conversation",
        description="The same external_id again answers what is there, with 200, and changes "
        "nothing.",
        request=NewConversation,
        responses={200: ConversationDocument, 201: ConversationDocument},
        examples=[EXAMPLE],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        shape = NewConversation(data=request.data)
        shape.is_valid(raise_exception=True)
        key = key_of(request)
        conversation, is_new = open_from(shape.validated_data, page_ids=key.page_ids)
        document = conversation_document(conversations_of(key).get(pk=conversation.pk))
        return Response(document, status=201 if is_new else 200)


def open_from(body: dict[str, Any], *, page_ids: list[str]) -> tuple[Conversation, bool]:
    """Open what a checked `NewConversation` says."""
    customer = Customer(
        address=body["customer_email"],
        is_proved=body["address_proved"],
        language=body.get("language", ""),
    )
    return open_conversation(
        body["external_id"],
        channel=body["channel"],
        handled_by=body["handled_by"],
        customer=customer,
        page_ids=page_ids,
    )


def _filtered(rows: ConversationQuerySet, asked: dict[str, Any]) -> ConversationQuerySet:
    columns = {
        "external_id": "external_id",
        "handled_by": "handled_by",
        "incident_id": "links__incident_id",
    }
    wanted = {column: asked[name] for name, column in columns.items() if asked[name]}
    if asked["open"] is not None:
        wanted["is_open"] = asked["open"]
    rows = rows.filter(**wanted)
    return rows.of_customers([asked["email"]]) if asked["email"] else rows


class ConversationDetail(OneConversation):
    @extend_schema(
        operation_id="read_conversation",
        summary="Read a conversation",
        responses=ConversationDocument,
    )
    def get(self, request: Request, conversation_id: str) -> Response:
        return Response(conversation_document(self.record))

    @extend_schema(
        operation_id="change_conversation",
        summary="Change who handles it, the address, the language, or close it",
        request=ConversationChanges,
        responses=ConversationDocument,
    )
    def patch(self, request: Request, conversation_id: str) -> Response:
        shape = ConversationChanges(data=request.data)
        shape.is_valid(raise_exception=True)
        asked = shape.validated_data
        change_conversation(
            self.record,
            customer=_customer(self.record, asked),
            handled_by=asked.get("handled_by"),
            is_open=asked.get("open"),
        )
        return Response(self.as_it_is_now())

    @extend_schema(
        operation_id="delete_conversation",
        summary="Delete a conversation with all that was said",
        responses={204: None},
    )
    def delete(self, request: Request, conversation_id: str) -> Response:
        delete_conversation(self.record, by=key_of(request).actor)
        return Response(status=204)


def _customer(conversation: Conversation, asked: dict[str, Any]) -> Customer | None:
    if not asked.keys() & {"customer_email", "address_proved", "language"}:
        return None
    address = asked.get("customer_email", conversation.customer_address)
    # What was proved of one address says nothing of another.
    is_same = address.strip().lower() == conversation.customer_address.lower()
    return Customer(
        address=address,
        is_proved=asked.get("address_proved", conversation.address_proved and is_same),
        language=asked.get("language", conversation.language),
    )
