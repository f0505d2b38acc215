"""/alert-channels: where a team hears of alerts."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from alerts.api.reading import read
from alerts.api.shapes import AlertSeverityField
from alerts.channels.keeping import (
    SWITCHES,
    add_channel,
    change_channel,
    delete_channel,
    renew_secret,
    try_channel,
)
from alerts.models import AlertChannel, ChannelKind
from atender.api.authentication import key_of
from atender.api.fields import Flag, IdField, Moment, OneOf, Text
from atender.api.idempotency import SaidOnce, idempotent
from atender.api.models import Scope
from atender.api.resources import Listing, Resource
from atender.api.strict import Body
from monitors.api.shapes import NameField

EXAMPLE = OpenApiExample(
    "PagerDuty",
    value={
        "name": "PagerDuty",
        "kind": "pagerduty",
        "address": "https://events.pagerduty.com/integration/0123456789abcdef0123456789abcdef/enqueue",
    },
    request_only=True,
)


class SeveritiesField(serializers.ListField):
    child = AlertSeverityField()


class AlertChannelChange(Body):
    """The body of PATCH /alert-channels/{id}."""

    name = NameField(required=False)
    address = Text(required=False, max_length=2048)
    severities = SeveritiesField(
        required=False,
        max_length=4,
        help_text="Those that it hears of; empty: all. Incidents: major and critical "
        "as critical, minor as error or warning, others as info.",
    )
    is_on = Flag(required=False)
    hears_incidents = Flag(
        required=False, help_text="Transitions of incidents besides alerts; off unless asked for."
    )
    hears_private = Flag(required=False, help_text="Private words of incidents as well.")


class NewAlertChannel(AlertChannelChange):
    """The body of POST /alert-channels."""

    name = NameField()
    kind = OneOf(choices=ChannelKind.choices)
    address = Text(
        max_length=2048,
        help_text="A web address, a mail address, or PagerDuty's integration key or URL.",
    )


class AlertChannelDocument(serializers.Serializer[Any]):
    """Without its address, which opens a door."""

    id = IdField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=ChannelKind.choices)
    severities = SeveritiesField()
    is_on = Flag()
    hears_incidents = Flag()
    hears_private = Flag()
    created_at = Moment()


class NewAlertChannelDocument(AlertChannelDocument):
    secret = serializers.CharField(
        required=False,
        allow_null=True,
        help_text="Of a webhook: what its signatures are checked with. In this answer alone: not "
        "even a repetition gets it again.",
    )


class AlertChannelList(Listing):
    scope = Scope.ALERTS

    @extend_schema(
        operation_id="list_alert_channels",
        summary="List where alerts are told",
        responses=AlertChannelDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        return self.listed(
            AlertChannel.objects.all(), lambda page: [channel_document(row) for row in page]
        )

    @extend_schema(
        operation_id="add_alert_channel",
        summary="Add PagerDuty, a chat, a webhook or a mailbox",
        request=NewAlertChannel,
        responses={201: NewAlertChannelDocument},
        examples=[EXAMPLE],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        body = read(NewAlertChannel, request)
        channel = add_channel(
            body["name"],
            body["kind"],
            body["address"],
            by=key_of(request).actor,
            severities=body.get("severities", ()),
            **{name: body[name] for name in SWITCHES if name in body},
        )
        if channel.kind != ChannelKind.WEBHOOK:
            return Response({**channel_document(channel), "secret": None}, status=201)
        return SaidOnce(channel_document(channel), secret={"secret": channel.secret}, status=201)


class OneAlertChannel(Resource):
    scope = Scope.ALERTS
    record: AlertChannel

    def find(self, **ids: str) -> AlertChannel:
        return get_object_or_404(AlertChannel, pk=ids["channel_id"])


class AlertChannelDetail(OneAlertChannel):
    @extend_schema(
        operation_id="read_alert_channel",
        summary="Read a channel",
        responses=AlertChannelDocument,
    )
    def get(self, request: Request, channel_id: str) -> Response:
        return Response(channel_document(self.record))

    @extend_schema(
        operation_id="change_alert_channel",
        summary="Change a channel, or switch it off",
        request=AlertChannelChange,
        responses=AlertChannelDocument,
    )
    def patch(self, request: Request, channel_id: str) -> Response:
        body = read(AlertChannelChange, request)
        changed = change_channel(self.record, by=key_of(request).actor, **body)
        return Response(channel_document(changed))

    @extend_schema(
        operation_id="delete_alert_channel",
        summary="Delete a channel",
        responses={204: None},
    )
    def delete(self, request: Request, channel_id: str) -> Response:
        delete_channel(self.record, by=key_of(request).actor)
        return Response(status=204)


class AlertChannelTest(OneAlertChannel):
    @extend_schema(
        operation_id="test_alert_channel",
        summary="Send a test to a channel",
        request=None,
        responses={202: AlertChannelDocument},
    )
    def post(self, request: Request, channel_id: str) -> Response:
        try_channel(self.record, by=key_of(request).actor)
        return Response(channel_document(self.record), status=202)


class AlertChannelRenewal(OneAlertChannel):
    @extend_schema(
        operation_id="renew_alert_channel_secret",
        summary="Give a webhook another secret; the one before signs nothing any more",
        request=None,
        responses=NewAlertChannelDocument,
    )
    def post(self, request: Request, channel_id: str) -> Response:
        channel = renew_secret(self.record, by=key_of(request).actor)
        return Response({**channel_document(channel), "secret": channel.secret})


def channel_document(channel: AlertChannel) -> dict[str, Any]:
    return {
        "id": channel.pk,
        "name": channel.name,
        "kind": channel.kind,
        "severities": channel.severities,
        "is_on": channel.is_on,
        "hears_incidents": channel.hears_incidents,
        "hears_private": channel.hears_private,
        "created_at": channel.created_at,
    }
