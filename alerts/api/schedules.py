"""/schedules: whose duty it is, and who stands in."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from alerts.api.people_documents import override_document, people_named, schedule_document
from alerts.api.people_shapes import (
    NewOverride,
    NewSchedule,
    OverrideDocument,
    ScheduleChange,
    ScheduleDocument,
)
from alerts.api.reading import read
from alerts.models import Schedule
from alerts.people.arranging import add_override, delete, delete_override, save_schedule
from atender.api.authentication import key_of
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.reading import records_named
from atender.api.resources import Listing, Resource


def schedules_named(body: dict[str, Any], field: str) -> list[Schedule]:
    return records_named(Schedule.objects.all(), body.get(field, []), field=field)


def schedule_parts(body: dict[str, Any]) -> dict[str, Any]:
    parts = {name: body[name] for name in body if name != "people"}
    if "people" in body:
        parts["people"] = people_named(body["people"], field="people")
    return parts


class ScheduleList(Listing):
    scope = Scope.ALERTS

    @extend_schema(
        operation_id="list_schedules",
        summary="List schedules and who has the duty now",
        responses=ScheduleDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = Schedule.objects.prefetch_related("members", "overrides")
        return self.listed(rows, lambda page: [schedule_document(row) for row in page])

    @extend_schema(
        operation_id="add_schedule",
        summary="Add a weekly rotation",
        request=NewSchedule,
        responses={201: ScheduleDocument},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        parts = schedule_parts(read(NewSchedule, request))
        schedule = save_schedule(None, by=key_of(request).actor, **parts)
        return Response(schedule_document(schedule), status=201)


class OneSchedule(Resource):
    scope = Scope.ALERTS
    record: Schedule

    def find(self, **ids: str) -> Schedule:
        return get_object_or_404(Schedule, pk=ids["schedule_id"])


class ScheduleDetail(OneSchedule):
    @extend_schema(
        operation_id="read_schedule",
        summary="Read a schedule and who has the duty now",
        responses=ScheduleDocument,
    )
    def get(self, request: Request, schedule_id: str) -> Response:
        return Response(schedule_document(self.record))

    @extend_schema(
        operation_id="change_schedule",
        summary="Change a schedule",
        request=ScheduleChange,
        responses=ScheduleDocument,
    )
    def patch(self, request: Request, schedule_id: str) -> Response:
        parts = schedule_parts(read(ScheduleChange, request))
        changed = save_schedule(self.record, by=key_of(request).actor, **parts)
        return Response(schedule_document(changed))

    @extend_schema(
        operation_id="delete_schedule", summary="Delete a schedule", responses={204: None}
    )
    def delete(self, request: Request, schedule_id: str) -> Response:
        delete(self.record, by=key_of(request).actor)
        return Response(status=204)


class OverrideList(OneSchedule):
    @extend_schema(
        operation_id="add_override",
        summary="Let somebody stand in",
        request=NewOverride,
        responses={201: OverrideDocument},
    )
    @idempotent
    def post(self, request: Request, schedule_id: str) -> Response:
        body = read(NewOverride, request)
        (person,) = people_named([body["person"]], field="person")
        override = add_override(
            self.record,
            person,
            starts_at=body["starts_at"],
            ends_at=body["ends_at"],
            by=key_of(request).actor,
        )
        return Response(override_document(override), status=201)


class OverrideDetail(OneSchedule):
    @extend_schema(
        operation_id="delete_override",
        summary="Let the rotation be as it was",
        responses={204: None},
    )
    def delete(self, request: Request, schedule_id: str, override_id: str) -> Response:
        override = get_object_or_404(self.record.overrides.all(), pk=override_id)
        delete_override(override, by=key_of(request).actor)
        return Response(status=204)
