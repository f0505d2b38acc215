"""The shape of those whom alerts call."""

from typing import Any

from rest_framework import serializers

from alerts.models import CallState, MethodKind, Purpose
from alerts.models.people import ADDRESS_LENGTH
from atender.api.fields import ClockTime, Flag, IdField, IdsField, Moment, Number, OneOf, Text
from atender.api.strict import Body
from monitors.api.shapes import NameField

HEARS_RECOVERY = (
    "Whether a person who was called by it is told there, once, that it is over; unless given, "
    "false for text messages and else true."
)
PEOPLE = "People by their ids or the addresses with which they sign in."


class PeopleField(serializers.ListField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            child=Text(max_length=ADDRESS_LENGTH), max_length=100, help_text=PEOPLE, **kwargs
        )


class TimesField(serializers.ListField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            child=Number(min_value=0, max_value=86_400),
            max_length=10,
            help_text="Seconds after the page; several mean that it is used again.",
            **kwargs,
        )


class ContactMethodChange(Body):
    """The body of PATCH /contact-methods/{id}."""

    address = Text(required=False, max_length=ADDRESS_LENGTH)
    after_s = TimesField(required=False)
    hears_recovery = Flag(required=False, help_text=HEARS_RECOVERY)


class NewContactMethod(ContactMethodChange):
    """The body of POST /contact-methods."""

    person = Text(max_length=ADDRESS_LENGTH, help_text="An id, or the address of signing in.")
    kind = OneOf(choices=MethodKind.choices)
    address = Text(max_length=ADDRESS_LENGTH)


class ContactMethodDocument(serializers.Serializer[Any]):
    id = IdField()
    person_id = IdField()
    kind = serializers.ChoiceField(choices=MethodKind.choices)
    address = serializers.CharField()
    after_s = TimesField()
    hears_recovery = serializers.BooleanField(help_text=HEARS_RECOVERY)
    verified_at = Moment(
        allow_null=True, help_text="Null: nobody is called there before it is verified."
    )
    created_at = Moment()


class MethodMessageDocument(serializers.Serializer[Any]):
    """What became of a code or of a test page."""

    id = IdField()
    message = serializers.ChoiceField(choices=Purpose.choices)
    state = serializers.ChoiceField(choices=CallState.choices)
    answer = serializers.CharField(help_text="What went wrong, where something did.")
    asked_at = Moment()
    sent_at = Moment(allow_null=True)
    expires_at = Moment(allow_null=True, help_text="Until when a code can be entered.")


class CodeShape(Body):
    """The body of POST /contact-methods/{id}/verify."""

    code = Text(max_length=20)


class NotificationGroupChange(Body):
    """The body of PATCH /notification-groups/{id}."""

    name = NameField(required=False)
    people = PeopleField(required=False)
    schedule_ids = IdsField(required=False)
    channel_ids = IdsField(required=False)


class NewNotificationGroup(NotificationGroupChange):
    """The body of POST /notification-groups."""

    name = NameField()


class NotificationGroupDocument(serializers.Serializer[Any]):
    id = IdField()
    name = serializers.CharField()
    people = IdsField()
    schedule_ids = IdsField()
    channel_ids = IdsField()
    created_at = Moment()


class ScheduleChange(Body):
    """The body of PATCH /schedules/{id}."""

    name = NameField(required=False)
    time_zone = Text(required=False, max_length=64)
    starts_on = serializers.DateField(required=False)
    handover_at = ClockTime(required=False)
    people = PeopleField(required=False)


class NewSchedule(ScheduleChange):
    """The body of POST /schedules."""

    name = NameField()
    starts_on = serializers.DateField()
    handover_at = ClockTime()
    people = PeopleField()


class OverrideDocument(serializers.Serializer[Any]):
    id = IdField()
    person_id = IdField()
    starts_at = Moment()
    ends_at = Moment()


class NewOverride(Body):
    """The body of POST /schedules/{id}/overrides."""

    person = Text(max_length=ADDRESS_LENGTH)
    starts_at = Moment()
    ends_at = Moment()


class ScheduleDocument(serializers.Serializer[Any]):
    id = IdField()
    name = serializers.CharField()
    time_zone = serializers.CharField()
    starts_on = serializers.DateField()
    handover_at = ClockTime()
    people = IdsField()
    on_duty = IdField(allow_null=True)
    overrides = OverrideDocument(many=True)
    created_at = Moment()


class StepShape(Body):
    wait_s = Number(
        min_value=0,
        max_value=86_400,
        required=False,
        default=300,
        help_text="How long they have before the next step.",
    )
    people = PeopleField(required=False)
    schedule_ids = IdsField(required=False)
    group_ids = IdsField(required=False)


class PolicyChange(Body):
    """The body of PATCH /escalation-policies/{id}."""

    name = NameField(required=False)
    repeats = Number(min_value=0, max_value=9, required=False)
    last_resort_group_id = IdField(required=False, allow_null=True)
    is_fallback = Flag(
        required=False, help_text="Whatever names nobody itself calls by it; one policy at most."
    )
    steps = StepShape(many=True, required=False)


class NewEscalationPolicy(PolicyChange):
    """The body of POST /escalation-policies."""

    name = NameField()
    steps = StepShape(many=True)


class StepDocument(serializers.Serializer[Any]):
    wait_s = serializers.IntegerField()
    people = IdsField()
    schedule_ids = IdsField()
    group_ids = IdsField()


class EscalationPolicyDocument(serializers.Serializer[Any]):
    id = IdField()
    name = serializers.CharField()
    repeats = serializers.IntegerField()
    last_resort_group_id = IdField(allow_null=True)
    is_fallback = serializers.BooleanField()
    steps = StepDocument(many=True)
    created_at = Moment()
