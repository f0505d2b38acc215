"""/escalation-policies: who is called one after the other."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from alerts.api.people_documents import people_named, policy_document
from alerts.api.people_shapes import EscalationPolicyDocument, NewEscalationPolicy, PolicyChange
from alerts.api.reading import read
from alerts.api.schedules import schedules_named
from alerts.models import EscalationPolicy, NotificationGroup
from alerts.people.arranging import Step, delete, save_policy
from atender.api.authentication import key_of
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.reading import record_named, records_named
from atender.api.resources import Listing, Resource


def policy_parts(body: dict[str, Any]) -> dict[str, Any]:
    parts: dict[str, Any] = {n: body[n] for n in ("name", "repeats", "is_fallback") if n in body}
    if "steps" in body:
        parts["steps"] = [step_of(step) for step in body["steps"]]
    if "last_resort_group_id" in body:
        groups = NotificationGroup.objects.all()
        parts["last_resort"] = record_named(groups, body, "last_resort_group_id")
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
