"""The request body of a change: lenient with names and types, since build systems vary."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.http import QueryDict
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from atender.api.fields import IdField, IdsField, Moment, Text
from incidents.api.shapes import TitleField
from incidents.models.changes import ChangeKind

# What else build systems call it; the first one present is used.
OTHER_NAMES = {
    "summary": ("title", "message"),
    "kind": ("type",),
    "version": ("revision", "commit", "sha"),
    "by": ("author", "user"),
    "happened_at": ("timestamp", "deployed_at"),
}
OTHER_KINDS = {
    "deploy": ChangeKind.DEPLOYMENT,
    "release": ChangeKind.DEPLOYMENT,
    "rollback": ChangeKind.DEPLOYMENT,
    "config": ChangeKind.CONFIGURATION,
    "flag": ChangeKind.FEATURE_FLAG,
    "feature-flag": ChangeKind.FEATURE_FLAG,
    "migration": ChangeKind.DATABASE,
}
LISTS = ("component_ids", "components")
# Seconds since 1970 have ten digits until 2286; more are milliseconds.
SECONDS_END_AT = 100_000_000_000


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "integer"}], "nullable": True})
class Word(Text):
    """A text, or a number that names something, such as a build's."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_blank=True, allow_null=True, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        is_number = isinstance(data, int) and not isinstance(data, bool)
        return super().to_internal_value(str(data) if is_number else data)


@extend_schema_field(
    {
        "oneOf": [{"type": "string", "format": "date-time"}, {"type": "integer"}],
        "nullable": True,
        "description": "ISO 8601, or seconds since 1970 as `date +%s` prints them.",
    }
)
class HappenedAt(Moment):
    def to_internal_value(self, value: Any) -> datetime:
        if isinstance(value, str) and re.fullmatch(r"-?[0-9]+", value):
            value = int(value[:20])
        if isinstance(value, bool) or not isinstance(value, int):
            return super().to_internal_value(value)
        try:
            return datetime.fromtimestamp(value / 1000 if value > SECONDS_END_AT else value, UTC)
        except (OverflowError, ValueError, OSError):
            self.fail("invalid", format="ISO 8601, or seconds since 1970")


@extend_schema_field({"type": "string", "enum": ChangeKind.values})
class KindField(Text):
    """Passes any text on: the verb refuses an unknown kind and names the known ones."""

    def to_internal_value(self, data: Any) -> str:
        word = super().to_internal_value(data).strip().lower()
        return OTHER_KINDS.get(word, word)


class NewChange(serializers.Serializer[Any]):
    """The body of POST /changes, as JSON or as a form; `summary` alone suffices."""

    summary = TitleField(help_text="Also taken as `title` or `message`.")
    kind = KindField(required=False, default=ChangeKind.DEPLOYMENT, help_text="Or `type`.")
    version = Word(help_text="Also taken as `revision`, `commit` or `sha`.")
    url = Text(required=False, allow_blank=True, allow_null=True)
    by = Word(help_text="Who made it. Also taken as `author` or `user`.")
    service = Text(required=False, allow_null=True, help_text="A service by name or id.")
    service_id = IdField(required=False, allow_null=True)
    components = serializers.ListField(
        child=Text(), required=False, max_length=50, help_text="Components by name or id."
    )
    component_ids = IdsField(required=False, max_length=50)
    happened_at = HappenedAt(
        required=False, allow_null=True, help_text="Now, unless given. Also as `timestamp`."
    )

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(with_own_names(data))


def with_own_names(data: Any) -> Any:
    """Rename the fields of a body or form to our own names."""
    if not isinstance(data, Mapping):
        return data
    fields = dict(data)
    if isinstance(data, QueryDict):
        fields = {name: data.getlist(name) if name in LISTS else data[name] for name in data}
        # A form can send null only as a word.
        if fields.get("happened_at") in ("", "null"):
            del fields["happened_at"]
    for name, others in OTHER_NAMES.items():
        found = [fields[other] for other in others if other in fields]
        if name not in fields and found:
            fields[name] = found[0]
    return fields


class ChangeDocument(serializers.Serializer[Any]):
    id = IdField()
    kind = serializers.ChoiceField(choices=ChangeKind.choices)
    summary = serializers.CharField()
    version = serializers.CharField()
    url = serializers.CharField()
    by = serializers.CharField()
    service_id = IdField(allow_null=True)
    component_ids = IdsField()
    happened_at = Moment()
    created_by = serializers.CharField()
    created_at = Moment()
