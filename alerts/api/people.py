"""/contact-methods, /notification-groups, /schedules, /escalation-policies: whom alerts call."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from alerts.api.people_documents import (
    group_document,
    method_document,
    override_document,
    people_named,
    policy_document,
    schedule_document,
)
from alerts.api.people_shapes import (
    ContactMethodChange,
    ContactMethodDocument,
    EscalationPolicyDocument,
    NewContactMethod,
    NewEscalationPolicy,
    NewNotificationGroup,
    NewOverride,
    NewSchedule,
    NotificationGroupChange,
    NotificationGroupDocument,
    OverrideDocument,
    PolicyChange,
    ScheduleChange,
    ScheduleDocument,
)
from alerts.models import AlertChannel, ContactMethod, EscalationPolicy, NotificationGroup, Schedule
from alerts.people.arranging import (
    Step,
    add_override,
    delete,
    delete_override,
    save_group,
    save_policy,
    save_schedule,
)
from alerts.people.reachable import add_method, change_method, delete_method
from atender.api.authentication import key_of
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.reading import records_named
from atender.api.resources import Listing, Resource

METHOD = OpenApiExample(
    "A mail at once",
    value={"person": "alice@acme.example", "kind": "email", "address": "alice@acme.example"},
    request_only=True,
)


def read(shape_class: Any, request: Request) -> dict[str, Any]:
    shape = shape_class(data=request.data)
    shape.is_valid(raise_exception=True)
    return dict(shape.validated_data)


class ContactMethodList(Listing):
    scope = Scope.ALERTS

    @extend_schema(
        operation_id="list_contact_methods",
        summary="List how people are called",
        responses=ContactMethodDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        return self.listed(
            ContactMethod.objects.all(), lambda page: [method_document(row) for row in page]
        )

    @extend_schema(
        operation_id="add_contact_method",
        summary="Add a way to call a person",
        request=NewContactMethod,
        responses={201: ContactMethodDocument},
        examples=[METHOD],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        body = read(NewContactMethod, request)
        (person,) = people_named([body["person"]], field="person")
        method = add_method(
            person,
            body["kind"],
            body["address"],
            by=key_of(request).actor,
            after_s=body.get("after_s", [0]),
        )
        return Response(method_document(method), status=201)


class ContactMethodDetail(Resource):
    scope = Scope.ALERTS
    record: ContactMethod

    def find(self, **ids: str) -> ContactMethod:
        return get_object_or_404(ContactMethod, pk=ids["method_id"])

    @extend_schema(
        operation_id="read_contact_method",
        summary="Read how a person is called",
        responses=ContactMethodDocument,
    )
    def get(self, request: Request, method_id: str) -> Response:
        return Response(method_document(self.record))

    @extend_schema(
        operation_id="change_contact_method",
        summary="Change an address, or after how long it is used",
        request=ContactMethodChange,
        responses=ContactMethodDocument,
    )
    def patch(self, request: Request, method_id: str) -> Response:
        body = read(ContactMethodChange, request)
        changed = change_method(self.record, by=key_of(request).actor, **body)
        return Response(method_document(changed))

    @extend_schema(
        operation_id="delete_contact_method",
        summary="Call a person there no longer",
        responses={204: None},
    )
    def delete(self, request: Request, method_id: str) -> Response:
        delete_method(self.record, by=key_of(request).actor)
        return Response(status=204)


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


def schedules_named(body: dict[str, Any], field: str) -> list[Schedule]:
    return records_named(Schedule.objects.all(), body.get(field, []), field=field)


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
        return self.listed(
            Schedule.objects.all(), lambda page: [schedule_document(row) for row in page]
        )

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


def policy_parts(body: dict[str, Any]) -> dict[str, Any]:
    parts: dict[str, Any] = {n: body[n] for n in ("name", "repeats") if n in body}
    if "steps" in body:
        parts["steps"] = [step_of(step) for step in body["steps"]]
    if "last_resort_group_id" in body:
        wanted = [i for i in [body["last_resort_group_id"]] if i]
        found = records_named(NotificationGroup.objects.all(), wanted, field="last_resort_group_id")
        parts["last_resort"] = next(iter(found), None)
    return parts


def step_of(body: dict[str, Any]) -> Step:
    groups = NotificationGroup.objects.all()
    return Step(
        wait_s=body["wait_s"],
        people=people_named(body.get("people", []), field="people"),
        schedules=schedules_named(body, "schedule_ids"),
        groups=records_named(groups, body.get("group_ids", []), field="group_ids"),
    )


class PolicyList(Listing):
    scope = Scope.ALERTS

    @extend_schema(
        operation_id="list_escalation_policies",
        summary="List escalation policies",
        responses=EscalationPolicyDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        whom = ("steps__people", "steps__schedules", "steps__groups")
        rows = EscalationPolicy.objects.prefetch_related("steps", *whom)
        return self.listed(rows, lambda page: [policy_document(row) for row in page])

    @extend_schema(
        operation_id="add_escalation_policy",
        summary="Add an escalation policy",
        request=NewEscalationPolicy,
        responses={201: EscalationPolicyDocument},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        parts = policy_parts(read(NewEscalationPolicy, request))
        policy = save_policy(None, by=key_of(request).actor, **parts)
        return Response(policy_document(policy), status=201)


class PolicyDetail(Resource):
    scope = Scope.ALERTS
    record: EscalationPolicy

    def find(self, **ids: str) -> EscalationPolicy:
        return get_object_or_404(EscalationPolicy, pk=ids["policy_id"])

    @extend_schema(
        operation_id="read_escalation_policy",
        summary="Read an escalation policy",
        responses=EscalationPolicyDocument,
    )
    def get(self, request: Request, policy_id: str) -> Response:
        return Response(policy_document(self.record))

    @extend_schema(
        operation_id="change_escalation_policy",
        summary="Change an escalation policy",
        request=PolicyChange,
        responses=EscalationPolicyDocument,
    )
    def patch(self, request: Request, policy_id: str) -> Response:
        parts = policy_parts(read(PolicyChange, request))
        changed = save_policy(self.record, by=key_of(request).actor, **parts)
        return Response(policy_document(changed))

    @extend_schema(
        operation_id="delete_escalation_policy",
        summary="Delete an escalation policy",
        responses={204: None},
    )
    def delete(self, request: Request, policy_id: str) -> Response:
        delete(self.record, by=key_of(request).actor)
        return Response(status=204)
