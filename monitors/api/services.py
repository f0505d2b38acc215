"""/services: groups of monitors."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.authentication import key_of
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.resources import Listing, Resource
from monitors.api.runbooks import keep_runbook, texts_of
from monitors.api.shapes import NewService, ServiceChange, ServiceDocument
from monitors.catalogue import add_service, change_service, delete_service
from monitors.models import Service


class ServiceList(Listing):
    scope = Scope.MONITORS

    @extend_schema(
        operation_id="list_services", summary="List services", responses=ServiceDocument(many=True)
    )
    def get(self, request: Request) -> Response:
        return self.listed(Service.objects.all(), service_documents)

    @extend_schema(
        operation_id="add_service",
        summary="Add a service",
        request=NewService,
        responses={201: ServiceDocument},
    )
    @idempotent
    @transaction.atomic
    def post(self, request: Request) -> Response:
        shape = NewService(data=request.data)
        shape.is_valid(raise_exception=True)
        body, by = shape.validated_data, key_of(request).actor
        service = add_service(body["name"], by=by, description=body.get("description", ""))
        keep_runbook(service, body, by=by)
        return Response(service_document(service), status=201)


class ServiceDetail(Resource):
    scope = Scope.MONITORS
    scopes = {"DELETE": Scope.ADMIN}
    record: Service

    def find(self, **ids: str) -> Service:
        return get_object_or_404(Service.objects.all(), pk=ids["service_id"])

    @extend_schema(operation_id="read_service", summary="Read a service", responses=ServiceDocument)
    def get(self, request: Request, service_id: str) -> Response:
        return Response(service_document(self.record))

    @extend_schema(
        operation_id="change_service",
        summary="Change a service or its runbook",
        request=ServiceChange,
        responses=ServiceDocument,
    )
    @transaction.atomic
    def patch(self, request: Request, service_id: str) -> Response:
        shape = ServiceChange(data=request.data)
        shape.is_valid(raise_exception=True)
        body, by = shape.validated_data, key_of(request).actor
        changes = {name: body[name] for name in ("name", "description") if name in body}
        service = change_service(self.record, by=by, **changes) if changes else self.record
        keep_runbook(service, body, by=by)
        return Response(service_document(service))

    @extend_schema(
        operation_id="delete_service",
        summary="Delete a service; its monitors stay",
        responses={204: None},
    )
    def delete(self, request: Request, service_id: str) -> Response:
        delete_service(self.record, by=key_of(request).actor)
        return Response(status=204)


def service_document(service: Service) -> dict[str, Any]:
    (document,) = service_documents([service])
    return document


def service_documents(services: Sequence[Service]) -> list[dict[str, Any]]:
    """Build the documents of services; one query for runbooks, however many there are."""
    runbooks = texts_of(services)
    return [
        {
            "id": service.id,
            "name": service.name,
            "description": service.description,
            "runbook": runbooks[service.id],
            "created_at": service.created_at,
        }
        for service in services
    ]
