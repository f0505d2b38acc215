"""/conversation-sources: programs that hand conversations in by signed webhooks."""

from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from assist.conversations.sources import (
    MOST_ORIGINS,
    add_source,
    change_source,
    remove_source,
    rotate_secret,
)
from assist.matching.languages import SUPPORTED
from assist.models import ConversationSource, Vouching
from assist.models.doors import ORIGIN_LENGTH
from atender.api.authentication import key_of
from atender.api.fields import Flag, IdField, IdsField, Moment, OneOf, Text
from atender.api.idempotency import SaidOnce, idempotent
from atender.api.models import ApiKey, Scope
from atender.api.reading import records_named
from atender.api.resources import Listing, Resource
from atender.api.strict import Body
from atender.tenants.links import console_url
from incidents.models import Page

FRAMED_BY = "The sites that may show the side panel in a frame: https://desk.example.com."
ANSWERED_IN = "What its customers are answered in, whatever they write; empty: as they write."
VOUCHES = (
    "Whether its customers' addresses are proved: as each conversation says with `address_proved`, "
    "always (they are signed in there), or never (they are asked by mail)."
)
LANGUAGES = [("", "as they write"), *((code, code) for code in SUPPORTED)]
FRAMED = OpenApiExample(
    "A help desk that shows the panel",
    value={"frame_origins": ["https://desk.example.com"]},
    request_only=True,
)


class Origins(serializers.ListField):
    """Exact origins, as browsers name them."""

    child = Text(max_length=ORIGIN_LENGTH)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": MOST_ORIGINS, **kwargs})


class NewSource(Body):
    name = Text(help_text="What uses it: “help desk”, “chat widget”.")
    page_ids = IdsField(
        default=list, help_text="Whose facts its answers may name; the key's own unless given."
    )
    frame_origins = Origins(default=list, help_text=FRAMED_BY)
    language = OneOf(choices=LANGUAGES, default="", help_text=ANSWERED_IN)
    vouching = OneOf(choices=Vouching.choices, default=Vouching.SAID, help_text=VOUCHES)


class SourceChanges(Body):
    """The body of PATCH: what is not named stays."""

    name = Text(required=False)
    frame_origins = Origins(required=False, help_text=FRAMED_BY)
    language = OneOf(choices=LANGUAGES, required=False, help_text=ANSWERED_IN)
    vouching = OneOf(choices=Vouching.choices, required=False, help_text=VOUCHES)
    paused = Flag(required=False, help_text="It takes nothing (503), and its panel is closed.")


class SourceDocument(serializers.Serializer[Any]):
    id = IdField()
    name = Text()
    page_ids = IdsField()
    url = Text(help_text="Where the signed webhooks go.")
    frame_origins = Origins(help_text=FRAMED_BY)
    panel_url = Text(help_text="The side panel's address, which the help desk signs.")
    language = Text(allow_blank=True, help_text=ANSWERED_IN)
    vouching = serializers.ChoiceField(choices=Vouching.choices, help_text=VOUCHES)
    paused = serializers.BooleanField()
    last_taken_at = Moment(allow_null=True, help_text="When it last handed something in.")
    created_at = Moment()


class SourceWithSecret(SourceDocument):
    secret = Text(
        required=False,
        help_text="Signs the webhooks. In this answer alone: not even a repetition gets it again.",
    )


def source_document(source: ConversationSource, base: str) -> dict[str, Any]:
    return {
        "id": source.id,
        "name": source.name,
        "page_ids": source.page_ids,
        "url": f"{base}/api/v1/conversation-sources/{source.id}/inbound",
        "frame_origins": source.frame_origins,
        "panel_url": f"{base}/sidekick/panel/{source.id}",
        "language": source.language,
        "vouching": source.vouching,
        "paused": source.is_paused,
        "last_taken_at": source.last_taken_at,
        "created_at": source.created_at,
    }


def sources_of(key: ApiKey) -> QuerySet[ConversationSource]:
    """Return sources limited to pages that the key may see, since their secrets open as much."""
    rows = ConversationSource.objects.all()
    if not key.page_ids:
        return rows
    return rows.filter(~Q(page_ids=[]), page_ids__contained_by=list(key.page_ids))


class SourceList(Listing):
    scope = Scope.ASSIST

    @extend_schema(
        operation_id="list_conversation_sources",
        summary="List the programs that hand conversations in by webhook",
        responses=SourceDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        base = console_url()
        rows = sources_of(key_of(request))
        return self.listed(rows, lambda page: [source_document(row, base) for row in page])

    @extend_schema(
        operation_id="add_conversation_source",
        summary="Let a program hand conversations in by signed webhook",
        request=NewSource,
        responses={201: SourceWithSecret},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        shape = NewSource(data=request.data)
        shape.is_valid(raise_exception=True)
        asked, key = shape.validated_data, key_of(request)
        pages = _pages(key, asked["page_ids"])
        source = add_source(
            asked["name"],
            by=key.actor,
            pages=pages,
            frame_origins=asked["frame_origins"],
            language=asked["language"],
            vouching=asked["vouching"],
        )
        document = source_document(source, console_url())
        return SaidOnce(document, secret={"secret": source.secret}, status=201)


def _pages(key: ApiKey, page_ids: list[str]) -> list[Page]:
    """Return the pages of a new source: never more than the key itself may see."""
    pages = Page.objects.filter(pk__in=key.page_ids) if key.page_ids else Page.objects.all()
    return records_named(pages, page_ids or key.page_ids, field="page_ids")


class OneSource(Resource):
    scope = Scope.ASSIST
    record: ConversationSource

    def find(self, **ids: str) -> ConversationSource:
        return get_object_or_404(sources_of(key_of(self.request)), pk=ids["source_id"])


class SourceDetail(OneSource):
    @extend_schema(
        operation_id="read_conversation_source", summary="Read a source", responses=SourceDocument
    )
    def get(self, request: Request, source_id: str) -> Response:
        return Response(source_document(self.record, console_url()))

    @extend_schema(
        operation_id="change_conversation_source",
        summary="Change a source: its name, who frames its panel, language, proof; or pause it",
        request=SourceChanges,
        responses=SourceDocument,
        examples=[FRAMED],
    )
    def patch(self, request: Request, source_id: str) -> Response:
        shape = SourceChanges(data=request.data)
        shape.is_valid(raise_exception=True)
        asked = dict(shape.validated_data)
        if "paused" in asked:
            asked["is_paused"] = asked.pop("paused")
        source = change_source(self.record, by=key_of(request).actor, **asked)
        return Response(source_document(source, console_url()))

    @extend_schema(
        operation_id="remove_conversation_source",
        summary="Close a source's door",
        responses={204: None},
    )
    def delete(self, request: Request, source_id: str) -> Response:
        remove_source(self.record, by=key_of(request).actor)
        return Response(status=204)


class Rotation(Body):
    at_once = Flag(default=False, help_text="The secret before opens nothing from now on.")


class RotatedSource(serializers.Serializer[Any]):
    previous_valid_until = Moment(allow_null=True)
    secret = Text(required=False, help_text="In this answer alone.")


class SourceRotation(OneSource):
    @extend_schema(
        operation_id="rotate_source_secret",
        summary="Give a source a new secret",
        description="For 24 hours both are taken, so that nothing is lost meanwhile; `at_once` is "
        "for a secret that others know.",
        request=Rotation,
        responses=RotatedSource,
    )
    @idempotent
    def post(self, request: Request, source_id: str) -> Response:
        shape = Rotation(data=request.data)
        shape.is_valid(raise_exception=True)
        secret = rotate_secret(self.record, by=key_of(request).actor, **shape.validated_data)
        self.record.refresh_from_db()
        until = self.record.previous_until
        return SaidOnce({"previous_valid_until": until}, secret={"secret": secret})
