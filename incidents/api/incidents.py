"""/incidents and /incidents/{id}."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.authentication import key_of
from atender.api.errors import Unprocessable
from atender.api.filters import choice
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.openapi import IF_MATCH
from atender.api.reading import record_named, records_named
from atender.api.resources import Listing, Resource, check_precondition, etag_of
from atender.tenants.middleware import address_of
from incidents.api import examples as shown
from incidents.api.documents import documents, with_relations
from incidents.api.prefilled import NEW_INCIDENT, new_incident_shape, prefilled_incident
from incidents.api.renaming import FIRST_WORDS, Renaming
from incidents.api.saying import check_status, kind_of, moved_end, saying_of, status_for
from incidents.api.shapes import IncidentChange, IncidentDocument
from incidents.correcting import change_incident
from incidents.lifecycle import (
    Facts,
    acknowledge,
    delete_incident,
    lock,
    open_incident,
    post_update,
)
from incidents.models import Component, Incident, Page
from incidents.publishing import show_only_on
from incidents.transitions import Saying
from monitors.models import Monitor, Service


class IncidentList(Listing, Renaming):
    names = FIRST_WORDS
    examples = {"POST": {"An outage": shown.NEW_INCIDENT}}
    scope = Scope.INCIDENTS
    filters = {
        "GET": [
            choice(
                "status",
                "Which ones: not resolved yet, resolved, or all.",
                ["active", "resolved", "all"],
                default="active",
            )
        ]
    }

    @extend_schema(
        operation_id="list_incidents",
        summary="List incidents, newest first",
        responses=IncidentDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        chosen = {
            "active": Incident.objects.active,
            "resolved": Incident.objects.closed,
            "all": Incident.objects.kept,
        }[self.asked["status"]]()
        org_id = address_of(request).tenant_id
        return self.listed(with_relations(chosen), lambda rows: documents(rows, org_id=org_id))

    @extend_schema(
        operation_id="open_incident",
        summary="Open an incident",
        request=NEW_INCIDENT,
        responses={201: IncidentDocument},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        shape = new_incident_shape(request)
        shape.is_valid(raise_exception=True)
        incident = open_from(prefilled_incident(shape.validated_data), request)
        return document_response(request, incident, status=201)


def open_from(body: dict[str, Any], request: Request) -> Incident:
    """Open an incident from a validated body."""
    kind = kind_of(body)
    check_status(kind, body.get("status"))
    words = body.get("initial_update", {})
    return open_incident(
        body["title"],
        by=key_of(request).actor,
        kind=kind,
        severity=body.get("severity"),
        started_at=body.get("started_at"),
        ended_at=body.get("resolved_at"),
        first=Saying(
            body=words.get("body", ""),
            status=status_for(
                kind, body.get("status", "maintenance" if kind != "incident" else None)
            ),
            is_public=words.get("public", True),
            notifies=body.get("notify"),
            eta=body.get("eta"),
            next_update_by=body.get("next_update_by"),
        ),
        facts=facts_of(body),
    )


def facts_of(body: dict[str, Any]) -> Facts:
    """Resolve the ids of a body; an unknown one is a 422 naming its field."""
    return Facts(
        components=body.get("components", ()),
        impacts=impacts_of(body),
        monitors=records_named(
            Monitor.objects.all(), body.get("monitor_ids", []), field="monitor_ids"
        ),
        pages=pages_of(body),
        service=record_named(Service.objects.all(), body, "service_id"),
    )


def impacts_of(body: dict[str, Any]) -> dict[str, str]:
    given = body.get("component_impacts", [])
    found = records_named(
        Component.objects.all(), [i["component_id"] for i in given], field="component_impacts"
    )
    if twice := next((c for c, count in Counter(found).items() if count > 1), None):
        raise Unprocessable(
            f"The component '{twice.name}' stands here twice; give it one state.",
            "component_impacts",
        )
    return {component.id: i["state"] for component, i in zip(found, given, strict=True)}


def pages_of(body: dict[str, Any]) -> list[Page]:
    return records_named(
        Page.objects.all(), body.get("status_page_ids", []), field="status_page_ids"
    )


class OneIncident(Resource):
    """A view whose path names an incident."""

    scope = Scope.INCIDENTS
    record: Incident

    def find(self, **ids: str) -> Incident:
        return incident_named(ids["incident_id"])


class IncidentDetail(OneIncident):
    has_version = True
    examples = {"PATCH": {"Another title and severity": shown.INCIDENT_CHANGE}}
    scopes = {"DELETE": Scope.INCIDENTS_DELETE}

    @extend_schema(
        operation_id="read_incident", summary="Read an incident", responses=IncidentDocument
    )
    def get(self, request: Request, incident_id: str) -> Response:
        return document_response(request, self.record)

    @extend_schema(
        operation_id="change_incident",
        summary="Change title, status, severity, what is affected or where it shows",
        request=IncidentChange,
        responses=IncidentDocument,
        parameters=[IF_MATCH],
    )
    def patch(self, request: Request, incident_id: str) -> Response:
        shape = IncidentChange(data=request.data)
        shape.is_valid(raise_exception=True)
        change_from(self.record, shape.validated_data, request)
        return document_response(request, self.record)

    @extend_schema(
        operation_id="delete_incident",
        summary="Delete an incident",
        responses={204: None},
        parameters=[IF_MATCH],
    )
    def delete(self, request: Request, incident_id: str) -> Response:
        with as_read(request, self.record):
            delete_incident(self.record, by=key_of(request).actor)
        return Response(status=204)


def document_response(request: Request, incident: Incident, *, status: int = 200) -> Response:
    """The incident as it is now, with its version as ETag."""
    current = with_relations(Incident.objects.filter(pk=incident.pk)).get()
    (document,) = documents([current], org_id=address_of(request).tenant_id)
    return Response(document, status=status, headers={"ETag": etag_of(current.version)})


@contextmanager
def as_read(request: Request, incident: Incident) -> Iterator[None]:
    """Lock the incident if `If-Match` names its present version; raises PreconditionFailed."""
    with transaction.atomic():
        check_precondition(request, lock(incident).version)
        yield


@transaction.atomic
def change_from(incident: Incident, body: dict[str, Any], request: Request) -> None:
    """Apply a PATCH: title and tags, then status and text, then pages; all or nothing."""
    by = key_of(request).actor
    incident = lock(incident)
    check_precondition(request, incident.version)
    check_status(incident.kind, body.get("status"))
    said: dict[str, Any] = {n: body[n] for n in ("status", "severity", "notify") if n in body}
    said |= moved_end(incident, body)
    speaks = _says_something(incident, said)
    changes: dict[str, Any] = {n: body[n] for n in ("title",) if n in body}
    if "next_update_by" in body:
        # Said together with a step, the promise is that update's; a later step would keep it.
        (said if speaks else changes)["next_update_by"] = body["next_update_by"]
    if "monitor_ids" in body:
        changes["monitors"] = facts_of({"monitor_ids": body["monitor_ids"]}).monitors
    if "hold_auto_resolve" in body:
        changes["holds_auto_resolve"] = body["hold_auto_resolve"]
    if "service_id" in body:
        changes["service"] = facts_of({"service_id": body["service_id"]}).service
    if "component_impacts" in body:
        changes["impacts"] = impacts_of(body)
    if changes:
        change_incident(incident, by=by, **changes)
    if speaks:
        post_update(incident, by=by, saying=saying_of(said, incident.kind))
    if "status_page_ids" in body:
        is_told = body.get("notify", True)
        show_only_on(incident, pages=pages_of(body), by=by, is_told=is_told)


def _says_something(incident: Incident, said: dict[str, Any]) -> bool:
    """Whether anything differs. A repeated `resolved` counts: the verb refuses it."""
    status = status_for(incident.kind, said.get("status"))
    if status and (status != incident.status or incident.is_closed):
        return True
    return "eta" in said or ("severity" in said and said["severity"] != incident.severity)


class Acknowledgement(OneIncident):
    @extend_schema(
        operation_id="acknowledge_incident",
        summary="Take an incident: escalation stops, nothing is resolved",
        request=None,
        responses=IncidentDocument,
        parameters=[IF_MATCH],
    )
    def post(self, request: Request, incident_id: str) -> Response:
        with as_read(request, self.record):
            taken = acknowledge(self.record, by=key_of(request).actor)
        return document_response(request, taken)


def incident_named(incident_id: str) -> Incident:
    return get_object_or_404(Incident.objects.kept(), pk=incident_id)
