"""/slack: how the slash command is set up."""

from http import HTTPStatus
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from alerts.api.people_documents import people_named
from alerts.models import SlackApp, SlackPerson
from alerts.slack.keeping import MOST_PEOPLE, set_up, take_down
from atender.api.authentication import key_of
from atender.api.fields import IdField, Moment, Text
from atender.api.models import Scope
from atender.api.resources import Resource
from atender.api.strict import Body
from atender.tenants.links import console_url

EXAMPLE = OpenApiExample(
    "Set up",
    value={
        "signing_secret": "8f742231b10e8888abcd99yyyzzz85a5",
        "people": [{"slack_user_id": "U024BE7LH", "person": "alice@acme.example"}],
    },
    request_only=True,
)


class NamedPerson(Body):
    slack_user_id = Text(
        max_length=32, help_text="Slack's *member ID*; it stands in the member's profile."
    )
    person = Text(max_length=254, help_text="One of the staff, by id or address of signing in.")


class SlackSettings(Body):
    """The body of PUT /slack; what is left out stays as it is."""

    signing_secret = Text(
        required=False,
        max_length=128,
        help_text="Of the Slack app, under *Basic Information*. It is never shown again.",
    )
    people = serializers.ListField(
        child=NamedPerson(),
        required=False,
        max_length=MOST_PEOPLE,
        help_text="All those whose commands are taken; whoever is not named is refused.",
    )


class KnownPerson(serializers.Serializer[Any]):
    slack_user_id = serializers.CharField()
    person_id = IdField()


class SlackDocument(serializers.Serializer[Any]):
    url = serializers.CharField(help_text="The command's *Request URL* in the Slack app.")
    is_set_up = serializers.BooleanField()
    people = KnownPerson(many=True)
    last_used_at = Moment(allow_null=True)


class Slack(Resource):
    """Naming a person is lending their rights, so only a key that may do everything does it."""

    scope = Scope.ADMIN

    @extend_schema(
        operation_id="read_slack",
        summary="Read how the slash command is set up",
        responses=SlackDocument,
    )
    def get(self, request: Request) -> Response:
        return Response(document())

    @extend_schema(
        operation_id="set_up_slack",
        summary="Take a slash command that is signed by this app, from these people",
        request=SlackSettings,
        responses=SlackDocument,
        examples=[EXAMPLE],
    )
    def put(self, request: Request) -> Response:
        shape = SlackSettings(data=request.data)
        shape.is_valid(raise_exception=True)
        body = shape.validated_data
        named = body.get("people")
        people = None
        if named is not None:
            found = people_named([entry["person"] for entry in named], field="people")
            ids = [entry["slack_user_id"].strip() for entry in named]
            people = dict(zip(ids, found, strict=True))
        set_up(by=key_of(request).actor, signing_secret=body.get("signing_secret"), people=people)
        return Response(document())

    @extend_schema(
        operation_id="take_down_slack",
        summary="Take no slash command any more",
        responses={204: None},
    )
    def delete(self, request: Request) -> Response:
        take_down(by=key_of(request).actor)
        return Response(status=HTTPStatus.NO_CONTENT)


def document() -> dict[str, Any]:
    app = SlackApp.objects.first()
    return {
        "url": console_url(reverse("slack_command")),
        "is_set_up": app is not None,
        "people": list(SlackPerson.objects.values("slack_user_id", "person_id")),
        "last_used_at": app.last_used_at if app else None,
    }
