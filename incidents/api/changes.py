"""/changes: what was deployed or configured, posted by whatever did it."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.authentication import key_of
from atender.api.errors import Unprocessable
from atender.api.filters import choice, record_id
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.parsing import JSONParser
from atender.api.reading import records_named
from atender.api.resources import Listing, Resource
from atender.ids import ULID
from incidents.api import examples as shown
from incidents.api.change_shapes import ChangeDocument, NewChange
from incidents.changes import Source, changes_before, delete_change, record_change
from incidents.models import Component, Incident, SystemChange
from incidents.models.changes import ChangeKind
from monitors.models import Service

M = TypeVar("M", bound=Model)


class ChangeList(Listing):
    examples = {"POST": {"A deployment": shown.NEW_CHANGE}}
    scope = Scope.INCIDENTS
    filters = {
        "GET": [
            choice("kind", "Those of this kind.", ChangeKind.values),
            record_id("incident_id", "Those of the two hours before this incident began."),
        ]
    }
    parser_classes = [JSONParser, FormParser]

    @extend_schema(
        operation_id="list_changes",
        summary="List changes, newest first",
        responses=ChangeDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = chosen_by(self.asked).prefetch_related("components")
        return self.listed(rows, lambda page: [change_document(row) for row in page])

    @extend_schema(
        operation_id="record_change",
        summary="Report a deployment or another change",
        request=NewChange,
        responses={201: ChangeDocument},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        shape = NewChange(data=request.data)
        shape.is_valid(raise_exception=True)
        body = shape.validated_data
        change = record_change(
            body["summary"],
            by=key_of(request).actor,
            kind=body["kind"],
            source=Source(**{f: body.get(n) or "" for f, n in SOURCE.items()}),
            service=service_of(body),
            components=components_of(body),
            happened_at=body.get("happened_at"),
        )
        return Response(change_document(change), status=201)


SOURCE = {"version": "version", "url": "url", "author": "by"}


class ChangeDetail(Resource):
    scope = Scope.INCIDENTS
    scopes = {"DELETE": Scope.INCIDENTS_DELETE}
    record: SystemChange

    def find(self, **ids: str) -> SystemChange:
        return get_object_or_404(SystemChange, pk=ids["change_id"])

    @extend_schema(operation_id="read_change", summary="Read a change", responses=ChangeDocument)
    def get(self, request: Request, change_id: str) -> Response:
        return Response(change_document(self.record))

    @extend_schema(
        operation_id="delete_change",
        summary="Delete a change that was reported by mistake",
        responses={204: None},
    )
    def delete(self, request: Request, change_id: str) -> Response:
        delete_change(self.record, by=key_of(request).actor)
        return Response(status=204)


def chosen_by(asked: dict[str, Any]) -> QuerySet[SystemChange]:
    changes: QuerySet[SystemChange] = SystemChange.objects.all()
    if incident_id := asked["incident_id"]:
        (incident,) = records_named(Incident.objects.kept(), [incident_id], field="incident_id")
        changes = changes_before(incident.started_at)
    return changes.filter(kind=asked["kind"]) if asked["kind"] else changes


def change_document(change: SystemChange) -> dict[str, Any]:
    """Build a change's document; `components` should be fetched before."""
    return {
        "id": change.id,
        "kind": change.kind,
        "summary": change.summary,
        "version": change.version,
        "url": change.url,
        "by": change.author,
        "service_id": change.service_id,
        "component_ids": sorted(component.id for component in change.components.all()),
        "happened_at": change.happened_at,
        "created_by": change.by_id or change.by_kind,
        "created_at": change.created_at,
    }


def service_of(body: dict[str, Any]) -> Service | None:
    services = Service.objects.all()
    for field in ("service_id", "service"):
        if body.get(field):
            return called(services, [body[field]], field=field)[0]
    return None


def components_of(body: dict[str, Any]) -> list[Component]:
    components = Component.objects.all()
    return [
        *called(components, body.get("component_ids", ()), field="component_ids"),
        *called(components, body.get("components", ()), field="components"),
    ]


def called(rows: QuerySet[M], words: Sequence[str], *, field: str) -> list[M]:
    """Find records by id or by name; what is unknown is a 422 naming it."""
    found = []
    for word in words:
        by_id = rows.filter(pk=word.upper()).first() if ULID.fullmatch(word) else None
        record = by_id or rows.filter(name__iexact=word.strip()).first()
        if record is None:
            noun = rows.model._meta.verbose_name
            raise Unprocessable(f"There is no {noun} '{word[:40]}', by name or by id.", field)
        found.append(record)
    return found
