"""POST /assist/status_check and /assist/status_subscribe, GET /assist/tools."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from assist.api.shapes import FoundComponent, FoundIncident
from assist.confirmation import Confirmation
from assist.knowledge import pages_of_key
from assist.tools.dialects import DIALECTS
from assist.tools.shapes import Answered, Question, words_of
from assist.tools.status_check import status_check
from assist.tools.status_subscribe import status_subscribe
from atender.api.authentication import key_of
from atender.api.fields import Text
from atender.api.filters import choice
from atender.api.models import Scope
from atender.api.resources import Resource
from subscribers.people.vouching import Proof

FOR = choice("for", "The model API whose shape is wanted.", tuple(DIALECTS), default="openai")
YES = OpenApiExample(
    "A real yes",
    value={
        "incident_id": "01JD0000000000000000000000",
        "email": "maria@example.com",
        "reply": "sim, por favor",
        "language": "pt",
    },
    request_only=True,
)


class Found(serializers.Serializer[Any]):
    incident = FoundIncident()
    components = FoundComponent(many=True)
    relevance = serializers.FloatField()
    reasons = serializers.ListField(child=Text())


class Answer(serializers.Serializer[Any]):
    matches = Found(many=True)
    language = Text()


class Enrolled(serializers.Serializer[Any]):
    subscribed = serializers.BooleanField()
    confirmation = serializers.ChoiceField(choices=[c.value for c in Confirmation])
    verification = serializers.ChoiceField(choices=Proof.choices, allow_null=True)


class ToolDefinitions(serializers.Serializer[Any]):
    tools = serializers.ListField(child=serializers.DictField())


class StatusCheck(Resource):
    scope = Scope.ASSIST

    @extend_schema(
        operation_id="status_check",
        summary="Is what the customer says a known incident?",
        request=Question,
        responses=Answer,
    )
    def post(self, request: Request) -> Response:
        question = Question(data=request.data)
        question.is_valid(raise_exception=True)
        asked, pages = question.validated_data, pages_of_key(key_of(request))
        return Response(status_check(words_of(asked), pages=pages, limit=asked["limit"]))


class StatusSubscribe(Resource):
    scope = Scope.ASSIST

    @extend_schema(
        operation_id="status_subscribe",
        summary="Does the customer want updates? Then enrol the address",
        description="Only a real yes enrols, in any language; unsure means no. An address that "
        "the channel did not prove is asked by mail. Asked twice, it gets one mail.",
        request=Answered,
        responses=Enrolled,
        examples=[YES],
    )
    def post(self, request: Request) -> Response:
        shape = Answered(data=request.data)
        shape.is_valid(raise_exception=True)
        key = key_of(request)
        answer = status_subscribe(pages=pages_of_key(key), by=key.actor, **shape.validated_data)
        return Response(answer)


class Tools(Resource):
    scope = Scope.ASSIST
    filters = {"GET": [FOR]}

    @extend_schema(
        operation_id="list_tools",
        summary="The tools' definitions, ready for a model's API",
        responses=ToolDefinitions,
    )
    def get(self, request: Request) -> Response:
        return Response({"tools": DIALECTS[self.asked["for"]]()})
