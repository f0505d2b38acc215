"""Kener's words: impact, message, resolvedAt; what is posted shows on the default page."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.authentication import key_of
from atender.api.fields import IdsField, Moment, Text
from atender.api.idempotency import idempotent
from atender.api.reading import records_named
from atender.api.strict import Body
from atender.refusals import Refused
from incidents.api.dialects.wording import Dialect, shown_updates
from incidents.api.saying import saying_of, status_for
from incidents.api.shapes import TitleField
from incidents.lifecycle import Facts, open_incident, post_update
from incidents.models import Component, Incident, IncidentUpdate, Page
from incidents.models.vocabulary import Kind, Severity
from incidents.planned.planning import DEFAULT_NOTICE, plan_maintenance
from incidents.transitions import Saying
from monitors.models import Monitor

IMPACTS = ["none", "minor", "major", "critical"]
NAMES = {
    "body": "message",
    "severity": "impact",
    "scheduled_for": "scheduledStart",
    "scheduled_until": "scheduledEnd",
}


class NewIncident(Body):
    """An incident, or planned work where it has a start."""

    title = TitleField()
    status = Text(required=False)
    impact = serializers.ChoiceField(
        choices=IMPACTS,
        required=False,
        allow_null=True,
        error_messages={
            "invalid_choice": f"'{{input}}' is no impact; it is one of {', '.join(IMPACTS)}."
        },
    )
    message = Text(required=False, allow_blank=True, default="")
    scheduledStart = Moment(required=False, allow_null=True)  # noqa: N815
    scheduledEnd = Moment(required=False, allow_null=True)  # noqa: N815
    # The document's example names none, but its steps say to select what is affected.
    component_ids = IdsField(required=False)
    monitor_ids = IdsField(required=False)

    def validate(self, body: dict[str, Any]) -> dict[str, Any]:
        if body.get("scheduledEnd") and not body.get("scheduledStart"):
            raise serializers.ValidationError(
                {"scheduledStart": ["A window that ends also starts; send scheduledStart."]}
            )
        return body


class NewUpdate(Body):
    status = Text(required=False)
    message = Text(required=False, allow_blank=True, default="")


class IncidentList(Dialect):
    names = NAMES

    @extend_schema(exclude=True)
    @idempotent
    def post(self, request: Request) -> Response:
        shape = NewIncident(data=request.data)
        shape.is_valid(raise_exception=True)
        incident = open_from(shape.validated_data, request)
        return Response(document_of(incident), status=201)


class UpdateList(Dialect):
    names = NAMES
    record: Incident

    def find(self, **ids: str) -> Incident:
        return get_object_or_404(Incident.objects.kept(), pk=ids["incident_id"])

    @extend_schema(exclude=True)
    @idempotent
    def post(self, request: Request, incident_id: str) -> Response:
        shape = NewUpdate(data=request.data)
        shape.is_valid(raise_exception=True)
        said = {**shape.validated_data, "body": shape.validated_data["message"]}
        saying = saying_of(said, self.record.kind)
        update = post_update(self.record, by=key_of(request).actor, saying=saying)
        return Response(document_of(update.incident), status=201)


def open_from(body: dict[str, Any], request: Request) -> Incident:
    if body.get("scheduledStart"):
        return plan_from(body, request)
    return open_incident(
        body["title"],
        by=key_of(request).actor,
        severity=severity_of(body.get("impact")),
        first=Saying(body=body["message"], status=body.get("status")),
        facts=Facts(**affected_by(body), pages=[default_page()]),
    )


def plan_from(body: dict[str, Any], request: Request) -> Incident:
    """Plan work from a validated body that has a start; its impact is ignored."""
    status = status_for(Kind.MAINTENANCE, body.get("status"))
    return plan_maintenance(
        body["title"],
        by=key_of(request).actor,
        first=Saying(body=body["message"], status=status),
        facts=Facts(
            **affected_by(body),
            pages=[default_page()],
            scheduled_for=body["scheduledStart"],
            scheduled_until=body.get("scheduledEnd"),
            notice_before=DEFAULT_NOTICE,
        ),
    )


def affected_by(body: dict[str, Any]) -> dict[str, Any]:
    """Return what the ids of a body name, as `Facts` takes it; an unknown one is a 422."""
    named = {"component_ids": Component.objects.all(), "monitor_ids": Monitor.objects.all()}
    components, monitors = (
        records_named(rows, body.get(field, []), field=field) for field, rows in named.items()
    )
    return {"components": components, "monitors": monitors}


def severity_of(impact: str | None) -> str | None:
    return None if impact == "none" else impact


def impact_of(severity: str | None) -> str:
    # Planned work has one severity here; "minor" is the impact of the document's example of it.
    return "minor" if severity == Severity.MAINTENANCE else severity or "none"


def default_page() -> Page:
    page = Page.objects.filter(is_default=True).first()
    if page is None:
        raise Refused(
            "There is no default page to publish to; make one in the console, or post to "
            "/api/v1/incidents with status_page_ids."
        )
    return page


def document_of(incident: Incident) -> dict[str, Any]:
    """Build the answer; `message` is the newest public text."""
    updates = shown_updates(incident)
    texts = [update.public_body for update in updates if update.public_body]
    return {
        "id": incident.id,
        "title": incident.title,
        "status": incident.status,
        "impact": impact_of(incident.severity),
        "message": texts[-1] if texts else "",
        "scheduledStart": incident.scheduled_for,
        "scheduledEnd": incident.scheduled_until,
        "component_ids": sorted(incident.impacts.values_list("component_id", flat=True)),
        "monitor_ids": sorted(incident.monitor_tags.values_list("monitor_id", flat=True)),
        "startedAt": incident.started_at,
        "resolvedAt": incident.resolved_at,
        "createdAt": incident.created_at,
        "updatedAt": incident.updated_at,
        "updates": [update_document(update) for update in updates],
    }


def update_document(update: IncidentUpdate) -> dict[str, Any]:
    return {
        "id": update.id,
        "status": update.status,
        "impact": impact_of(update.severity),
        "message": update.public_body,
        "createdAt": update.posted_at,
    }
