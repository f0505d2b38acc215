"""/incidents/{id}/page: call a group for an incident."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from alerts.api.documents import alert_document
from alerts.api.shapes import AlertDocument
from alerts.models import EscalationPolicy, NotificationGroup
from alerts.summoning import summon
from atender.api.authentication import key_of
from atender.api.fields import IdField
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.reading import records_named
from atender.api.resources import Resource
from atender.api.strict import Body
from incidents.models import Incident


class Summons(Body):
    """The body of POST /incidents/{id}/page; at least one of them."""

    notification_group_id = IdField(
        required=False, allow_null=True, help_text="Its people and channels are called at once."
    )
    escalation_policy_id = IdField(
        required=False, allow_null=True, help_text="Its steps are called one after the other."
    )


EXAMPLE = OpenApiExample(
    "A group",
    value={"notification_group_id": "01JD0000000000000000000000"},
    request_only=True,
)


class IncidentSummons(Resource):
    scope = Scope.INCIDENTS
    record: Incident

    def find(self, **ids: str) -> Incident:
        return get_object_or_404(Incident.objects.kept(), pk=ids["incident_id"])

    @extend_schema(
        operation_id="page_for_incident",
        summary="Page a group, or by a policy, for an incident that nobody has",
        request=Summons,
        responses={201: AlertDocument},
        examples=[EXAMPLE],
    )
    @idempotent
    def post(self, request: Request, incident_id: str) -> Response:
        shape = Summons(data=request.data)
        shape.is_valid(raise_exception=True)
        body = shape.validated_data
        alert = summon(
            self.record,
            by=key_of(request).actor,
            group=_named(NotificationGroup, body, "notification_group_id"),
            policy=_named(EscalationPolicy, body, "escalation_policy_id"),
        )
        return Response(alert_document(alert), status=201)


def _named(rows: Any, body: dict[str, Any], field: str) -> Any:
    wanted = [body[field]] if body.get(field) else []
    return next(iter(records_named(rows.objects.all(), wanted, field=field)), None)
