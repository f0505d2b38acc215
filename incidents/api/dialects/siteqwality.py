"""SiteQwality's dialect: an incident is internal unless the body or the path names a page."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.authentication import key_of
from atender.api.errors import Unprocessable
from atender.api.fields import IdField, IdsField, Text
from atender.api.idempotency import idempotent
from atender.api.reading import records_named
from incidents.api.dialects.wording import Dialect, shown_updates
from incidents.api.shapes import TitleField
from incidents.lifecycle import Facts, open_incident
from incidents.models import Incident, IncidentUpdate, Page
from incidents.transitions import Saying
from monitors.models import Monitor, Service


class NewIncident(serializers.Serializer[Any]):
    title = TitleField()
    severity = Text(required=False, allow_null=True)
    status = Text(required=False)
    message = Text(required=False, allow_blank=True, default="")
    affected_http_job_ids = IdsField(required=False)
    service_id = IdField(required=False, allow_null=True)
    status_page_id = IdField(required=False, allow_null=True)


class IncidentList(Dialect):
    names = {"body": "message", "monitor_ids": "affected_http_job_ids"}

    @extend_schema(exclude=True)
    @idempotent
    def post(self, request: Request) -> Response:
        return self.opened(request)

    def opened(self, request: Request, page: Page | None = None) -> Response:
        shape = NewIncident(data=request.data)
        shape.is_valid(raise_exception=True)
        body = shape.validated_data
        incident = open_incident(
            body["title"],
            by=key_of(request).actor,
            severity=body.get("severity"),
            first=Saying(body=body["message"], status=body.get("status")),
            facts=facts_of(body, page),
        )
        return Response(document_of(incident), status=201)


class PageIncidentList(IncidentList):
    record: Page

    def find(self, **ids: str) -> Page:
        return get_object_or_404(Page, pk=ids["page_id"])

    @extend_schema(exclude=True)
    @idempotent
    def post(self, request: Request, page_id: str) -> Response:
        return self.opened(request, self.record)


def facts_of(body: dict[str, Any], page: Page | None) -> Facts:
    """Resolve the ids of a body; an unknown one is a 422 naming its field."""
    service_id, page_id = body.get("service_id"), body.get("status_page_id")
    pages = records_named(Page.objects.all(), [page_id] if page_id else [], field="status_page_id")
    if page and pages not in ([], [page]):
        raise Unprocessable(
            "The address and status_page_id name two pages; leave status_page_id out.",
            "status_page_id",
        )
    monitors = records_named(
        Monitor.objects.all(), body.get("affected_http_job_ids", []), field="affected_http_job_ids"
    )
    services = records_named(
        Service.objects.all(), [service_id] if service_id else [], field="service_id"
    )
    return Facts(
        monitors=monitors,
        pages=[page] if page else pages,
        service=services[0] if services else None,
    )


def document_of(incident: Incident) -> dict[str, Any]:
    """Build the answer; the format has room for one page, the first that showed the incident."""
    shown_on = incident.publications.order_by("id").first()
    monitor_ids = incident.monitor_tags.values_list("monitor_id", flat=True)
    return {
        "id": incident.id,
        "title": incident.title,
        "severity": incident.severity,
        "status": incident.status,
        "responder_status": incident.responder_status,
        "acknowledged_at": incident.acknowledged_at,
        "acknowledged_by": incident.acknowledged_by_id or None,
        "auto_created": incident.is_auto_created,
        "affected_http_job_ids": sorted(monitor_ids),
        "service_id": incident.service_id,
        "status_page_id": shown_on.page_id if shown_on else None,
        "started_at": incident.started_at,
        "resolved_at": incident.resolved_at,
        "created_at": incident.created_at,
        "updated_at": incident.updated_at,
        "updates": [update_document(update) for update in shown_updates(incident)],
    }


def update_document(update: IncidentUpdate) -> dict[str, Any]:
    return {
        "id": update.id,
        "status": update.status,
        "message": update.public_body,
        "created_at": update.posted_at,
    }
