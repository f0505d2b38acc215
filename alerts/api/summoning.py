"""/incidents/{id}/page: call a group for an incident."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from alerts.api.documents import alert_document
from alerts.api.shapes import AlertDocument
from alerts.api.whom import Whom, whom
from alerts.by_hand.summoning import summon
from atender.api.authentication import key_of
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.resources import Resource
from incidents.models import Incident


class Summons(Whom):
    """The body of POST /incidents/{id}/page; at least one of them."""


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
        alert = summon(self.record, by=key_of(request).actor, **whom(shape.validated_data))
        return Response(alert_document(alert), status=201)
