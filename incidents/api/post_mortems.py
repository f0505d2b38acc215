"""/incidents/{id}/postmortem."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.authentication import key_of
from atender.api.errors import NotYet
from atender.api.models import Scope
from atender.api.resources import PreconditionFailed, check_precondition, etag_of
from atender.refusals import Refused
from incidents.afterwards.post_mortems import (
    change_post_mortem,
    delete_post_mortem,
    publish_post_mortem,
    start_post_mortem,
    withdraw_post_mortem,
)
from incidents.api import examples as shown
from incidents.api.incidents import OneIncident
from incidents.api.post_mortem_shapes import (
    PostMortemDocument,
    PostMortemWriting,
    post_mortem_document,
    version_of,
)
from incidents.lifecycle import lock
from incidents.models import Incident, PostMortem, PostMortemStatus

NOT_STARTED = (
    "The incident has no post-mortem yet. Once it is resolved, PUT starts one here, prefilled from "
    "the record."
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag that was read; an older one is refused with 412.",
)


class PostMortemDetail(OneIncident):
    has_version = True
    examples = {method: {"Publish it": shown.POST_MORTEM} for method in ("PUT", "PATCH")}
    scopes = {"DELETE": Scope.INCIDENTS_DELETE}

    @extend_schema(
        operation_id="read_postmortem",
        summary="Read the post-mortem with its facts and follow-ups",
        responses=PostMortemDocument,
    )
    def get(self, request: Request, incident_id: str) -> Response:
        return document_response(post_mortem_of(self.record))

    @extend_schema(
        operation_id="write_postmortem",
        summary="Start the post-mortem, or write and publish it",
        description="Without a `body` a new one is prefilled from the record's public facts.",
        request=PostMortemWriting,
        responses={
            200: PostMortemDocument,
            201: OpenApiResponse(PostMortemDocument, description="It was started."),
        },
        parameters=[IF_MATCH],
    )
    def put(self, request: Request, incident_id: str) -> Response:
        return self._write(request, starts=True)

    @extend_schema(
        operation_id="change_postmortem",
        summary="Change the text, publish or withdraw",
        request=PostMortemWriting,
        responses=PostMortemDocument,
        parameters=[IF_MATCH],
    )
    def patch(self, request: Request, incident_id: str) -> Response:
        return self._write(request, starts=False)

    @extend_schema(
        operation_id="delete_postmortem",
        summary="Delete the post-mortem and its follow-ups",
        responses={204: None},
        parameters=[IF_MATCH],
    )
    @transaction.atomic
    def delete(self, request: Request, incident_id: str) -> Response:
        lock(self.record)
        found = post_mortem_of(self.record)
        check_precondition(request, version_of(found))
        delete_post_mortem(found, by=key_of(request).actor)
        return Response(status=204)

    @transaction.atomic
    def _write(self, request: Request, *, starts: bool) -> Response:
        shape = PostMortemWriting(data=request.data)
        shape.is_valid(raise_exception=True)
        body, by = shape.validated_data, key_of(request).actor
        # Held until the end, so that what was checked is what is changed.
        lock(self.record)
        found = PostMortem.objects.filter(incident=self.record).first()
        if found is None and not starts:
            raise NotYet(NOT_STARTED)
        if found is not None:
            check_precondition(request, version_of(found))
        elif request.headers.get("If-Match"):
            raise PreconditionFailed
        written = found or start_post_mortem(self.record, by=by, body=body.get("body"))
        if found and "body" in body:
            written = change_post_mortem(written, by=by, body=body["body"])
        written = _move(written, body, request)
        return document_response(written, status=200 if found else 201)


def _move(post_mortem: PostMortem, body: dict[str, Any], request: Request) -> PostMortem:
    """Publish or withdraw as the body says; raises Refused for telling of a draft."""
    by, notifies = key_of(request).actor, body.get("notify", False)
    status = body.get("status", post_mortem.status)
    if status == PostMortemStatus.PUBLISHED:
        return publish_post_mortem(post_mortem, by=by, notifies=notifies)
    if notifies:
        raise Refused(
            "notify tells subscribers of a published post-mortem; send status 'published' too.",
            field="notify",
        )
    return withdraw_post_mortem(post_mortem, by=by)


def post_mortem_of(incident: Incident) -> PostMortem:
    found = PostMortem.objects.select_related("incident").filter(incident=incident).first()
    if found is None:
        raise NotYet(NOT_STARTED)
    return found


def document_response(post_mortem: PostMortem, *, status: int = 200) -> Response:
    """The post-mortem as it is now, with its version as ETag."""
    headers = {"ETag": etag_of(version_of(post_mortem))}
    return Response(post_mortem_document(post_mortem), status=status, headers=headers)
