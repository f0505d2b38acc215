"""The signed door of a source: the same verbs as /conversations and …/messages."""

from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException, ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from assist.api.conversations import open_from
from assist.api.documents import taken_document
from assist.api.shapes import NewConversation, NewMessage
from assist.conversations.opening import pages_of
from assist.conversations.signatures import (
    BadSignature,
    NoText,
    check_signature,
    note_refused,
    note_taken,
)
from assist.hearing.messages import take_message
from assist.knowledge import knowledge_of
from assist.models import ConversationSource, Vouching
from atender.api.fields import Text
from atender.api.resources import Resource
from atender.refusals import Refused

UNSIGNED = (
    "The body is not signed with this source's secret, or was signed more than five minutes ago. "
    "Send the headers webhook-id, webhook-timestamp and webhook-signature (Standard Webhooks)."
)


class NotSigned(APIException):
    status_code = HTTPStatus.UNAUTHORIZED
    default_detail = UNSIGNED


class Paused(APIException):
    """The source is paused: a status that makes webhook senders keep the message and retry."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_detail = "This source is paused. Nothing was taken; send it again later."


class Handed(serializers.Serializer[Any]):
    """The `data` of a webhook: a conversation, and what was said in it."""

    conversation = NewConversation()
    message = NewMessage(required=False)


class Webhook(serializers.Serializer[Any]):
    type = Text()

    def get_fields(self) -> dict[str, Any]:
        # Declared below, a field of this name would hide the serializer's own.
        return {**super().get_fields(), "data": Handed()}


@extend_schema(exclude=True)
class InboundConversations(Resource):
    """The signature is the authority."""

    authentication_classes = ()
    permission_classes = ()

    def post(self, request: Request, source_id: str) -> Response:
        source = get_object_or_404(ConversationSource, pk=source_id)
        try:
            # Before the body is read as JSON: what is signed are its bytes.
            check_signature(source, request._request.body, request.headers)
        except BadSignature as refusal:
            note_refused(source, f"Not signed as it should be: {refusal}")
            raise NotSigned from None
        except NoText as refusal:
            note_refused(source, refusal.sentence)
            raise ParseError(refusal.sentence) from None
        if source.is_paused:
            raise Paused
        try:
            answer = _take(source, request.data)
        except (APIException, Refused) as refusal:
            note_refused(source, f"Signed well, but refused: {_said_of(refusal)}")
            raise
        note_taken(source)
        return Response(answer)


@transaction.atomic
def _take(source: ConversationSource, body: Any) -> dict[str, Any]:
    shape = Webhook(data=body)
    shape.is_valid(raise_exception=True)
    handed = shape.validated_data["data"]
    said = _as_the_source_vouches(handed["conversation"], source)
    conversation, _ = open_from(said, page_ids=source.page_ids)
    answer: dict[str, Any] = {"conversation_id": conversation.id, "message": None}
    if "message" in handed:
        message, _ = take_message(conversation, **handed["message"])
        knowledge = knowledge_of(pages_of(conversation))
        answer["message"] = taken_document(message, knowledge)
    return answer


def _as_the_source_vouches(said: dict[str, Any], source: ConversationSource) -> dict[str, Any]:
    """Let the source's settings, made by staff, override what it says about a conversation."""
    if source.vouching == Vouching.ALWAYS:
        said = {**said, "address_proved": bool(said["customer_email"])}
    if source.vouching == Vouching.NEVER:
        said = {**said, "address_proved": False}
    return {**said, "language": source.language or said.get("language", "")}


def _said_of(refusal: APIException | Refused) -> str:
    if isinstance(refusal, Refused):
        return refusal.sentence
    return first_sentence(refusal.detail)


def first_sentence(detail: Any, where: str = "") -> str:
    """Return a refusal's first sentence and the name of the field it is about."""
    if isinstance(detail, dict):
        name, rest = next(iter(detail.items()), ("", ""))
        return first_sentence(rest, f"{where}.{name}".strip("."))
    if isinstance(detail, list):
        return first_sentence(detail[0] if detail else "", where)
    return f"{where}: {detail}" if where else str(detail)
