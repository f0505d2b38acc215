"""/outgoing-messages: what a help desk's connector has to send to customers."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assist.api.conversations import conversations_of
from assist.api.documents import outgoing_document
from assist.api.shapes import Delivered, OutgoingMessage, OutgoingPage
from assist.conversations.outbox import note_delivered, outgoing_of, waiting_for
from assist.models import Message
from atender.api.authentication import key_of
from atender.api.filters import Filter, record_id
from atender.api.models import Scope
from atender.api.pagination import LIMIT
from atender.api.resources import Resource
from atender.digits import whole_number

LONGEST_PLACE = 15


def _read_place(text: str) -> int:
    place = whole_number(text, digits=LONGEST_PLACE)
    if place is None:
        raise ValueError("none of ours; pass on next_after, or the cursor of a message.")
    return place


AFTER = Filter(
    "after",
    "What comes after this one: `cursor` of a message, or `next_after` of the page before.",
    _read_place,
    {"type": "string", "pattern": f"^[0-9]{{1,{LONGEST_PLACE}}}$"},
)
SENT = OpenApiExample("Sent", value={"external_id": "message-48152"}, request_only=True)
PAGE = OpenApiExample(
    "A reply that waits",
    value={
        "data": [
            {
                "id": "01JD3X5T8MCN0Q2W4E6R8T0Y2V",
                "external_id": None,
                "author": "agent",
                "text": "We know of it and are working on it.",
                "language": "en",
                "purpose": "reply",
                "incident_id": None,
                "created_at": "2026-03-02T14:07:31Z",
                "conversation_id": "01JD3X5RZ7HB9C1D3F5G7J9K1M",
                "conversation_external_id": "chat-48151",
                "channel": "chat",
                "cursor": "1042",
                "delivered_at": None,
            }
        ],
        "more": False,
        "next_after": "1042",
    },
    response_only=True,
)


class OutgoingList(Resource):
    scope = Scope.ASSIST
    filters = {"GET": [AFTER, LIMIT, record_id("conversation_id", "Those of this conversation.")]}

    @extend_schema(
        operation_id="list_outgoing_messages",
        summary="List what waits to be sent to customers, oldest first",
        description="Replies that people wrote at the desk, and the word that an incident is over. "
        "Send each, then say so with …/delivered; until then it stays here. Keep the `cursor` of "
        "what you have sent, in one step with its sending, and go on `after` it: whatever dies in "
        "between, nothing is lost and nothing is sent twice.",
        responses=OutgoingPage,
        examples=[PAGE],
    )
    def get(self, request: Request) -> Response:
        waiting = waiting_for(key_of(request).page_ids)
        after, limit = self.asked["after"], self.asked["limit"]
        if self.asked["conversation_id"]:
            waiting = waiting.filter(conversation=self.asked["conversation_id"])
        if after is not None:
            waiting = waiting.filter(outgoing_no__gt=after)
        rows = list(waiting[: limit + 1])
        documents = [outgoing_document(row) for row in rows[:limit]]
        last = documents[-1]["cursor"] if documents else str(after or 0)
        return Response({"data": documents, "more": len(rows) > limit, "next_after": last})


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
