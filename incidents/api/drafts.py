"""/drafts and /drafts/{id}: words that wait for somebody, or for their time."""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.authentication import key_of
from atender.api.errors import Unprocessable
from atender.api.filters import choice, record_id
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.openapi import IF_MATCH
from atender.api.reading import records_named
from atender.api.resources import Listing, Resource, check_precondition, etag_of
from incidents.api import examples as shown
from incidents.api.draft_shapes import (
    OF_OPENING,
    DraftChange,
    DraftDocument,
    NewDraft,
    draft_document,
    written_in,
)
from incidents.api.incidents import document_response, facts_of
from incidents.api.shapes import IncidentDocument
from incidents.drafts.keeping import discard_draft, save_draft
from incidents.drafts.publishing import publish_now
from incidents.models import Draft, Incident, IncidentUpdate


def kept_drafts() -> QuerySet[Draft]:
    """Drafts of new incidents, and of incidents that were not deleted."""
    return Draft.objects.select_related("incident").filter(incident__deleted_at=None)


class DraftList(Listing):
    examples = {"POST": {"The next update": shown.NEW_DRAFT}}
    scope = Scope.INCIDENTS
    filters = {
        "GET": [
            record_id("incident_id", "Those of an update of this incident."),
            choice("scheduled", "Those that have a time, or that have none.", ["true", "false"]),
        ]
    }

    @extend_schema(
        operation_id="list_drafts",
        summary="List drafts, newest first",
        responses=DraftDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        drafts = kept_drafts()
        if incident_id := self.asked["incident_id"]:
            drafts = drafts.filter(incident_id=incident_id)
        if scheduled := self.asked["scheduled"]:
            drafts = drafts.filter(publish_at__isnull=scheduled == "false")
        return self.listed(drafts, lambda rows: [draft_document(row) for row in rows])

    @extend_schema(
        operation_id="write_draft",
        summary="Write a draft, to be published at a time if one is given",
        request=NewDraft,
        responses={201: DraftDocument},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        shape = NewDraft(data=request.data)
        shape.is_valid(raise_exception=True)
        body = dict(shape.validated_data)
        incident = _incident_in(body.pop("incident_id", None))
        return _answer(_saved(body, request, incident=incident), status=201)


class DraftDetail(Resource):
    has_version = True
    examples = {"PATCH": {"Another text": shown.DRAFT_CHANGE}}
    scope = Scope.INCIDENTS
    record: Draft

    def find(self, **ids: str) -> Draft:
        return get_object_or_404(kept_drafts(), pk=ids["draft_id"])

    @extend_schema(operation_id="read_draft", summary="Read a draft", responses=DraftDocument)
    def get(self, request: Request, draft_id: str) -> Response:
        return _answer(self.record)

    @extend_schema(
        operation_id="change_draft",
        summary="Change a draft, give it a time or take its time away",
        request=DraftChange,
        responses=DraftDocument,
        parameters=[IF_MATCH],
    )
    @transaction.atomic
    def patch(self, request: Request, draft_id: str) -> Response:
        shape = DraftChange(data=request.data)
        shape.is_valid(raise_exception=True)
        draft = held(self.record)
        check_precondition(request, draft.version)
        body = dict(shape.validated_data)
        return _answer(_saved(body, request, incident=draft.incident, before=draft))

    @extend_schema(
        operation_id="discard_draft",
        summary="Throw a draft away",
        responses={204: None},
        parameters=[IF_MATCH],
    )
    @transaction.atomic
    def delete(self, request: Request, draft_id: str) -> Response:
        draft = held(self.record)
        check_precondition(request, draft.version)
        discard_draft(draft, by=key_of(request).actor)
        return Response(status=204)


class DraftPublishing(Resource):
    """Publishing. A repeated request answers with the incident that the draft became part of."""

    scope = Scope.INCIDENTS
    record: Draft | Incident

    def find(self, **ids: str) -> Draft | Incident:
        draft = kept_drafts().filter(pk=ids["draft_id"]).first()
        return draft or get_object_or_404(posted_as(ids["draft_id"]))

    @extend_schema(
        operation_id="publish_draft",
        summary="Publish a draft now: it opens its incident, or is posted as an update of it",
        request=None,
        responses=IncidentDocument,
        parameters=[IF_MATCH],
    )
    @transaction.atomic
    def post(self, request: Request, draft_id: str) -> Response:
        if isinstance(self.record, Incident):
            return document_response(request, self.record)
        draft = held(self.record)
        check_precondition(request, draft.version)
        return document_response(request, publish_now(draft, by=key_of(request).actor))


def posted_as(draft_id: str) -> QuerySet[Incident]:
    """The incident that a draft of that id opened, or has updated."""
    updated = IncidentUpdate.objects.filter(submission_id=draft_id).values("incident_id")
    return Incident.objects.kept().filter(Q(submission_id=draft_id) | Q(pk__in=updated))


def held(draft: Draft) -> Draft:
    """Return the draft as it is now, locked until the transaction ends; raises Http404."""
    found = Draft.objects.select_for_update(of=("self",)).select_related("incident")
    current = found.filter(pk=draft.pk).first()
    if current is None:
        raise Http404
    return current


def _incident_in(incident_id: str | None) -> Incident | None:
    ids = [incident_id] if incident_id else []
    return next(iter(records_named(Incident.objects.kept(), ids, field="incident_id")), None)


def _saved(
    body: dict[str, Any],
    request: Request,
    *,
    incident: Incident | None,
    before: Draft | None = None,
) -> Draft:
    _check_is_of_it(body, incident)
    # Unknown ids are refused now, not later when nobody is watching.
    facts_of(body)
    publish_at = body.pop("publish_at", before.publish_at if before else None)
    return save_draft(
        written_in(body, before),
        by=key_of(request).actor,
        incident=incident,
        publish_at=publish_at,
        draft_id=before.pk if before else None,
        version=before.version if before else None,
    )


def _check_is_of_it(body: dict[str, Any], incident: Incident | None) -> None:
    if incident is None:
        return
    for name in OF_OPENING:
        if body.get(name):
            raise Unprocessable(
                f"{name} is for the draft of a new incident; this one is of an update.", name
            )
        body.pop(name, None)


def _answer(draft: Draft, *, status: int = 200) -> Response:
    headers = {"ETag": etag_of(draft.version)}
    return Response(draft_document(draft), status=status, headers=headers)
