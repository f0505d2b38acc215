"""GET /reports and /incidents/{id}/report: the console's figures, for programs."""

from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from assist.reports.formats import for_programs
from assist.reports.of_incident import IncidentReport, report_of
from assist.reports.of_period import report_on, tenants_zone
from assist.reports.periods import period_between
from assist.reports.tables import Table, Unit
from atender.api.fields import Text
from atender.api.filters import Filter, record_id
from atender.api.models import Scope
from atender.api.resources import Resource
from incidents.api.page_asked import page_named
from incidents.models import Incident, Kind

DAY = {"type": "string", "format": "date"}
RESOLVED = OpenApiExample(
    "An incident that is over",
    value={
        "incident_id": "01JD0000000000000000000000",
        "time_to_acknowledge_s": 240,
        "time_to_identify_s": 1440,
        "time_to_resolve_s": 4920,
        "conversations_linked": 41,
        "cards": {"shown": 44, "confirmed": 38, "dismissed": 2, "precision": 0.95},
        "answered_by_stack": 27,
        "subscribers_gained": 19,
        "enrolled_from_conversations": 17,
        "promises": {"kept": 3, "missed": 1, "moved": 0, "open": 0},
        "told": {"mails": 1204, "calls": 8, "texts": 0, "failed": 3},
    },
    response_only=True,
)


class ColumnShape(serializers.Serializer[Any]):
    key = Text()
    title = Text()
    unit = serializers.ChoiceField(choices=[unit.value for unit in Unit])


class TableShape(serializers.Serializer[Any]):
    name = Text()
    title = Text()
    about = Text()
    columns = ColumnShape(many=True)
    rows = serializers.ListField(
        child=serializers.DictField(),
        help_text="By the keys of the columns: seconds are whole, shares 0 to 1, and null stands "
        "where there was nothing to count.",
    )


class PeriodReport(serializers.Serializer[Any]):
    first = serializers.DateField()
    last = serializers.DateField()
    time_zone = Text()
    tables = TableShape(many=True)


class CardCounts(serializers.Serializer[Any]):
    shown = serializers.IntegerField()
    confirmed = serializers.IntegerField()
    dismissed = serializers.IntegerField()
    precision = serializers.FloatField(
        allow_null=True, help_text="confirmed ÷ (confirmed + dismissed)"
    )


class PromiseCounts(serializers.Serializer[Any]):
    kept = serializers.IntegerField()
    missed = serializers.IntegerField()
    moved = serializers.IntegerField()
    open = serializers.IntegerField()


class ToldCounts(serializers.Serializer[Any]):
    mails = serializers.IntegerField()
    calls = serializers.IntegerField(help_text="Webhooks and chats.")
    texts = serializers.IntegerField()
    failed = serializers.IntegerField()


class IncidentReportShape(serializers.Serializer[Any]):
    incident_id = Text()
    time_to_acknowledge_s = serializers.IntegerField(allow_null=True)
    time_to_identify_s = serializers.IntegerField(allow_null=True)
    time_to_resolve_s = serializers.IntegerField(allow_null=True)
    conversations_linked = serializers.IntegerField()
    cards = CardCounts()
    answered_by_stack = serializers.IntegerField()
    subscribers_gained = serializers.IntegerField(
        help_text="Who asked to hear of this incident by itself and was verified, whoever left or "
        "was erased since."
    )
    enrolled_from_conversations = serializers.IntegerField()
    promises = PromiseCounts()
    told = ToldCounts()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"'{text[:40]}' is no day; a day looks like 2026-04-24.") from None


class ReportDetail(Resource):
    scope = Scope.READ
    filters = {
        "GET": [
            Filter("first", "The first day, of the tenant's time zone.", _day, DAY),
            Filter("last", "The last day, itself included; today unless given.", _day, DAY),
            record_id("page_id", "Uptime as this page tells it; the default one unless given."),
        ]
    }

    @extend_schema(
        operation_id="read_report",
        summary="Report on a stretch of days, the latest 90 unless told",
        responses=PeriodReport,
    )
    def get(self, request: Request) -> Response:
        now, zone, asked = timezone.now(), tenants_zone(), self.asked
        today = now.astimezone(zone).date()
        period = period_between(asked["first"], asked["last"], today=today, zone=zone)
        tables = report_on(period, page_named(asked["page_id"]), now=now)
        return Response(
            {
                "first": period.first,
                "last": period.last,
                "time_zone": zone.key,
                "tables": [_table_document(table) for table in tables],
            }
        )


class IncidentReportDetail(Resource):
    scope = Scope.INCIDENTS

    def find(self, **ids: str) -> Incident:
        incidents = Incident.objects.kept().filter(kind=Kind.INCIDENT)
        return get_object_or_404(incidents, pk=ids["incident_id"])

    @extend_schema(
        operation_id="read_incident_report",
        summary="Report on an incident",
        responses=IncidentReportShape,
        examples=[RESOLVED],
    )
    def get(self, request: Request, incident_id: str) -> Response:
        report = report_of(self.record, now=timezone.now())
        return Response({"incident_id": self.record.pk, **_report_document(report)})


def _table_document(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title,
        "about": table.about,
        "columns": [{"key": c.key, "title": c.title, "unit": c.unit} for c in table.columns],
        "rows": [
            {c.key: for_programs(row[c.key], c.unit) for c in table.columns} for row in table.rows
        ],
    }


def _report_document(report: IncidentReport) -> dict[str, Any]:
    spans = {
        "time_to_acknowledge_s": report.to_acknowledge,
        "time_to_identify_s": report.to_identify,
        "time_to_resolve_s": report.to_resolve,
    }
    promises = report.promises
    return {
        **{name: None if s is None else round(s.total_seconds()) for name, s in spans.items()},
        "conversations_linked": report.conversations_linked,
        "cards": {
            "shown": report.cards_shown,
            "confirmed": report.cards_confirmed,
            "dismissed": report.cards_dismissed,
            "precision": report.precision,
        },
        "answered_by_stack": report.answered_by_stack,
        "subscribers_gained": report.subscribers_gained,
        "enrolled_from_conversations": report.from_conversations,
        "promises": {
            "kept": promises.kept,
            "missed": promises.missed,
            "moved": promises.moved,
            "open": promises.open,
        },
        "told": {
            "mails": report.mails,
            "calls": report.calls,
            "texts": report.texts,
            "failed": report.failed,
        },
    }
