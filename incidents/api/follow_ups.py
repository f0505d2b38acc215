"""/incidents/{id}/postmortem/follow-ups and …/follow-ups/{follow_up_id}."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.authentication import key_of
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.reading import records_named
from atender.api.resources import Listing, Resource
from atender.refusals import Refused
from atender.staff.models import User
from incidents.afterwards.follow_ups import add_follow_up, change_follow_up, delete_follow_up
from incidents.api import examples as shown
from incidents.api.incidents import OneIncident, incident_named
from incidents.api.post_mortem_shapes import (
    FollowUpChange,
    FollowUpDocument,
    NewFollowUp,
    follow_up_document,
)
from incidents.api.post_mortems import post_mortem_of
from incidents.models import FollowUp


class FollowUpList(OneIncident, Listing):
    examples = {"POST": {"To be done": shown.NEW_FOLLOW_UP}}

    @extend_schema(
        operation_id="list_follow_ups",
        summary="List follow-up actions, newest first",
        responses=FollowUpDocument(many=True),
    )
    def get(self, request: Request, incident_id: str) -> Response:
        rows = post_mortem_of(self.record).follow_ups.all()
        return self.listed(rows, lambda page: [follow_up_document(row) for row in page])

    @extend_schema(
        operation_id="add_follow_up",
        summary="Note what is to be done",
        request=NewFollowUp,
        responses={201: FollowUpDocument},
    )
    @idempotent
    def post(self, request: Request, incident_id: str) -> Response:
        shape = NewFollowUp(data=request.data)
        shape.is_valid(raise_exception=True)
        said = _said(shape.validated_data)
        noted = add_follow_up(
            post_mortem_of(self.record), said.pop("title"), by=key_of(request).actor, **said
        )
        return Response(follow_up_document(noted), status=201)


class FollowUpDetail(Resource):
    examples = {"PATCH": {"Done": shown.FOLLOW_UP_CHANGE}}
    scope = Scope.INCIDENTS
    scopes = {"DELETE": Scope.INCIDENTS_DELETE}
    record: FollowUp

    def find(self, **ids: str) -> FollowUp:
        of_incident = FollowUp.objects.filter(
            post_mortem__incident=incident_named(ids["incident_id"])
        )
        known = of_incident.select_related("post_mortem__incident")
        return get_object_or_404(known, pk=ids["follow_up_id"])

    @extend_schema(
        operation_id="read_follow_up",
        summary="Read a follow-up action",
        responses=FollowUpDocument,
    )
    def get(self, request: Request, incident_id: str, follow_up_id: str) -> Response:
        return Response(follow_up_document(self.record))

    @extend_schema(
        operation_id="change_follow_up",
        summary="Change a follow-up action, or say that it is done",
        request=FollowUpChange,
        responses=FollowUpDocument,
    )
    def patch(self, request: Request, incident_id: str, follow_up_id: str) -> Response:
        shape = FollowUpChange(data=request.data)
        shape.is_valid(raise_exception=True)
        said = _said(shape.validated_data)
        changed = change_follow_up(self.record, by=key_of(request).actor, **said)
        return Response(follow_up_document(changed))

    @extend_schema(
        operation_id="delete_follow_up",
        summary="Delete a follow-up action",
        responses={204: None},
    )
    def delete(self, request: Request, incident_id: str, follow_up_id: str) -> Response:
        delete_follow_up(self.record, by=key_of(request).actor)
        return Response(status=204)


def _said(body: dict[str, Any]) -> dict[str, Any]:
    """Translate a body into the verb's arguments; an unknown owner is a 422."""
    said: dict[str, Any] = {n: body[n] for n in ("title", "due_date") if n in body}
    for name, word in (("public", "is_public"), ("done", "is_done")):
        if name in body:
            said[word] = body[name]
    if body.get("owner_id"):
        if body.get("owner_name"):
            raise Refused("Send owner_id or owner_name, not both.", field="owner_name")
        (said["owner"],) = records_named(
            User.objects.active(), [body["owner_id"]], field="owner_id"
        )
    elif "owner_name" in body or "owner_id" in body:
        said["owner"] = body.get("owner_name") or ""
    return said
