"""/subscribers/import: lists of contacts who consented elsewhere."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.authentication import key_of
from atender.api.bodies import CSVParser, takes_file
from atender.api.fields import IdField, Moment
from atender.api.filters import record_id
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.resources import Resource
from incidents.api.page_asked import page_named
from subscribers.importing.reading import LARGEST
from subscribers.importing.runs import start_import
from subscribers.models import ContactImport, ImportState


class LineProblem(serializers.Serializer[Any]):
    line = serializers.IntegerField(help_text="The file's first line is 1.")
    detail = serializers.CharField()


class ImportDocument(serializers.Serializer[Any]):
    id = IdField()
    page_id = IdField()
    state = serializers.ChoiceField(choices=ImportState.choices)
    total = serializers.IntegerField(help_text="Lines with a contact.")
    imported = serializers.IntegerField()
    skipped = serializers.IntegerField(
        help_text="Subscribed already, named twice, unsubscribed or bounced: left as they are."
    )
    refused = serializers.IntegerField(help_text="Lines that cannot be taken.")
    errors = LineProblem(  # type: ignore[assignment]
        many=True, help_text="The first 1,000 of them, kept for 30 days."
    )
    created_at = Moment()
    finished_at = Moment(allow_null=True)


def import_document(run: ContactImport) -> dict[str, Any]:
    return {
        "id": run.id,
        "page_id": run.page_id,
        "state": run.state,
        "total": run.total,
        "imported": run.imported,
        "skipped": run.skipped,
        "refused": run.refused,
        "errors": [{"line": p.line, "detail": p.remark} for p in run.problems.all()],
        "created_at": run.created_at,
        "finished_at": run.finished_at,
    }


class ImportList(Resource):
    scope = Scope.SUBSCRIBERS
    parser_classes = [CSVParser]
    filters = {"POST": [record_id("page_id", "The default page unless given.")]}

    @extend_schema(
        operation_id="import_subscribers",
        summary="Import contacts who consented elsewhere",
        description="CSV in UTF-8 whose first line is `email[,language][,components]`; components "
        "are names or ids with `;` between them, none means everything. Nobody is mailed. Who is "
        "subscribed, has unsubscribed or bounced stays as they are, so that the same file may be "
        "sent again. Read the answer's address until `state` is `done`.",
        request={"text/csv": OpenApiTypes.STR},
        responses={202: ImportDocument},
    )
    @takes_file("text/csv", largest=LARGEST)
    @idempotent
    def post(self, request: Request) -> Response:
        page = page_named(self.asked["page_id"])
        run = start_import(page, data=request._request.body, by=key_of(request).actor)
        where = {"Location": f"{request.path}/{run.id}"}
        return Response(import_document(run), status=202, headers=where)


class ImportDetail(Resource):
    scope = Scope.SUBSCRIBERS
    record: ContactImport

    def find(self, **ids: str) -> ContactImport:
        return get_object_or_404(ContactImport, pk=ids["import_id"])

    @extend_schema(
        operation_id="read_subscriber_import",
        summary="Read how far an import is",
        responses=ImportDocument,
    )
    def get(self, request: Request, import_id: str) -> Response:
        return Response(import_document(self.record))
