"""The shape of alerts as they come in and go out; what is allowed is decided by the verbs."""

from datetime import timedelta
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from alerts.api.whom import Whom
from alerts.lifecycle import LONGEST_SNOOZE
from alerts.models import AlertSeverity, AlertSource, AlertStatus, EntryKind
from alerts.models.alerts import KEY_LENGTH, SUMMARY_LENGTH
from atender.api.errors import Unprocessable
from atender.api.fields import WITHOUT_NULLS, Flag, IdField, IdsField, Moment, Number, Text
from atender.api.strict import Body
from incidents.api.shapes import InitialUpdate, OutageSeverityField, TitleField

LONGEST_SNOOZE_MINUTES = LONGEST_SNOOZE // timedelta(minutes=1)


@extend_schema_field({**WITHOUT_NULLS, "minLength": 1, "maxLength": SUMMARY_LENGTH})
class SummaryField(Text):
    """Length and emptiness are judged by the verb, whose sentence says more."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_blank=True, **kwargs)


class AlertSeverityField(serializers.ChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=AlertSeverity.choices, **kwargs)

    default_error_messages = {
        "invalid_choice": f"'{{input}}' is no severity; it is one of "
        f"{', '.join(AlertSeverity.values)}."
    }


class NewAlert(Whom):
    """The body of POST /alerts; whom it names is called instead of whom the routing does."""

    summary = SummaryField()
    severity = AlertSeverityField(required=False, default=AlertSeverity.ERROR)
    dedup_key = Text(
        required=False,
        allow_blank=True,
        max_length=KEY_LENGTH,
        help_text="While an alert with this key is open, the same one is answered.",
    )
    monitor_id = IdField(required=False, allow_null=True)
    service_id = IdField(required=False, allow_null=True)
    url = Text(required=False, allow_blank=True, max_length=2000)


class Snoozing(Body):
    """The body of POST /alerts/{id}/snooze."""

    until = Moment(required=False)
    minutes = Number(
        min_value=1, max_value=LONGEST_SNOOZE_MINUTES, required=False, help_text="Instead of until."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise Unprocessable("Say until when, or for how many minutes.", "until")
        return attrs


class NewNote(Body):
    """The body of POST /alerts/{id}/notes."""

    text = Text(allow_blank=True)


class Promotion(Body):
    """The body of POST /alerts/{id}/create-incident; what is left out comes from the alert."""

    title = TitleField(required=False)
    severity = OutageSeverityField(required=False)
    status_page_ids = IdsField(required=False)
    initial_update = InitialUpdate(required=False)
    notify = Flag(required=False)


class EntryDocument(serializers.Serializer[Any]):
    id = IdField()
    kind = serializers.ChoiceField(choices=EntryKind.choices)
    text = serializers.CharField()
    incident_id = IdField(allow_null=True)
    by = serializers.CharField()
    at = Moment()


class AlertDocument(serializers.Serializer[Any]):
    id = IdField()
    summary = serializers.CharField()
    severity = AlertSeverityField()
    status = serializers.ChoiceField(choices=AlertStatus.choices)
    source = serializers.ChoiceField(choices=AlertSource.choices)  # type: ignore[assignment]
    dedup_key = serializers.CharField()
    url = serializers.CharField()
    details = serializers.JSONField()
    monitor_id = IdField(allow_null=True)
    service_id = IdField(allow_null=True)
    incident_id = IdField(allow_null=True)
    triggered_at = Moment()
    acknowledged_at = Moment(allow_null=True)
    acknowledged_by = serializers.CharField(allow_null=True)
    snoozed_until = Moment(allow_null=True)
    resolved_at = Moment(allow_null=True)
    timeline = EntryDocument(many=True)
    created_at = Moment()
