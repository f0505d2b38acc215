"""/deliveries: what was told to whom, and what became of it."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.authentication import key_of
from atender.api.fields import Moment
from atender.api.filters import choice, record_id
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.resources import Listing, Resource
from subscribers.deliveries.resending import replay
from subscribers.models import Arrival, Channel, Delivery, DeliveryState

# What a filter in the address is called, and the column that it asks.
COLUMNS = {
    "state": "state",
    "arrival": "arrival",
    "channel": "channel",
    "incident": "notice__incident_id",
    "component": "notice__component_id",
    "update": "notice__update_id",
    "subscriber": "subscriber_id",
}


class AttemptDocument(serializers.Serializer[Any]):
    at = Moment()
    by = serializers.CharField(help_text="The worker that tried.")
    result = serializers.ChoiceField(
        choices=["taken", "refused", "deferred", "broken", "gone", "lost", *Arrival.values],
        help_text="`lost`: the worker ended meanwhile, so that it may have come twice. `gone`: "
        "the endpoint says that it is there no more. The last four are what the mail provider "
        "reported afterwards.",
    )
    answer = serializers.CharField()


class DeliveryDocument(serializers.Serializer[Any]):
    id = serializers.CharField()
    notice_id = serializers.CharField()
    incident_id = serializers.CharField(
        allow_null=True, help_text="Null where a component's state was told."
    )
    component_id = serializers.CharField(
        allow_null=True, help_text="Whose state was told, to webhooks of the hosted pages' format."
    )
    update_id = serializers.CharField(
        allow_null=True, help_text="Null for a reminder, a post-mortem or a component's state."
    )
    subscriber_id = serializers.CharField()
    channel = serializers.ChoiceField(choices=Channel.choices)
    address = serializers.CharField()
    state = serializers.ChoiceField(choices=DeliveryState.choices)
    attempts = serializers.IntegerField()
    answer = serializers.CharField()
    log = AttemptDocument(many=True, help_text="Every attempt, the oldest first.")
    message_id = serializers.CharField(
        help_text="A mail's Message-ID or a webhook's `webhook-id`, the same at every try."
    )
    created_at = Moment()
    next_attempt_at = Moment(allow_null=True)
    sent_at = Moment(allow_null=True)
    arrival = serializers.ChoiceField(
        choices=Arrival.choices,
        allow_null=True,
        help_text="What the mail provider reported after it had taken the mail.",
    )


def delivery_document(delivery: Delivery) -> dict[str, Any]:
    """Build a delivery's document; notice and subscriber should be fetched before."""
    is_waiting = delivery.state == DeliveryState.WAITING
    return {
        "id": delivery.id,
        "notice_id": delivery.notice_id,
        "incident_id": delivery.notice.incident_id,
        "component_id": delivery.notice.component_id,
        "update_id": delivery.notice.update_id,
        "subscriber_id": delivery.subscriber_id,
        "channel": delivery.channel,
        "address": delivery.subscriber.address,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "answer": delivery.answer,
        "log": delivery.log,
        "message_id": delivery.message_id,
        "created_at": delivery.created_at,
        "next_attempt_at": delivery.due_at if is_waiting else None,
        "sent_at": delivery.sent_at,
        "arrival": delivery.arrival or None,
    }


class DeliveryList(Listing):
    scope = Scope.SUBSCRIBERS
    filters = {
        "GET": [
            choice("state", "Those in this state.", DeliveryState.values),
            choice("arrival", "Those of which the provider reported this.", Arrival.values),
            choice("channel", "Those that went this way.", Channel.values),
            record_id("incident", "Those that told of this incident."),
            record_id("component", "Those that told of this component's state."),
            record_id("update", "Those that told of this update."),
            record_id("subscriber", "Those to this subscriber."),
        ]
    }

    @extend_schema(
        operation_id="list_deliveries",
        summary="List deliveries",
        description="Those of the last 90 days, unless the operator chose another time; how many "
        "were told before is kept with the incident.",
        responses=DeliveryDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        wanted = {COLUMNS[name]: self.asked[name] for name in COLUMNS if self.asked[name]}
        rows = Delivery.objects.select_related("notice", "subscriber").filter(**wanted)
        return self.listed(rows, lambda page: [delivery_document(row) for row in page])


class Replay(Resource):
    scope = Scope.SUBSCRIBERS
    record: Delivery

    def find(self, **ids: str) -> Delivery:
        rows = Delivery.objects.select_related("notice", "subscriber")
        return get_object_or_404(rows, pk=ids["delivery_id"])

    @extend_schema(
        operation_id="replay_delivery",
        summary="Send a webhook once more",
        description="Under the same `webhook-id`, so that who has it already knows. Mails and text "
        "messages are not sent twice.",
        request=None,
        responses={202: DeliveryDocument},
    )
    @idempotent
    def post(self, request: Request, delivery_id: str) -> Response:
        again = replay(self.record, by=key_of(request).actor)
        return Response(delivery_document(again), status=202)
