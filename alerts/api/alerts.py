"""/alerts: what calls responders."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from alerts.api.documents import alert_document, alert_documents, entry_document, with_timeline
from alerts.api.shapes import (
    AlertDocument,
    EntryDocument,
    NewAlert,
    NewNote,
    Promotion,
    Snoozing,
)
from alerts.api.whom import whom
from alerts.by_hand.raising import raise_by_hand
from alerts.lifecycle import acknowledge, add_note, resolve, snooze
from alerts.models import Alert, AlertStatus
from alerts.promotion import create_incident
from alerts.triggering import Trouble, trigger
from atender.api.authentication import key_of
from atender.api.filters import choice, record_id
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.reading import record_named
from atender.api.resources import Listing, Resource
from incidents.api.incidents import document_response, pages_of
from incidents.api.renaming import FIRST_WORDS, Renaming
from incidents.api.shapes import IncidentDocument
from incidents.transitions import Saying
from monitors.models import Monitor, Service

RAISED = OpenApiExample(
    "A queue that fills up",
    value={
        "summary": "Queue of label prints holds 4,200 jobs",
        "severity": "warning",
        "dedup_key": "queue-labels",
    },
    request_only=True,
)
PAGED = OpenApiExample(
    "Page a group by hand, for what no monitor sees",
    value={
        "summary": "The tills of the shop in Ghent print nothing",
        "severity": "error",
        "notification_group_id": "01JD0000000000000000000000",
    },
    request_only=True,
)
PROMOTED = OpenApiExample(
    "Tell customers",
    value={"title": "Checkout fails for some customers", "severity": "major"},
    request_only=True,
)


class AlertList(Listing):
    scope = Scope.ALERTS
    filters = {
        "GET": [
            choice(
                "status",
                "Those that stand so.",
                [*AlertStatus.values, "open", "all"],
                default="all",
            ),
            record_id("monitor_id", "Those of this monitor."),
            record_id("incident_id", "Those of this incident."),
        ]
    }

    @extend_schema(
        operation_id="list_alerts",
        summary="List alerts, newest first",
        responses=AlertDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        return self.listed(with_timeline(chosen_by(self.asked)), alert_documents)

    @extend_schema(
        operation_id="raise_alert",
        summary="Raise an alert, or page somebody by hand",
        description="With a `notification_group_id`, an `escalation_policy_id` or both it pages "
        "them as a person does: its `source` is `person`. Without, the routing of its monitor or "
        "service says who is called. What is known by its `dedup_key` already calls nobody.",
        request=NewAlert,
        responses={200: AlertDocument, 201: AlertDocument},
        examples=[RAISED, PAGED],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        shape = NewAlert(data=request.data)
        shape.is_valid(raise_exception=True)
        trouble, called = trouble_of(shape.validated_data), whom(shape.validated_data)
        by = key_of(request).actor
        if any(called.values()):
            alert, is_new = raise_by_hand(trouble, by=by, **called)
        else:
            alert, is_new = trigger(trouble, by=by)
        return Response(alert_document(alert), status=201 if is_new else 200)


def chosen_by(asked: dict[str, Any]) -> QuerySet[Alert]:
    alerts = Alert.objects.all()
    if asked["status"] == "open":
        alerts = alerts.open()
    elif asked["status"] != "all":
        alerts = alerts.filter(status=asked["status"])
    named = {name: asked[name] for name in ("monitor_id", "incident_id") if asked[name]}
    return alerts.filter(**named)


def trouble_of(body: dict[str, Any]) -> Trouble:
    words = {name: body[name] for name in ("dedup_key", "url") if name in body}
    return Trouble(
        body["summary"],
        severity=body["severity"],
        monitor=record_named(Monitor.objects.all(), body, "monitor_id"),
        service=record_named(Service.objects.all(), body, "service_id"),
        **words,
    )


class OneAlert(Resource):
    """A view whose path names an alert."""

    scope = Scope.ALERTS
    record: Alert

    def find(self, **ids: str) -> Alert:
        return get_object_or_404(Alert, pk=ids["alert_id"])


class AlertDetail(OneAlert):
    @extend_schema(operation_id="read_alert", summary="Read an alert", responses=AlertDocument)
    def get(self, request: Request, alert_id: str) -> Response:
        return Response(alert_document(self.record))


class AlertAcknowledgement(OneAlert):
    @extend_schema(
        operation_id="acknowledge_alert",
        summary="Take an alert and its incident: escalation stops, nothing is resolved",
        request=None,
        responses=AlertDocument,
    )
    def post(self, request: Request, alert_id: str) -> Response:
        acknowledge(self.record, by=key_of(request).actor)
        return Response(alert_document(self.record))


class AlertResolution(OneAlert):
    @extend_schema(
        operation_id="resolve_alert",
        summary="End an alert; its incident is left as it is",
        request=None,
        responses=AlertDocument,
    )
    def post(self, request: Request, alert_id: str) -> Response:
        resolve(self.record, by=key_of(request).actor)
        return Response(alert_document(self.record))


class AlertSnoozing(OneAlert):
    @extend_schema(
        operation_id="snooze_alert",
        summary="Call nobody for an alert until a moment",
        request=Snoozing,
        responses=AlertDocument,
    )
    def post(self, request: Request, alert_id: str) -> Response:
        shape = Snoozing(data=request.data)
        shape.is_valid(raise_exception=True)
        body, now = shape.validated_data, timezone.now()
        until = body.get("until")
        snooze(
            self.record,
            until=until or now + timedelta(minutes=body["minutes"]),
            by=key_of(request).actor,
            at=now,
            is_exact=until is not None,
        )
        return Response(alert_document(self.record))


class AlertNotes(OneAlert):
    @extend_schema(
        operation_id="add_note_to_alert",
        summary="Write down what responders found",
        request=NewNote,
        responses={201: EntryDocument},
    )
    @idempotent
    def post(self, request: Request, alert_id: str) -> Response:
        shape = NewNote(data=request.data)
        shape.is_valid(raise_exception=True)
        entry = add_note(self.record, shape.validated_data["text"], by=key_of(request).actor)
        return Response(entry_document(entry), status=201)


class AlertPromotion(OneAlert, Renaming):
    names = FIRST_WORDS
    scope = Scope.INCIDENTS

    @extend_schema(
        operation_id="create_incident_from_alert",
        summary="Make an incident of an alert",
        request=Promotion,
        responses={201: IncidentDocument},
        examples=[PROMOTED],
    )
    @idempotent
    def post(self, request: Request, alert_id: str) -> Response:
        shape = Promotion(data=request.data)
        shape.is_valid(raise_exception=True)
        body, alert = shape.validated_data, self.record
        words = body.get("initial_update", {})
        incident = create_incident(
            alert,
            by=key_of(request).actor,
            title=body.get("title", alert.summary),
            severity=body.get("severity", alert.incident_severity),
            pages=pages_of(body),
            first=Saying(
                body=words.get("body", ""),
                is_public=words.get("public", True),
                notifies=body.get("notify"),
            ),
        )
        return document_response(request, incident, status=201)
