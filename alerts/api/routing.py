"""/services/{id}/routing: what happens on failures of monitors without a routing of their own."""

from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from alerts.api.monitor_fields import FIELDS, changes_of
from alerts.models import Routing
from alerts.routing import change_routing, warnings_of
from atender.api.authentication import key_of
from atender.api.models import Scope
from atender.api.resources import Resource
from atender.api.strict import Body
from monitors.models import Service


class RoutingShape(Body):
    """The body of PATCH /services/{id}/routing, and its answer."""

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), **{field.name: field.shape() for field in FIELDS}}


class ServiceRouting(Resource):
    scope = Scope.MONITORS
    record: Service

    def find(self, **ids: str) -> Service:
        return get_object_or_404(Service.objects.all(), pk=ids["service_id"])

    @extend_schema(
        operation_id="read_service_routing",
        summary="Read what becomes of the failures of a service's monitors",
        responses=RoutingShape,
    )
    def get(self, request: Request, service_id: str) -> Response:
        routing = Routing.objects.filter(service=self.record).first() or Routing()
        return Response(routing_document(routing))

    @extend_schema(
        operation_id="change_service_routing",
        summary="Change what becomes of the failures of a service's monitors",
        request=RoutingShape,
        responses=RoutingShape,
    )
    @transaction.atomic
    def patch(self, request: Request, service_id: str) -> Response:
        shape = RoutingShape(data=request.data)
        shape.is_valid(raise_exception=True)
        changes = changes_of(shape.validated_data)
        return Response(
            routing_document(change_routing(self.record, by=key_of(request).actor, **changes))
        )


def routing_document(routing: Routing) -> dict[str, Any]:
    pages = sorted(page.pk for page in routing.pages.all()) if routing.service_id else []
    return {
        "auto_incident": routing.auto_incident,
        "status_page_ids": pages,
        "severity": routing.severity,
        "notification_group_id": routing.notification_group_id,
        "escalation_policy_id": routing.escalation_policy_id,
        "alert_on": routing.alert_on,
        "warnings": warnings_of(routing) if routing.service_id else [],
    }
