"""/heartbeat/{token}: what a job calls when it is done. The token is the authority."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from atender.api.resources import Resource
from monitors.heartbeats import take_call
from monitors.models import Monitor


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

    @extend_schema(exclude=True)
    def get(self, request: Request, token: str) -> HttpResponse:
        return self._take(request, token)

    @extend_schema(exclude=True)
    def post(self, request: Request, token: str) -> HttpResponse:
        return self._take(request, token)
