"""/maintenances and /maintenances/{id}."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.authentication import key_of
from atender.api.filters import choice, record_id
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.openapi import IF_MATCH
from atender.api.resources import Listing, check_precondition, etag_of
from atender.tenants.middleware import address_of
from incidents.api import examples as shown
from incidents.api.dialects import kener
from incidents.api.maintenance_documents import maintenance_documents, with_plans
from incidents.api.maintenance_shapes import (
    NEW_MAINTENANCE,
    DocumentedMaintenance,
    MaintenanceChange,
    MaintenanceDocument,
    NewMaintenance,
)
from incidents.api.planning import change_from, plan_from
from incidents.api.renaming import Renaming
from incidents.lifecycle import delete_incident, lock
from incidents.models import Incident, Kind
from incidents.models.incidents import IncidentQuerySet
from incidents.models.vocabulary import Status

NAMES = {
    "notice_before": "notice_before_minutes",
    "rrule": "recurrence.rrule",
    "duration": "recurrence.duration_minutes",
    "time_zone": "recurrence.time_zone",
}
STAGES = {
    "upcoming": [Status.SCHEDULED],
    "active": [Status.IN_PROGRESS, Status.VERIFYING],
    "completed": [Status.COMPLETED],
    "cancelled": [Status.CANCELLED],
}


def planned() -> IncidentQuerySet:
    return Incident.objects.kept().filter(kind=Kind.MAINTENANCE)


class MaintenanceList(Listing, Renaming):
    examples = {"POST": {"Once": shown.NEW_MAINTENANCE, "Every Tuesday": shown.NEW_SERIES}}
    scope = Scope.INCIDENTS
    filters = {
        "GET": [
            choice("status", "Which ones.", [*STAGES, "all"], default="all"),
            record_id("component", "Those that touch this component."),
            record_id("page", "Those that show on this page."),
            record_id("series", "The times of this series."),
        ]
    }

    def names_for_refusal(self) -> Mapping[str, str]:
        try:
            return kener.NAMES if is_documented(self.request) else NAMES
        except APIException:
            # Refused for its Idempotency-Key, before anybody saw that the body is no JSON.
            return NAMES

    @extend_schema(
        operation_id="list_maintenances",
        summary="List maintenances, newest first",
        responses=MaintenanceDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        org_id = address_of(request).tenant_id
        rows = with_plans(self._chosen())
        return self.listed(rows, lambda page: maintenance_documents(page, org_id=org_id))

    def _chosen(self) -> QuerySet[Incident]:
        rows: QuerySet[Incident] = planned()
        if self.asked["status"] != "all":
            rows = rows.filter(status__in=STAGES[self.asked["status"]])
        if component := self.asked["component"]:
            rows = rows.filter(impacts__component=component)
        if page := self.asked["page"]:
            rows = rows.filter(publications__page=page)
        if series := self.asked["series"]:
            rows = rows.filter(series=series)
        return rows

    @extend_schema(
        operation_id="plan_maintenance",
        summary="Plan a maintenance, once or by a rule",
        request=NEW_MAINTENANCE,
        responses={201: MaintenanceDocument},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        documented = is_documented(request)
        shape = (DocumentedMaintenance if documented else NewMaintenance)(data=request.data)
        shape.is_valid(raise_exception=True)
        plan = kener.plan_from if documented else plan_from
        return document_response(request, plan(shape.validated_data, request), status=201)


def is_documented(request: Request) -> bool:
    """Whether a body speaks in the other product's words."""
    return isinstance(request.data, dict) and "scheduledStart" in request.data


class MaintenanceDetail(Renaming):
    has_version = True
    examples = {"PATCH": {"It takes longer": shown.MAINTENANCE_CHANGE}}
    scope = Scope.INCIDENTS
    scopes = {"DELETE": Scope.INCIDENTS_DELETE}
    names = NAMES
    record: Incident

    def find(self, **ids: str) -> Incident:
        return get_object_or_404(planned(), pk=ids["maintenance_id"])

    @extend_schema(
        operation_id="read_maintenance",
        summary="Read a maintenance",
        responses=MaintenanceDocument,
    )
    def get(self, request: Request, maintenance_id: str) -> Response:
        return document_response(request, self.record)

    @extend_schema(
        operation_id="change_maintenance",
        summary="Start, move, extend, cancel or complete a maintenance, or change what it says",
        request=MaintenanceChange,
        responses=MaintenanceDocument,
        parameters=[IF_MATCH],
    )
    def patch(self, request: Request, maintenance_id: str) -> Response:
        shape = MaintenanceChange(data=request.data)
        shape.is_valid(raise_exception=True)
        change_from(self.record, shape.validated_data, request)
        return document_response(request, self.record)

    @extend_schema(
        operation_id="delete_maintenance",
        summary="Delete a maintenance; nobody is told. Prefer cancelling",
        responses={204: None},
        parameters=[IF_MATCH],
    )
    def delete(self, request: Request, maintenance_id: str) -> Response:
        with transaction.atomic():
            check_precondition(request, lock(self.record).version)
            delete_incident(self.record, by=key_of(request).actor)
        return Response(status=204)


def document_response(request: Request, incident: Incident, *, status: int = 200) -> Response:
    """The maintenance as it is now, with its version as ETag."""
    current = with_plans(Incident.objects.filter(pk=incident.pk)).get()
    (document,) = maintenance_documents([current], org_id=address_of(request).tenant_id)
    return Response(document, status=status, headers={"ETag": etag_of(current.version)})
