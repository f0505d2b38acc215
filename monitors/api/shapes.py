"""The shape of monitors and services as they come in and go out."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from atender.api.fields import WITHOUT_NULLS, IdField, Moment, Number, OneOf, Text
from atender.api.strict import Body
from monitors.api.config_shapes import ConfigField
from monitors.api.extra import WithExtraFields
from monitors.api.runbooks import RunbookField
from monitors.configs.watching import INTERVAL_S, MOST_REGIONS, RETRIES, TIMEOUT_S
from monitors.models import NAME_LENGTH, MonitorKind, Verdict


@extend_schema_field({"type": "string", "minLength": 1, "maxLength": NAME_LENGTH})
class NameField(Text):
    """Length and emptiness are judged by the verb, whose sentence says more."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_blank=True, **kwargs)


class ServiceChange(Body):
    """The body of PATCH /services/{id}."""

    name = NameField(required=False)
    description = Text(required=False, allow_blank=True, max_length=500)
    runbook = RunbookField()


class NewService(ServiceChange):
    """The body of POST /services."""

    name = NameField()


class ServiceDocument(serializers.Serializer[Any]):
    id = IdField()
    name = serializers.CharField()
    description = serializers.CharField()
    runbook = serializers.CharField()
    created_at = Moment()


class KindField(serializers.ChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=MonitorKind.choices, **kwargs)

    default_error_messages = {
        "invalid_choice": f"'{{input}}' is no kind; it is one of {', '.join(MonitorKind.values)}."
    }


@extend_schema_field(
    {
        "oneOf": [
            {**WITHOUT_NULLS, "maxLength": 40},
            {
                "type": "object",
                "required": ["region"],
                "properties": {"region": {**WITHOUT_NULLS, "maxLength": 40}},
            },
        ]
    }
)
class RegionField(Text):
    """A region's name, or what a monitor's document says of it: what was read may be sent back."""

    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(data.get("region") if isinstance(data, dict) else data)


class MonitorChange(WithExtraFields, Body):
    """The body of PATCH /monitors/{id}."""

    name = NameField(required=False)
    kind = KindField(required=False)
    url = Text(required=False, allow_blank=True, max_length=500)
    interval_s = Number(min_value=INTERVAL_S[0], max_value=INTERVAL_S[1], required=False)
    timeout_s = Number(min_value=TIMEOUT_S[0], max_value=TIMEOUT_S[1], required=False)
    retries = Number(min_value=RETRIES[0], max_value=RETRIES[1], required=False)
    regions = serializers.ListField(
        child=RegionField(max_length=40),
        required=False,
        max_length=MOST_REGIONS,
        help_text="Where it is checked from; none: wherever there is a prober.",
    )
    quorum = Number(
        min_value=1,
        max_value=MOST_REGIONS,
        required=False,
        allow_null=True,
        help_text="How many regions have to fail before it is down; null: more than half.",
    )
    config = ConfigField(required=False)
    service_id = IdField(required=False, allow_null=True)
    runbook = RunbookField()


class NewMonitor(MonitorChange):
    """The body of POST /monitors."""

    name = NameField()


class VerdictField(OneOf):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=Verdict.choices, **kwargs)


class RegionDocument(serializers.Serializer[Any]):
    """What a region found last."""

    region = serializers.CharField()
    verdict = VerdictField()
    error_code = serializers.CharField(allow_null=True)
    latency_ms = serializers.IntegerField(allow_null=True)
    checked_at = Moment(allow_null=True)


class HeldDocument(serializers.Serializer[Any]):
    """A flip that is held back, of whatever tells a monitor's verdict."""

    held_verdict = VerdictField(
        allow_null=True,
        help_text="What checks find since `held_since`, if it is not told yet because the verdict "
        "changed so often within an hour; else null.",
    )
    held_since = Moment(allow_null=True)
    held_until = Moment(
        allow_null=True,
        help_text="When it becomes the verdict at the earliest, by a check that still finds it.",
    )


class MonitorDocument(HeldDocument, WithExtraFields):
    id = IdField()
    name = serializers.CharField()
    kind = KindField()
    url = serializers.CharField()
    interval_s = serializers.IntegerField()
    timeout_s = serializers.IntegerField()
    retries = serializers.IntegerField()
    regions = RegionDocument(many=True)
    quorum = serializers.IntegerField(allow_null=True)
    config = ConfigField()
    heartbeat_url = serializers.CharField(
        allow_null=True, help_text="What a heartbeat calls; it needs no key."
    )
    verdict = VerdictField()
    since = Moment(allow_null=True, help_text="When it became that.")
    error_code = serializers.CharField(allow_null=True)
    latency_ms = serializers.IntegerField(allow_null=True)
    checked_at = Moment(allow_null=True)
    likely_cause = serializers.CharField(
        allow_null=True, help_text="What it probably is, the evidence, and what to check."
    )
    service_id = IdField(allow_null=True)
    runbook = serializers.CharField()
    created_at = Moment()
