"""/incidents/{id}/receipt: what an incident has meant, in figures, and the link to hand it on."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from assist.models import Receipt
from assist.receipts.drawing import draw_up
from assist.receipts.figures import Figures
from assist.receipts.sharing import link_of, share, stop_sharing
from assist.receipts.words import formula_of
from atender.api.authentication import key_of
from atender.api.fields import IdField, Moment, Text
from atender.api.models import Scope
from atender.api.resources import Resource
from incidents.models import Incident, Kind

DRAWN = OpenApiExample(
    "Drawn up and handed on",
    value={
        "incident_id": "01JD0000000000000000000000",
        "drawn_at": "2026-04-24T05:30:00Z",
        "share_url": "https://status.acme.example/receipts/1.01JD0000000000000000000000.1.bXlzdGVyeQ",
        "figures": {
            "duration_s": 4920,
            "page_views": 12400,
            "page_views_by_programs": 310,
            "usual_page_views": 900.25,
            "mails": 1204,
            "calls": 8,
            "answered_by_stack": 27,
            "conversations": 64,
            "usual_conversations": 11.25,
            "linked_conversations": 31,
        },
        "estimate": {
            "share_percent": 5,
            "minutes_per_ticket": 10,
            "tickets_avoided": 602,
            "hours_saved": 100.3,
            "formula": "602 = 27 answered automatically + 5 % of 11,500 page views beyond the "
            "usual number. At 10 minutes each that is 100.3 hours.",
        },
    },
    response_only=True,
)
MEANS = "The mean of the same hours of up to four weeks before; null where none were counted."


class ReceiptFigures(serializers.Serializer[Any]):
    duration_s = serializers.IntegerField()
    page_views = serializers.IntegerField(help_text="Counted without cookies, of whole hours.")
    page_views_by_programs = serializers.IntegerField(help_text="Not among `page_views`.")
    usual_page_views = serializers.FloatField(allow_null=True, help_text=MEANS)
    mails = serializers.IntegerField()
    calls = serializers.IntegerField(help_text="Webhooks, chats and text messages.")
    answered_by_stack = serializers.IntegerField()
    conversations = serializers.IntegerField(help_text="All that began in its whole hours.")
    usual_conversations = serializers.FloatField(allow_null=True, help_text=MEANS)
    linked_conversations = serializers.IntegerField(
        allow_null=True,
        help_text="Linked to this incident; null in receipts drawn up before they were counted.",
    )


class ReceiptEstimate(serializers.Serializer[Any]):
    share_percent = serializers.IntegerField(help_text="Of the readers beyond the usual number.")
    minutes_per_ticket = serializers.IntegerField()
    tickets_avoided = serializers.IntegerField()
    hours_saved = serializers.FloatField()
    formula = Text(help_text="How the estimate was reached, with its figures.")


class ReceiptDocument(serializers.Serializer[Any]):
    incident_id = IdField()
    drawn_at = Moment(allow_null=True)
    share_url = Text(allow_null=True, help_text="Opens the sheet without an account; null: off.")
    figures = ReceiptFigures(allow_null=True, help_text="null until it is drawn up.")
    estimate = ReceiptEstimate(allow_null=True)


def receipt_document(incident: Incident, receipt: Receipt | None) -> dict[str, Any]:
    figures = Figures.read(receipt.figures) if receipt and receipt.figures else None
    return {
        "incident_id": incident.pk,
        "drawn_at": receipt.drawn_at if receipt else None,
        "share_url": (receipt and link_of(receipt)) or None,
        "figures": figures and _counted(figures),
        "estimate": figures and _estimated(figures),
    }


class OneReceipt(Resource):
    scope = Scope.INCIDENTS
    record: Incident

    def find(self, **ids: str) -> Incident:
        incidents = Incident.objects.kept().filter(kind=Kind.INCIDENT)
        return get_object_or_404(incidents, pk=ids["incident_id"])

    def answer(self) -> Response:
        receipt = Receipt.objects.filter(incident=self.record).first()
        return Response(receipt_document(self.record, receipt))


class ReceiptDetail(OneReceipt):
    @extend_schema(
        operation_id="read_receipt",
        summary="Read what an incident has meant",
        description="Drawn up by itself an hour after the end, and kept as it is. One that was "
        "drawn up or shared before says what was known at `drawn_at`, and is drawn up once more.",
        responses=ReceiptDocument,
        examples=[DRAWN],
    )
    def get(self, request: Request, incident_id: str) -> Response:
        return self.answer()


class ReceiptDrawing(OneReceipt):
    @extend_schema(
        operation_id="draw_receipt",
        summary="Draw a receipt up anew",
        description="With what is known now, once the incident is over.",
        request=None,
        responses=ReceiptDocument,
    )
    def post(self, request: Request, incident_id: str) -> Response:
        draw_up(self.record)
        return self.answer()


class ReceiptSharing(OneReceipt):
    @extend_schema(
        operation_id="share_receipt",
        summary="Switch a receipt's link on",
        description="Anybody who has the link reads the sheet: figures alone, no text of anybody. "
        "Again: the same link.",
        request=None,
        responses=ReceiptDocument,
        examples=[DRAWN],
    )
    def post(self, request: Request, incident_id: str) -> Response:
        share(self.record, by=key_of(request).actor)
        return self.answer()


class ReceiptHiding(OneReceipt):
    @extend_schema(
        operation_id="stop_sharing_receipt",
        summary="Switch a receipt's link off for good",
        description="The next link is another one. Again: nothing happens.",
        request=None,
        responses=ReceiptDocument,
    )
    def post(self, request: Request, incident_id: str) -> Response:
        stop_sharing(self.record, by=key_of(request).actor)
        return self.answer()


def _counted(figures: Figures) -> dict[str, Any]:
    return {
        "duration_s": figures.lasted_s,
        "page_views": figures.views,
        "page_views_by_programs": figures.programs,
        "usual_page_views": figures.usual_views,
        "mails": figures.mails,
        "calls": figures.calls,
        "answered_by_stack": figures.answers,
        "conversations": figures.conversations,
        "usual_conversations": figures.usual_conversations,
        "linked_conversations": figures.linked,
    }


def _estimated(figures: Figures) -> dict[str, Any]:
    return {
        "share_percent": figures.share_percent,
        "minutes_per_ticket": figures.minutes,
        "tickets_avoided": figures.avoided,
        "hours_saved": figures.hours,
        "formula": formula_of(figures),
    }
