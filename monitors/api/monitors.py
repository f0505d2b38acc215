"""/monitors and /services."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.fields import IdField, Moment, Text
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.reading import records_named
from atender.api.resources import Listing
from monitors.catalogue import add_monitor, add_service
from monitors.models import Monitor, Service


class MonitorShape(serializers.Serializer[Any]):
    id = IdField(read_only=True)
    name = Text(allow_blank=True)
    service_id = IdField(required=False, allow_null=True)
    created_at = Moment(read_only=True)


class ServiceShape(serializers.Serializer[Any]):
    id = IdField(read_only=True)
    name = Text(allow_blank=True)
    description = Text(required=False, allow_blank=True, max_length=500)
    created_at = Moment(read_only=True)


class MonitorList(Listing):
    scope = Scope.MONITORS

    @extend_schema(
        operation_id="list_monitors", summary="List monitors", responses=MonitorShape(many=True)
    )
    def get(self, request: Request) -> Response:
        return self.listed(Monitor.objects.all(), lambda rows: MonitorShape(rows, many=True).data)

    @extend_schema(
        operation_id="add_monitor",
        summary="Add a monitor",
        request=MonitorShape,
        responses={201: MonitorShape},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        shape = MonitorShape(data=request.data)
        shape.is_valid(raise_exception=True)
        service_id = shape.validated_data.get("service_id")
        services = records_named(
            Service.objects.all(), [service_id] if service_id else [], field="service_id"
        )
        name = shape.validated_data["name"]
        monitor = add_monitor(name, service=services[0] if services else None)
        return Response(MonitorShape(monitor).data, status=201)


class ServiceList(Listing):
    scope = Scope.MONITORS

    @extend_schema(
        operation_id="list_services", summary="List services", responses=ServiceShape(many=True)
    )
    def get(self, request: Request) -> Response:
        return self.listed(Service.objects.all(), lambda rows: ServiceShape(rows, many=True).data)

    @extend_schema(
        operation_id="add_service",
        summary="Add a service",
        request=ServiceShape,
        responses={201: ServiceShape},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        shape = ServiceShape(data=request.data)
        shape.is_valid(raise_exception=True)
        service = add_service(**shape.validated_data)
        return Response(ServiceShape(service).data, status=201)
