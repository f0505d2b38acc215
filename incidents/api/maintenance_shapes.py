"""The shape of planned work; what is allowed is decided by the verbs."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from atender.api.fields import Flag, IdField, IdsField, Moment, Number, Text
from atender.api.strict import Body
from incidents.api.dialects.kener import NewIncident as DocumentedIncident
from incidents.api.shapes import (
    ImpactShape,
    InitialUpdate,
    TitleField,
    WrittenDocument,
    pages_from_now_on,
)
from incidents.models.vocabulary import PATHS, Kind, Status

STATUSES = [*(status.value for status in PATHS[Kind.MAINTENANCE]), Status.CANCELLED.value]
LONGEST_MINUTES = 30 * 24 * 60
DAY_MINUTES = 24 * 60


class StageField(serializers.ChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=STATUSES, **kwargs)

    default_error_messages = {
        "invalid_choice": (
            f"'{{input}}' is no status of a maintenance; it is one of {', '.join(STATUSES)}."
        )
    }


class MinutesField(Number):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=LONGEST_MINUTES, **kwargs)


class RecurrenceShape(Body):
    """An RRULE of RFC 5545, daily at most often, in the local time of a zone."""

    rrule = Text(help_text="FREQ=WEEKLY;BYDAY=TU and the like.")
    duration_minutes = MinutesField(
        required=False, help_text="From scheduled_for to scheduled_until unless given."
    )
    time_zone = Text(default="UTC", help_text="An IANA name, such as Europe/Lisbon.")


class Affected(Body):
    """What planned work touches, and where it shows."""

    component_ids = IdsField(required=False)
    component_impacts = ImpactShape(many=True, required=False)
    monitor_ids = IdsField(required=False)
    status_page_ids = IdsField(required=False)
    notice_before_minutes = MinutesField(required=False, allow_null=True)
    notify = Flag(required=False)


class NewMaintenance(Affected):
    """The body of POST /maintenances; with `recurrence` it comes again."""

    title = TitleField()
    scheduled_for = Moment()
    scheduled_until = Moment(required=False, allow_null=True)
    body = Text(allow_blank=True, required=False)
    initial_update = InitialUpdate(required=False)
    recurrence = RecurrenceShape(required=False, allow_null=True)


class DocumentedMaintenance(DocumentedIncident):
    """The same in another product's words; it shows on the default page."""

    scheduledStart = Moment()  # noqa: N815


NEW_MAINTENANCE = PolymorphicProxySerializer(
    component_name="NewMaintenanceInEitherWords",
    serializers=[NewMaintenance, DocumentedMaintenance],
    resource_type_field_name=None,
)


class MaintenanceChange(Affected):
    """The body of PATCH /maintenances/{id}."""

    title = TitleField(required=False)
    status_page_ids = pages_from_now_on()
    status = StageField(required=False)
    scheduled_for = Moment(required=False)
    scheduled_until = Moment(required=False, allow_null=True)
    body = Text(allow_blank=True, required=False, default="")
    public = Flag(default=True)


class StageDocument(WrittenDocument):
    status = StageField()
    scheduled_for = Moment(allow_null=True, help_text="Where the update moved the window to.")
    scheduled_until = Moment(allow_null=True)


class RecurrenceDocument(serializers.Serializer[Any]):
    rrule = Text()
    duration_minutes = serializers.IntegerField()
    time_zone = Text()


class MaintenanceDocument(serializers.Serializer[Any]):
    id = IdField()
    org_id = IdField()
    title = Text()
    status = StageField()
    scheduled_for = Moment(allow_null=True)
    scheduled_until = Moment(allow_null=True)
    started_at = Moment(allow_null=True, help_text="When the work really began.")
    completed_at = Moment(allow_null=True, help_text="When it was completed or cancelled.")
    next_step_at = Moment(
        allow_null=True, help_text="When it starts or completes itself; null where a person does."
    )
    body = Text(allow_blank=True)
    component_ids = IdsField()
    component_impacts = ImpactShape(many=True)
    monitor_ids = IdsField()
    status_page_ids = IdsField()
    notice_before_minutes = serializers.IntegerField(allow_null=True)
    series_id = IdField(allow_null=True)
    recurrence = RecurrenceDocument(allow_null=True)
    created_by = serializers.CharField()
    updates = StageDocument(many=True)
    created_at = Moment()
    updated_at = Moment()


class SeriesChange(Affected):
    """The body of PATCH /maintenance-series/{id}; what has begun stays as it is."""

    title = TitleField(required=False)
    body = Text(allow_blank=True, required=False)
    scheduled_for = Moment(required=False, help_text="The first start.")
    recurrence = RecurrenceShape(required=False)


class SeriesEnd(Body):
    """The body of POST /maintenance-series/{id}/end."""

    notify = Flag(default=False)


class SeriesDocument(serializers.Serializer[Any]):
    id = IdField()
    org_id = IdField()
    title = Text()
    body = Text(allow_blank=True)
    scheduled_for = Moment()
    recurrence = RecurrenceDocument()
    upcoming_ids = IdsField(help_text="Maintenances of it that have not begun, soonest first.")
    component_impacts = ImpactShape(many=True)
    monitor_ids = IdsField()
    status_page_ids = IdsField()
    notice_before_minutes = serializers.IntegerField(allow_null=True)
    ended_at = Moment(allow_null=True)
    created_by = serializers.CharField()
    created_at = Moment()
    updated_at = Moment()
