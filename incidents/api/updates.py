"""/incidents/{id}/updates and /incidents/{id}/updates/{update_id}."""

from dataclasses import replace

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.authentication import key_of
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.openapi import IF_MATCH
from atender.api.resources import Listing, Resource
from incidents.api import examples as shown
from incidents.api.documents import update_document, update_documents
from incidents.api.incidents import OneIncident, as_read, impacts_of, incident_named
from incidents.api.prefilled import NewUpdateOrTemplate, prefilled_update
from incidents.api.saying import check_status, saying_of
from incidents.api.shapes import UpdateDocument, UpdateEdit
from incidents.lifecycle import post_update
from incidents.models import IncidentUpdate
from incidents.timeline import delete_update, edit_update


class UpdateList(OneIncident, Listing):
    examples = {"POST": {"The cause is known": shown.NEW_UPDATE}}

    @extend_schema(
        operation_id="list_updates",
        summary="Read the timeline, newest first",
        responses=UpdateDocument(many=True),
    )
    def get(self, request: Request, incident_id: str) -> Response:
        kept = self.record.updates.kept().filter(deleted_at=None)
        return self.listed(kept, update_documents)

    @extend_schema(
        operation_id="post_update",
        summary="Post an update",
        request=NewUpdateOrTemplate,
        responses={201: UpdateDocument},
        parameters=[IF_MATCH],
    )
    @idempotent
    def post(self, request: Request, incident_id: str) -> Response:
        shape = NewUpdateOrTemplate(data=request.data)
        shape.is_valid(raise_exception=True)
        body = prefilled_update(shape.validated_data, self.record)
        check_status(self.record.kind, body.get("status"))
        saying = replace(saying_of(body, self.record.kind), impacts=impacts_of(body))
        with as_read(request, self.record):
            update = post_update(self.record, by=key_of(request).actor, saying=saying)
        return Response(update_document(update), status=201)


class UpdateDetail(Resource):
    examples = {"PATCH": {"Another time": shown.UPDATE_EDIT}}
    scope = Scope.INCIDENTS
    scopes = {"DELETE": Scope.INCIDENTS_DELETE}
    record: IncidentUpdate

    def find(self, **ids: str) -> IncidentUpdate:
        return update_named(ids["incident_id"], ids["update_id"])

    @extend_schema(operation_id="read_update", summary="Read an update", responses=UpdateDocument)
    def get(self, request: Request, incident_id: str, update_id: str) -> Response:
        return Response(update_document(self.record))

    @extend_schema(
        operation_id="edit_update",
        summary="Edit text or publicity; the edit is kept for staff to read",
        request=UpdateEdit,
        responses=UpdateDocument,
        parameters=[IF_MATCH],
    )
    def patch(self, request: Request, incident_id: str, update_id: str) -> Response:
        shape = UpdateEdit(data=request.data)
        shape.is_valid(raise_exception=True)
        body = shape.validated_data
        with as_read(request, self.record.incident):
            edited = edit_update(
                self.record,
                by=key_of(request).actor,
                body=body.get("body"),
                is_public=body.get("public"),
            )
        return Response(update_document(edited))

    @extend_schema(
        operation_id="delete_update",
        summary="Delete an update",
        responses={204: None},
        parameters=[IF_MATCH],
    )
    def delete(self, request: Request, incident_id: str, update_id: str) -> Response:
        with as_read(request, self.record.incident):
            delete_update(self.record, by=key_of(request).actor)
        return Response(status=204)


def update_named(incident_id: str, update_id: str) -> IncidentUpdate:
    kept = incident_named(incident_id).updates.kept().filter(deleted_at=None)
    return get_object_or_404(kept.select_related("incident"), pk=update_id)
