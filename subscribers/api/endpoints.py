"""/subscribers/{id}/rotate-secret and /test: what a webhook's owner or staff do with it."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.authentication import key_of
from atender.api.idempotency import SaidOnce, idempotent
from atender.api.models import Scope
from atender.api.resources import Resource
from subscribers.api.subscriber_shapes import (
    RotatedSecret,
    SubscriberDocument,
    subscriber_document,
)
from subscribers.models import Endpoint, Subscriber
from subscribers.people.endpoints import rotate_secret, try_out


class SecretRotation(Resource):
    scope = Scope.SUBSCRIBERS
    record: Subscriber

    def find(self, **ids: str) -> Subscriber:
        return get_object_or_404(Subscriber, pk=ids["subscriber_id"])

    @extend_schema(
        operation_id="rotate_webhook_secret",
        summary="Give a webhook a new secret",
        description="For 24 hours both secrets sign, so that nothing is missed meanwhile.",
        request=None,
        responses=RotatedSecret,
    )
    @idempotent
    def post(self, request: Request, subscriber_id: str) -> Response:
        secret = rotate_secret(self.record, by=key_of(request).actor)
        until = Endpoint.objects.get(pk=self.record.pk).previous_until
        return SaidOnce({"previous_valid_until": until}, secret={"secret": secret})


class Trial(Resource):
    scope = Scope.SUBSCRIBERS
    record: Subscriber

    def find(self, **ids: str) -> Subscriber:
        return get_object_or_404(Subscriber, pk=ids["subscriber_id"])

    @extend_schema(
        operation_id="test_endpoint",
        summary="Send a test to a webhook or chat",
        description="It is sent at once, without a second try; read `endpoint.last_answer` of the "
        "subscriber for what came of it.",
        request=None,
        responses={202: SubscriberDocument},
    )
    @idempotent
    def post(self, request: Request, subscriber_id: str) -> Response:
        return Response(
            subscriber_document(try_out(self.record, by=key_of(request).actor)), status=202
        )
