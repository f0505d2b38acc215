"""/deliveries: what was told to whom, and what became of it."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from atender.api.models import Scope
from atender.api.pagination import NewestFirst
from subscribers.api.filters import read_choice, read_id
from subscribers.models import Channel, Delivery, DeliveryState

ID = {"type": "string", "minLength": 26, "maxLength": 26}
# What a filter in the address is called, and the column that it asks.
FILTERS = {
    "incident": "notice__incident_id",
    "update": "update_id",
    "subscriber": "subscriber_id",
}


class DeliveryDocument(serializers.Serializer[Any]):
    id = serializers.CharField()
    notice_id = serializers.CharField()
    incident_id = serializers.CharField()
    update_id = serializers.CharField(allow_null=True, help_text="Null for a reminder.")
    subscriber_id = serializers.CharField()
    channel = serializers.ChoiceField(choices=Channel.choices)
    address = serializers.CharField()
    state = serializers.ChoiceField(choices=DeliveryState.choices)
    attempts = serializers.IntegerField()
    answer = serializers.CharField()
    message_id = serializers.CharField()
    created_at = serializers.DateTimeField()
    next_attempt_at = serializers.DateTimeField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)


def delivery_document(delivery: Delivery) -> dict[str, Any]:
    """Build a delivery's document; notice and subscriber should be fetched before."""
    is_waiting = delivery.state == DeliveryState.WAITING
    return {
        "id": delivery.id,
        "notice_id": delivery.notice_id,
        "incident_id": delivery.notice.incident_id,
        "update_id": delivery.update_id,
        "subscriber_id": delivery.subscriber_id,
        "channel": delivery.subscriber.channel,
        "address": delivery.subscriber.address,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "answer": delivery.answer,
        "message_id": delivery.message_id,
        "created_at": delivery.created_at,
        "next_attempt_at": delivery.due_at if is_waiting else None,
        "sent_at": delivery.sent_at,
    }


class DeliveryList(APIView):
    scope = Scope.SUBSCRIBERS

    @extend_schema(
        operation_id="list_deliveries",
        summary="List deliveries",
        parameters=[
            OpenApiParameter("state", str, enum=DeliveryState.values),
            *(OpenApiParameter(name, ID) for name in FILTERS),
        ],
        responses=DeliveryDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = Delivery.objects.select_related("notice", "subscriber")
        if state := read_choice(request, "state", DeliveryState.values):
            rows = rows.filter(state=state)
        for name, column in FILTERS.items():
            if wanted := read_id(request, name):
                rows = rows.filter(**{column: wanted})
        paginator = NewestFirst()
        page = paginator.paginate_queryset(rows, request)
        return paginator.get_paginated_response([delivery_document(row) for row in page])
