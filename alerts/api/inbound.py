"""/inbound-sources: the systems whose alerts come in."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from alerts.api.inbound_shapes import (
    InboundSourceChange,
    InboundSourceDocument,
    NewInboundSource,
    NewInboundSourceDocument,
)
from alerts.inbound.sources import (
    add_source,
    change_source,
    delete_source,
    renew_token,
)
from alerts.models import InboundSource
from atender.api.authentication import key_of
from atender.api.idempotency import SaidOnce, idempotent
from atender.api.models import Scope
from atender.api.reading import record_named
from atender.api.resources import Listing, Resource
from monitors.models import Service

EXAMPLE = OpenApiExample(
    "Alertmanager", value={"name": "Production", "kind": "alertmanager"}, request_only=True
)


class InboundSourceList(Listing):
    scope = Scope.ALERTS

    @extend_schema(
        operation_id="list_inbound_sources",
        summary="List the systems whose alerts come in",
        responses=InboundSourceDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        rows: QuerySet[InboundSource] = InboundSource.objects.all()
        return self.listed(rows, lambda page: [source_document(row) for row in page])

    @extend_schema(
        operation_id="add_inbound_source",
        summary="Make an address that another system posts its alerts to",
        request=NewInboundSource,
        responses={201: NewInboundSourceDocument},
        examples=[EXAMPLE],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        shape = NewInboundSource(data=request.data)
        shape.is_valid(raise_exception=True)
        body = shape.validated_data
        source = add_source(
            body["name"],
            body["kind"],
            by=key_of(request).actor,
            service=record_named(Service.objects.all(), body, "service_id"),
            mapping=body.get("mapping"),
        )
        return _with_address(source, request, status=201)


class OneInboundSource(Resource):
    scope = Scope.ALERTS
    record: InboundSource

    def find(self, **ids: str) -> InboundSource:
        return get_object_or_404(InboundSource, pk=ids["source_id"])


class InboundSourceDetail(OneInboundSource):
    @extend_schema(
        operation_id="read_inbound_source",
        summary="Read a source; its token is answered where it is made",
        responses=InboundSourceDocument,
    )
    def get(self, request: Request, source_id: str) -> Response:
        return Response(source_document(self.record))

    @extend_schema(
        operation_id="change_inbound_source",
        summary="Change a source's name, service or mapping",
        request=InboundSourceChange,
        responses=InboundSourceDocument,
    )
    def patch(self, request: Request, source_id: str) -> Response:
        shape = InboundSourceChange(data=request.data)
        shape.is_valid(raise_exception=True)
        body = shape.validated_data
        changes = {name: body[name] for name in ("name", "mapping") if name in body}
        if "service_id" in body:
            changes["service"] = record_named(Service.objects.all(), body, "service_id")
        source = change_source(self.record, by=key_of(request).actor, **changes)
        return Response(source_document(source))

    @extend_schema(
        operation_id="delete_inbound_source",
        summary="Close an address; its alerts stay",
        responses={204: None},
    )
    def delete(self, request: Request, source_id: str) -> Response:
        delete_source(self.record, by=key_of(request).actor)
        return Response(status=204)


class InboundSourceRenewal(OneInboundSource):
    @extend_schema(
        operation_id="renew_inbound_source",
        summary="Give a source another token; the one before opens nothing any more",
        request=None,
        responses=NewInboundSourceDocument,
    )
    def post(self, request: Request, source_id: str) -> Response:
        source = renew_token(self.record, by=key_of(request).actor)
        return _with_address(source, request)


def source_document(source: InboundSource) -> dict[str, Any]:
    return {
        "id": source.id,
        "name": source.name,
        "kind": source.kind,
        "service_id": source.service_id,
        "mapping": source.mapping,
        "last_used_at": source.last_used_at,
        "created_at": source.created_at,
    }


def _with_address(source: InboundSource, request: Request, *, status: int = 200) -> Response:
    """Its document with the token, which is an authority and so kept in no stored answer."""
    secret = {"token": source.token, "url": request.build_absolute_uri(source.path)}
    return SaidOnce(source_document(source), secret=secret, status=status)
