"""/monitors: what is watched."""

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.authentication import key_of
from atender.api.filters import record_id
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.reading import record_named
from atender.api.resources import Listing, Resource
from monitors.api import examples as shown
from monitors.api.documents import monitor_document, monitor_documents
from monitors.api.extra import write_extra
from monitors.api.runbooks import keep_runbook
from monitors.api.shapes import MonitorChange, MonitorDocument, NewMonitor
from monitors.catalogue import add_monitor, change_monitor, delete_monitor
from monitors.configs.watching import WATCHED, Watch
from monitors.models import Monitor, Service


class MonitorList(Listing):
    scope = Scope.MONITORS
    filters = {"GET": [record_id("service_id", "Those of this service.")]}
    examples = {
        "POST": {
            "A web address": shown.WEB_ADDRESS,
            "An AI agent": shown.AI_AGENT,
            "A heartbeat": shown.HEARTBEAT,
            "A vendor's status page": shown.UPSTREAM,
        }
    }

    @extend_schema(
        operation_id="list_monitors", summary="List monitors", responses=MonitorDocument(many=True)
    )
    def get(self, request: Request) -> Response:
        monitors = Monitor.objects.all()
        if service_id := self.asked["service_id"]:
            monitors = monitors.filter(service=service_id)
        return self.listed(monitors, monitor_documents)

    @extend_schema(
        operation_id="add_monitor",
        summary="Add a monitor",
        request=NewMonitor,
        responses={201: MonitorDocument},
    )
    @idempotent
    @transaction.atomic
    def post(self, request: Request) -> Response:
        shape = NewMonitor(data=request.data)
        shape.is_valid(raise_exception=True)
        body, by = shape.validated_data, key_of(request).actor
        watch = Watch(**{name: body[name] for name in WATCHED if name in body})
        monitor = add_monitor(
            body["name"],
            by=by,
            service=record_named(Service.objects.all(), body, "service_id"),
            watch=watch,
        )
        write_extra(monitor, body, by=by)
        keep_runbook(monitor, body, by=by)
        return Response(monitor_document(monitor), status=201)


class MonitorDetail(Resource):
    scope = Scope.MONITORS
    scopes = {"DELETE": Scope.ADMIN}
    examples = {"PATCH": {"Slower, with another limit": shown.MONITOR_CHANGE}}
    record: Monitor

    def find(self, **ids: str) -> Monitor:
        return get_object_or_404(Monitor.objects.all(), pk=ids["monitor_id"])

    @extend_schema(operation_id="read_monitor", summary="Read a monitor", responses=MonitorDocument)
    def get(self, request: Request, monitor_id: str) -> Response:
        return Response(monitor_document(self.record))

    @extend_schema(
        operation_id="change_monitor",
        summary="Change a monitor or its runbook",
        request=MonitorChange,
        responses=MonitorDocument,
    )
    @transaction.atomic
    def patch(self, request: Request, monitor_id: str) -> Response:
        shape = MonitorChange(data=request.data)
        shape.is_valid(raise_exception=True)
        body, by = shape.validated_data, key_of(request).actor
        changes = {name: body[name] for name in ("name", *WATCHED) if name in body}
        if "service_id" in body:
            changes["service"] = record_named(Service.objects.all(), body, "service_id")
        monitor = change_monitor(self.record, by=by, **changes) if changes else self.record
        write_extra(monitor, body, by=by)
        keep_runbook(monitor, body, by=by)
        return Response(monitor_document(monitor))

    @extend_schema(operation_id="delete_monitor", summary="Delete a monitor", responses={204: None})
    def delete(self, request: Request, monitor_id: str) -> Response:
        delete_monitor(self.record, by=key_of(request).actor)
        return Response(status=204)
