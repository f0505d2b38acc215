"""/notification-groups: who is told of an alert at once."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from alerts.api.people_documents import group_document, people_named
from alerts.api.people_shapes import (
    NewNotificationGroup,
    NotificationGroupChange,
    NotificationGroupDocument,
)
from alerts.api.reading import read
from alerts.api.schedules import schedules_named
from alerts.models import AlertChannel, NotificationGroup
from alerts.people.arranging import delete, save_group
from atender.api.authentication import key_of
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.reading import records_named
from atender.api.resources import Listing, Resource


def group_parts(body: dict[str, Any]) -> dict[str, Any]:
    parts: dict[str, Any] = {"name": body.get("name")}
    if "people" in body:
        parts["people"] = people_named(body["people"], field="people")
    if "schedule_ids" in body:
        parts["schedules"] = schedules_named(body, "schedule_ids")
    if "channel_ids" in body:
        channels = AlertChannel.objects.all()
        parts["channels"] = records_named(channels, body["channel_ids"], field="channel_ids")
    return parts


class NotificationGroupList(Listing):
    scope = Scope.ALERTS

    @extend_schema(
        operation_id="list_notification_groups",
        summary="List notification groups",
        responses=NotificationGroupDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = NotificationGroup.objects.prefetch_related("people", "schedules", "channels")
        return self.listed(rows, lambda page: [group_document(row) for row in page])

    @extend_schema(
        operation_id="add_notification_group",
        summary="Add a notification group",
        request=NewNotificationGroup,
        responses={201: NotificationGroupDocument},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        parts = group_parts(read(NewNotificationGroup, request))
        group = save_group(None, by=key_of(request).actor, **parts)
        return Response(group_document(group), status=201)


class NotificationGroupDetail(Resource):
    scope = Scope.ALERTS
    record: NotificationGroup

    def find(self, **ids: str) -> NotificationGroup:
        return get_object_or_404(NotificationGroup, pk=ids["group_id"])

    @extend_schema(
        operation_id="read_notification_group",
        summary="Read a notification group",
        responses=NotificationGroupDocument,
    )
    def get(self, request: Request, group_id: str) -> Response:
        return Response(group_document(self.record))

    @extend_schema(
        operation_id="change_notification_group",
        summary="Change a notification group",
        request=NotificationGroupChange,
        responses=NotificationGroupDocument,
    )
    def patch(self, request: Request, group_id: str) -> Response:
        parts = group_parts(read(NotificationGroupChange, request))
        return Response(group_document(save_group(self.record, by=key_of(request).actor, **parts)))

    @extend_schema(
        operation_id="delete_notification_group",
        summary="Delete a notification group",
        responses={204: None},
    )
    def delete(self, request: Request, group_id: str) -> Response:
        delete(self.record, by=key_of(request).actor)
        return Response(status=204)
