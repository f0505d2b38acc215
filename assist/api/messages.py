"""/conversations/{id}/messages."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assist.api.conversations import OneConversation
from assist.api.documents import message_document, taken_document
from assist.api.shapes import MessageDocument, NewMessage, TakenMessage
from assist.conversations.opening import pages_of
from assist.hearing.messages import take_message
from assist.knowledge import knowledge_of
from atender.api.idempotency import idempotent
from atender.api.resources import Listing

EXAMPLE = OpenApiExample(
    "What a customer wrote",
    value={
        "external_id": "message-1",
        "author": "customer",
        "text": "Não consigo pagar, o cartão é sempre recusado",
    },
    request_only=True,
)


class MessageList(OneConversation, Listing):
    @extend_schema(
        operation_id="list_messages",
        summary="List what was said, newest first",
        responses=MessageDocument(many=True),
    )
    def get(self, request: Request, conversation_id: str) -> Response:
        rows = self.record.messages.all()
        return self.listed(rows, lambda page: [message_document(row) for row in page])

    @extend_schema(
        operation_id="take_message",
        summary="Hand in what was said",
        description="Answers the active incidents that it is about, and what the agent stack says "
        "to the customer where it handles the conversation. The same external_id again answers "
        "the same, with 200.",
        request=NewMessage,
        responses={200: TakenMessage, 201: TakenMessage},
        examples=[EXAMPLE],
    )
    @idempotent
    def post(self, request: Request, conversation_id: str) -> Response:
        shape = NewMessage(data=request.data)
        shape.is_valid(raise_exception=True)
        message, is_new = take_message(self.record, **shape.validated_data)
        document = taken_document(message, knowledge_of(pages_of(self.record)))
        return Response(document, status=201 if is_new else 200)
