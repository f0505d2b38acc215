"""/waves: the same new complaint from several customers, matching nothing open."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from alerts.api.shapes import Promotion
from assist.api.shapes import FoundComponent
from assist.models import Wave, WaveState
from assist.waves.deciding import dismiss_wave, open_from_wave, restore_wave
from assist.waves.showing import Seen, complaints_of_door, seen_of, waves_of_door
from atender.api.authentication import key_of
from atender.api.fields import IdField, Moment, Text
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.resources import Listing, Resource
from incidents.api.incidents import document_response, pages_of
from incidents.api.renaming import FIRST_WORDS, Renaming
from incidents.api.shapes import IncidentDocument
from incidents.transitions import Saying

OPENED = OpenApiExample(
    "In better words, and still internal",
    value={"title": "Some customers cannot log in", "severity": "major"},
    request_only=True,
)


class WaveDocument(serializers.Serializer[Any]):
    id = IdField()
    title = Text(help_text="What an incident opened from it would be called.")
    state = serializers.ChoiceField(choices=WaveState.choices)
    customers = serializers.IntegerField(help_text="Different ones; each counts once.")
    languages = serializers.ListField(child=Text(), help_text="The most frequent one first.")
    examples = serializers.ListField(child=Text(), help_text="Customers' own words.")
    components = FoundComponent(many=True)
    began_at = Moment()
    last_at = Moment()
    incident_id = IdField(allow_null=True)


def wave_document(seen: Seen) -> dict[str, Any]:
    wave = seen.wave
    return {
        "id": wave.id,
        "title": seen.draft_title,
        "state": wave.state,
        "customers": seen.customers,
        "languages": list(seen.languages),
        "examples": list(seen.examples),
        "components": [{"id": one.id, "name": one.name} for one in seen.components],
        "began_at": wave.began_at,
        "last_at": wave.last_at,
        "incident_id": wave.incident_id,
    }


class WaveList(Listing):
    scope = Scope.ASSIST

    @extend_schema(
        operation_id="list_waves",
        summary="List the waves of new complaints, newest first",
        description="The same complaint from several customers within ten minutes that matches no "
        "open incident. One goes by itself half an hour after its last complaint, or when an "
        "incident is opened that at least half of its customers mean: it is `explained` then.",
        responses=WaveDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        page_ids = key_of(request).page_ids
        rows, among = waves_of_door(page_ids, timezone.now()), complaints_of_door(page_ids)
        return self.listed(rows, lambda page: [wave_document(s) for s in seen_of(page, among)])


class OneWave(Resource):
    """An address below one wave."""

    scope = Scope.ASSIST
    record: Wave

    def find(self, **ids: str) -> Wave:
        return get_object_or_404(self.waves(), pk=ids["wave_id"])

    def waves(self) -> QuerySet[Wave]:
        said = complaints_of_door(key_of(self.request).page_ids)
        return Wave.objects.filter(pk__in=said.values("wave"))

    def shown(self, wave: Wave) -> Response:
        among = complaints_of_door(key_of(self.request).page_ids)
        return Response(wave_document(seen_of([wave], among)[0]))


class WaveDismissal(OneWave):
    @extend_schema(
        operation_id="dismiss_wave",
        summary="Say that a wave is none",
        description="The same complaint raises no other for six hours, unless far more write.",
        request=None,
        responses=WaveDocument,
    )
    def post(self, request: Request, wave_id: str) -> Response:
        return self.shown(dismiss_wave(self.record, by=key_of(request).actor))

    @extend_schema(
        operation_id="restore_wave",
        summary="Undo the dismissal of a wave",
        description="It is shown again, with what joined it meanwhile. Of one that is `explained` "
        "it says that the incident is something else; no other is taken for it from then on.",
        responses=WaveDocument,
    )
    def delete(self, request: Request, wave_id: str) -> Response:
        return self.shown(restore_wave(self.record, by=key_of(request).actor))


class WavePromotion(OneWave, Renaming):
    names = FIRST_WORDS
    scope = Scope.INCIDENTS

    @extend_schema(
        operation_id="create_incident_from_wave",
        summary="Open an incident from a wave and link its conversations",
        description="Internal unless pages are named. Again: the same incident.",
        request=Promotion,
        responses={201: IncidentDocument},
        examples=[OPENED],
    )
    @idempotent
    def post(self, request: Request, wave_id: str) -> Response:
        shape = Promotion(data=request.data)
        shape.is_valid(raise_exception=True)
        body = shape.validated_data
        incident = open_from_wave(
            self.record,
            by=key_of(request).actor,
            title=body.get("title", ""),
            severity=body.get("severity", "minor"),
            pages=pages_of(body),
            first=_first(body),
        )
        return document_response(request, incident, status=201)


def _first(body: dict[str, Any]) -> Saying | None:
    words = body.get("initial_update")
    if words is None:
        return None
    return Saying(
        body=words.get("body", ""),
        is_public=words.get("public", True),
        notifies=body.get("notify"),
    )
