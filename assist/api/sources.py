"""/conversation-sources, and the signed door of each."""

from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from assist.api.conversations import open_from
from assist.api.documents import taken_document
from assist.api.shapes import NewConversation, NewMessage
from assist.conversations.messages import take_message
from assist.conversations.opening import pages_of
from assist.conversations.sources import (
    MOST_ORIGINS,
    BadSignature,
    add_source,
    change_source,
    check_signature,
    remove_source,
)
from assist.knowledge import knowledge_of
from assist.models import ConversationSource
from assist.models.doors import ORIGIN_LENGTH
from atender.api.authentication import key_of
from atender.api.fields import IdField, IdsField, Moment, Text
from atender.api.idempotency import SaidOnce, idempotent
from atender.api.models import ApiKey, Scope
from atender.api.reading import records_named
from atender.api.resources import Listing, Resource
from atender.api.strict import Body
from atender.tenants.links import console_url
from incidents.models import Page

UNSIGNED = (
    "The body is not signed with this source's secret, or was signed more than five minutes ago. "
    "Send the headers webhook-id, webhook-timestamp and webhook-signature (Standard Webhooks)."
)


FRAMED_BY = "The sites that may show the side panel in a frame: https://desk.example.com."
FRAMED = OpenApiExample(
    "A help desk that shows the panel",
    value={"frame_origins": ["https://desk.example.com"]},
    request_only=True,
)


class NotSigned(APIException):
    status_code = HTTPStatus.UNAUTHORIZED
    default_detail = UNSIGNED


class Origins(serializers.ListField):
    """Exact origins, as browsers name them."""

    child = Text(max_length=ORIGIN_LENGTH)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": MOST_ORIGINS, **kwargs})


class NewSource(Body):
    name = Text(help_text="What uses it: “help desk”, “chat widget”.")
    page_ids = IdsField(
        default=list, help_text="Whose facts its answers may name; the key's own unless given."
    )
    frame_origins = Origins(default=list, help_text=FRAMED_BY)


class SourceChanges(Body):
    """The body of PATCH: what is not named stays."""

    name = Text(required=False)
    frame_origins = Origins(required=False, help_text=FRAMED_BY)


class SourceDocument(serializers.Serializer[Any]):
    id = IdField()
    name = Text()
    page_ids = IdsField()
    url = Text(help_text="Where the signed webhooks go.")
    frame_origins = Origins(help_text=FRAMED_BY)
    panel_url = Text(help_text="The side panel's address, which the help desk signs.")
    created_at = Moment()


class SourceWithSecret(SourceDocument):
    secret = Text(
        required=False,
        help_text="Signs the webhooks. In this answer alone: not even a repetition gets it again.",
    )


class Handed(serializers.Serializer[Any]):
    """The `data` of a webhook: a conversation, and what was said in it."""

    conversation = NewConversation()
    message = NewMessage(required=False)


class Webhook(serializers.Serializer[Any]):
    type = Text()

    def get_fields(self) -> dict[str, Any]:
        # Declared below, a field of this name would hide the serializer's own.
        return {**super().get_fields(), "data": Handed()}


def source_document(source: ConversationSource, base: str) -> dict[str, Any]:
    return {
        "id": source.id,
        "name": source.name,
        "page_ids": source.page_ids,
        "url": f"{base}/api/v1/conversation-sources/{source.id}/inbound",
        "frame_origins": source.frame_origins,
        "panel_url": f"{base}/sidekick/panel/{source.id}",
        "created_at": source.created_at,
    }


class SourceList(Listing):
    scope = Scope.ASSIST

    @extend_schema(
        operation_id="list_conversation_sources",
        summary="List the programs that hand conversations in by webhook",
        responses=SourceDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        base = console_url()
        rows = ConversationSource.objects.all()
        return self.listed(rows, lambda page: [source_document(row, base) for row in page])

    @extend_schema(
        operation_id="add_conversation_source",
        summary="Let a program hand conversations in by signed webhook",
        request=NewSource,
        responses={201: SourceWithSecret},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        shape = NewSource(data=request.data)
        shape.is_valid(raise_exception=True)
        asked, key = shape.validated_data, key_of(request)
        pages = _pages(key, asked["page_ids"])
        source = add_source(
            asked["name"], by=key.actor, pages=pages, frame_origins=asked["frame_origins"]
        )
        document = source_document(source, console_url())
        return SaidOnce(document, secret={"secret": source.secret}, status=201)


def _pages(key: ApiKey, page_ids: list[str]) -> list[Page]:
    """The pages of a new door: never more than the key itself may look at."""
    pages = Page.objects.filter(pk__in=key.page_ids) if key.page_ids else Page.objects.all()
    return records_named(pages, page_ids or key.page_ids, field="page_ids")


class SourceDetail(Resource):
    scope = Scope.ASSIST
    record: ConversationSource

    def find(self, **ids: str) -> ConversationSource:
        return get_object_or_404(ConversationSource, pk=ids["source_id"])

    @extend_schema(
        operation_id="read_conversation_source", summary="Read a source", responses=SourceDocument
    )
    def get(self, request: Request, source_id: str) -> Response:
        return Response(source_document(self.record, console_url()))

    @extend_schema(
        operation_id="change_conversation_source",
        summary="Rename a source, or say which sites may frame its side panel",
        request=SourceChanges,
        responses=SourceDocument,
        examples=[FRAMED],
    )
    def patch(self, request: Request, source_id: str) -> Response:
        shape = SourceChanges(data=request.data)
        shape.is_valid(raise_exception=True)
        source = change_source(self.record, by=key_of(request).actor, **shape.validated_data)
        return Response(source_document(source, console_url()))

    @extend_schema(
        operation_id="remove_conversation_source",
        summary="Close a source's door",
        responses={204: None},
    )
    def delete(self, request: Request, source_id: str) -> Response:
        remove_source(self.record, by=key_of(request).actor)
        return Response(status=204)


@extend_schema(exclude=True)
class InboundConversations(Resource):
    """The same verbs as /conversations and …/messages; the signature is the authority."""

    authentication_classes = ()
    permission_classes = ()

    @transaction.atomic
    def post(self, request: Request, source_id: str) -> Response:
        source = get_object_or_404(ConversationSource, pk=source_id)
        try:
            # Before the body is read as JSON: what is signed are its bytes.
            check_signature(source, request._request.body, request.headers)
        except BadSignature:
            raise NotSigned from None
        shape = Webhook(data=request.data)
        shape.is_valid(raise_exception=True)
        handed = shape.validated_data["data"]
        conversation, _ = open_from(handed["conversation"], page_ids=source.page_ids)
        answer: dict[str, Any] = {"conversation_id": conversation.id, "message": None}
        if "message" in handed:
            message, _ = take_message(conversation, **handed["message"])
            knowledge = knowledge_of(pages_of(conversation))
            answer["message"] = taken_document(message, knowledge)
        return Response(answer)
