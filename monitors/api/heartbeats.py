"""/heartbeat/{token}: what a job calls when it is done. The token is the authority."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.request import Request

from atender.api.resources import Resource
from monitors.heartbeats.calls import take_call
from monitors.models import Monitor

CALLED = {(200, "text/plain"): OpenApiResponse(str, examples=[OpenApiExample("Taken", "OK")])}


class Heartbeat(Resource):
    """By GET, HEAD or POST, whatever the job has at hand; what it sends along is not read."""

    authentication_classes = ()
    permission_classes = ()
    record: Monitor

    def check_permissions(self, request: Request) -> None:
        rows = Monitor.objects.exclude(heartbeat_token=None)
        self.record = get_object_or_404(rows, heartbeat_token=self.kwargs["token"])

    def _take(self, request: Request, token: str) -> HttpResponse:
        take_call(self.record, at=timezone.now())
        headers = {"Cache-Control": "no-store"}
        return HttpResponse("OK\n", content_type="text/plain", headers=headers)

    @extend_schema(
        operation_id="call_heartbeat",
        summary="Say that a job was done",
        responses=CALLED,
    )
    def get(self, request: Request, token: str) -> HttpResponse:
        """No key: the token in the address is the authority."""
        return self._take(request, token)

    @extend_schema(
        operation_id="post_heartbeat",
        summary="Say that a job was done, by POST",
        request=None,
        responses=CALLED,
    )
    def post(self, request: Request, token: str) -> HttpResponse:
        """No key: the token in the address is the authority. What is sent along is not read."""
        return self._take(request, token)
