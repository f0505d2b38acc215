"""/outgoing-messages: what a help desk's connector sends to customers."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assist.api.conversations import conversations_of
from assist.api.documents import outgoing_document
from assist.api.shapes import Delivered, OutgoingMessage, OutgoingPage
from assist.conversations.outbox import note_delivered, outgoing_of
from assist.models import Message
from atender.api.authentication import key_of
from atender.api.filters import record_id
from atender.api.models import Scope
from atender.api.pagination import LIMIT
from atender.api.resources import Resource

SENT = OpenApiExample("Sent", value={"external_id": "message-48152"}, request_only=True)


class OutgoingList(Resource):
    scope = Scope.ASSIST
    filters = {"GET": [LIMIT, record_id("conversation_id", "Those of this conversation.")]}

    @extend_schema(
        operation_id="list_outgoing_messages",
        summary="List what waits to be sent to customers, oldest first",
        description="Replies that people wrote at the desk, and the word that an incident is over. "
        "Send each, then say so with …/delivered; until then it stays here.",
        responses=OutgoingPage,
    )
    def get(self, request: Request) -> Response:
        conversations = conversations_of(key_of(request)).prefetch_related(None)
        waiting = outgoing_of(conversations).filter(delivered_at=None)
        if self.asked["conversation_id"]:
            waiting = waiting.filter(conversation=self.asked["conversation_id"])
        limit = self.asked["limit"]
        rows = list(waiting.order_by("created_at", "id")[: limit + 1])
        documents = [outgoing_document(row) for row in rows[:limit]]
        return Response({"data": documents, "more": len(rows) > limit})


class OutgoingDelivery(Resource):
    scope = Scope.ASSIST
    record: Message

    def find(self, **ids: str) -> Message:
        conversations = conversations_of(key_of(self.request)).prefetch_related(None)
        return get_object_or_404(outgoing_of(conversations), pk=ids["message_id"])

    @extend_schema(
        operation_id="note_delivered",
        summary="Say that a message was sent to the customer",
        description="Again: nothing happens.",
        request=Delivered,
        responses=OutgoingMessage,
        examples=[SENT],
    )
    def post(self, request: Request, message_id: str) -> Response:
        shape = Delivered(data=request.data)
        shape.is_valid(raise_exception=True)
        message = note_delivered(self.record, **shape.validated_data)
        return Response(outgoing_document(message))
