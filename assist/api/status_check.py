"""POST /assist/status_check."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from assist.api.shapes import FoundComponent, FoundIncident
from assist.knowledge import pages_of_key
from assist.status_check import LARGEST_LIMIT, status_check
from atender.api.authentication import key_of
from atender.api.errors import Unprocessable
from atender.api.fields import Number, Text
from atender.api.models import Scope
from atender.api.resources import Resource

NOTHING_ASKED = "Send the customer's words as 'message', or some of them as 'keywords'."


@extend_schema_field(
    {"oneOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]}
)
class KeywordsField(serializers.ListField):
    """A list or, from many a model, one text."""

    child = Text(allow_blank=True)

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(data.split() if isinstance(data, str) else data)


class Question(serializers.Serializer[Any]):
    message = Text(required=False, allow_blank=True)
    keywords = KeywordsField(required=False)
    limit = Number(required=False, default=3, min_value=1, max_value=LARGEST_LIMIT)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        words = attrs.get("message") or " ".join(attrs.get("keywords", []))
        return {"words": words, "limit": attrs["limit"]}


class Found(serializers.Serializer[Any]):
    incident = FoundIncident()
    components = FoundComponent(many=True)
    relevance = serializers.FloatField()
    reasons = serializers.ListField(child=Text())


class Answer(serializers.Serializer[Any]):
    matches = Found(many=True)
    language = Text()


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
        pages = pages_of_key(key_of(request))
        asked = question.validated_data
        if not asked["words"].strip():
            raise Unprocessable(NOTHING_ASKED, "message")
        return Response(status_check(asked["words"], pages=pages, limit=asked["limit"]))
