"""/assist/settings: the tenant's choices about conversations."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assist.conversations.keeping import keep_conversations, kept_for
from assist.models.doors import MOST_KEPT_DAYS
from atender.api.authentication import key_of
from atender.api.fields import Number
from atender.api.models import Scope
from atender.api.resources import Resource
from atender.api.strict import Body


class Choices(Body):
    conversations_kept_days = Number(
        required=False,
        min_value=1,
        max_value=MOST_KEPT_DAYS,
        help_text="After the last message; then conversations are deleted.",
    )


class AssistSettingsDetail(Resource):
    scope = Scope.ASSIST
    scopes = {"PATCH": Scope.ADMIN}

    @extend_schema(
        operation_id="read_assist_settings", summary="Read the choices", responses=Choices
    )
    def get(self, request: Request) -> Response:
        return Response({"conversations_kept_days": kept_for().days})

    @extend_schema(
        operation_id="change_assist_settings",
        summary="Choose how long conversations are kept",
        request=Choices,
        responses=Choices,
    )
    def patch(self, request: Request) -> Response:
        shape = Choices(data=request.data)
        shape.is_valid(raise_exception=True)
        if "conversations_kept_days" in shape.validated_data:
            days = shape.validated_data["conversations_kept_days"]
            keep_conversations(days, by=key_of(request).actor)
        return self.get(request)
