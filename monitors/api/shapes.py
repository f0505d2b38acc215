"""The shape of monitors and services as they come in and go out."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from atender.api.fields import IdField, Moment, Number, Text
from monitors.api.extra import WithExtraFields
from monitors.api.runbooks import RunbookField
from monitors.models import NAME_LENGTH, MonitorKind
from monitors.watching import INTERVAL_S, MOST_REGIONS, RETRIES, TIMEOUT_S


@extend_schema_field({"type": "string", "minLength": 1, "maxLength": NAME_LENGTH})
class NameField(Text):
    """Length and emptiness are judged by the verb, whose sentence says more."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_blank=True, **kwargs)


class ServiceChange(serializers.Serializer[Any]):
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


class MonitorChange(WithExtraFields):
    """The body of PATCH /monitors/{id}."""

    name = NameField(required=False)
    kind = KindField(required=False)
    url = Text(required=False, allow_blank=True, max_length=500)
    interval_s = Number(min_value=INTERVAL_S[0], max_value=INTERVAL_S[1], required=False)
    timeout_s = Number(min_value=TIMEOUT_S[0], max_value=TIMEOUT_S[1], required=False)
    retries = Number(min_value=RETRIES[0], max_value=RETRIES[1], required=False)
    regions = serializers.ListField(
        child=Text(max_length=40), required=False, max_length=MOST_REGIONS
    )
    service_id = IdField(required=False, allow_null=True)
    runbook = RunbookField()


class NewMonitor(MonitorChange):
    """The body of POST /monitors."""

    name = NameField()


class MonitorDocument(WithExtraFields):
    id = IdField()
    name = serializers.CharField()
    kind = KindField()
    url = serializers.CharField()
    interval_s = serializers.IntegerField()
    timeout_s = serializers.IntegerField()
    retries = serializers.IntegerField()
    regions = serializers.ListField(child=serializers.CharField())
    service_id = IdField(allow_null=True)
    runbook = serializers.CharField()
    created_at = Moment()
