"""The shape of checks as they come in and go out."""

import re
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from atender.api.fields import IdField, Moment, Number, Text
from atender.ids import ULID
from monitors.api.shapes import HeldDocument, KindField, RegionDocument, VerdictField
from monitors.configs.watching import REGION

MOST_AT_ONCE = 200
# Reports older than this say nothing about the present.
OLDEST_MS = 3_600_000
ERROR_CODE = r"^[a-z0-9_]{0,40}$"


@extend_schema_field({"type": "string", "pattern": f"^{REGION.pattern}$"})
class RegionName(Text):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        name = super().to_internal_value(data)
        if not REGION.fullmatch(name):
            raise serializers.ValidationError(
                "A region has small letters, digits and hyphens, such as eu-west."
            )
        return name


class MonitorId(IdField):
    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not ULID.fullmatch(text):
            raise serializers.ValidationError("An id has 26 letters and digits.")
        return text.upper()


@extend_schema_field({"type": "string", "pattern": ERROR_CODE})
class ErrorCode(Text):
    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        if not re.fullmatch(ERROR_CODE, code):
            raise serializers.ValidationError(
                "An error code has at most 40 small letters, digits and underscores."
            )
        return code


class Claim(serializers.Serializer[Any]):
    """The body of POST /checks/claim."""

    region = RegionName()
    limit = Number(min_value=1, max_value=MOST_AT_ONCE, default=50)


class ClaimedCheck(serializers.Serializer[Any]):
    monitor_id = IdField()
    kind = KindField()
    url = serializers.CharField()
    timeout_s = serializers.IntegerField()
    retries = serializers.IntegerField()
    interval_s = serializers.IntegerField()
    region = serializers.CharField(help_text="Empty where any region will do.")
    config = serializers.DictField(help_text="With its secrets.")


class ClaimedChecks(serializers.Serializer[Any]):
    def get_fields(self) -> dict[str, Any]:
        return {"data": ClaimedCheck(many=True)}


class ReportedCheck(serializers.Serializer[Any]):
    monitor_id = MonitorId()
    verdict = VerdictField()
    error_code = ErrorCode(required=False, allow_blank=True, default="")
    latency_ms = Number(
        min_value=0, max_value=10_000_000, required=False, allow_null=True, default=None
    )
    age_ms = Number(
        min_value=0,
        max_value=OLDEST_MS,
        default=0,
        help_text="How long ago the check ended; no clock of the prober's is asked.",
    )


class Report(serializers.Serializer[Any]):
    """The body of POST /checks."""

    region = RegionName()
    results = serializers.ListField(child=ReportedCheck(), max_length=MOST_AT_ONCE)


class Reported(serializers.Serializer[Any]):
    recorded = serializers.IntegerField(help_text="How many were kept.")


class CheckDocument(serializers.Serializer[Any]):
    monitor_id = IdField()
    region = serializers.CharField()
    verdict = VerdictField()
    error_code = serializers.CharField(allow_null=True)
    latency_ms = serializers.IntegerField(allow_null=True)
    checked_at = Moment()


class RunDocument(HeldDocument):
    """What came of running a monitor now."""

    monitor_id = IdField()
    name = serializers.CharField()
    verdict = VerdictField()
    since = Moment(allow_null=True)
    error_code = serializers.CharField(allow_null=True)
    latency_ms = serializers.IntegerField(allow_null=True)
    baseline_ms = serializers.IntegerField(
        allow_null=True, help_text="The middle latency of the good checks of the day before."
    )
    likely_cause = serializers.CharField(allow_null=True)
    regions = RegionDocument(many=True)
    waiting = serializers.ListField(
        child=serializers.CharField(), help_text="Regions that have not answered yet."
    )
    checked_at = Moment(allow_null=True)
