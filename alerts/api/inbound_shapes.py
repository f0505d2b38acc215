from typing import Any

from rest_framework import serializers

from alerts.models import SourceKind
from alerts.models.inbound import NAME_LENGTH
from atender.api.fields import IdField, Moment, Text
from atender.api.strict import Body
from monitors.api.shapes import NameField

KINDS = ", ".join(SourceKind.values)


class Place(Text):
    def __init__(self) -> None:
        super().__init__(required=False, max_length=200)


class MappingShape(Body):
    """Where the words of a generic body stand, such as `check.name`; only of those it differs."""

    summary = Place()
    severity = Place()
    status = Place()
    dedup_key = Place()
    occurrence = Place()
    url = Place()
    resolved_values = serializers.ListField(
        child=Text(max_length=100),
        required=False,
        max_length=20,
        help_text="What `status` says when it is over.",
    )


class SourceKindField(serializers.ChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=SourceKind.choices, **kwargs)

    default_error_messages = {"invalid_choice": f"'{{input}}' is no kind; it is one of {KINDS}."}


class InboundSourceChange(Body):
    """The body of PATCH /inbound-sources/{id}."""

    name = NameField(required=False)
    service_id = IdField(required=False, allow_null=True)
    mapping = MappingShape(required=False)


class NewInboundSource(InboundSourceChange):
    """The body of POST /inbound-sources."""

    name = NameField()
    kind = SourceKindField()


class InboundSourceDocument(serializers.Serializer[Any]):
    id = IdField()
    name = serializers.CharField(max_length=NAME_LENGTH)
    kind = SourceKindField()
    service_id = IdField(allow_null=True)
    mapping = MappingShape()
    last_used_at = Moment(allow_null=True)
    created_at = Moment()


class NewInboundSourceDocument(InboundSourceDocument):
    token = serializers.CharField(
        required=False, help_text="In this answer alone: not even a repetition gets it again."
    )
    url = serializers.CharField(
        required=False, help_text="Where the other system posts; the token is part of it."
    )
