"""The shape of what comes in and goes out; what is allowed is decided by the verbs."""

from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from atender.api.fields import WITHOUT_NULLS, Flag, IdField, IdsField, Moment, Text
from atender.api.strict import Body
from incidents.models.incidents import TITLE_LENGTH
from incidents.models.vocabulary import (
    SEVERITIES,
    ComponentStateName,
    Kind,
    ResponderStatus,
    Severity,
)

V1_STATUSES = ["investigating", "identified", "monitoring", "resolved", "maintenance"]
OUTAGE_SEVERITIES = SEVERITIES[Kind.INCIDENT]


@extend_schema_field({**WITHOUT_NULLS, "minLength": 1, "maxLength": TITLE_LENGTH})
class TitleField(Text):
    """Length and emptiness are judged by the verb, whose sentence says more."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_blank=True, **kwargs)


class SeverityField(serializers.ChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=Severity.choices, allow_null=True, **kwargs)

    default_error_messages = {
        "invalid_choice": (
            "'{input}' is no severity; it is minor, major, critical, maintenance or null."
        )
    }


class OutageSeverityField(serializers.ChoiceField):
    """Of what is an incident for certain; planned work alone has the severity `maintenance`."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [(severity.value, severity.label) for severity in OUTAGE_SEVERITIES]
        super().__init__(choices=choices, allow_null=True, **kwargs)

    default_error_messages = {
        "invalid_choice": "'{input}' is no severity of an incident; "
        f"it is {', '.join(OUTAGE_SEVERITIES)}, or null."
    }


class StatusField(serializers.ChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=V1_STATUSES, **kwargs)

    default_error_messages = {
        "invalid_choice": f"'{{input}}' is no status; it is one of {', '.join(V1_STATUSES)}."
    }


class ImpactShape(Body):
    component_id = IdField()
    state = serializers.ChoiceField(
        choices=ComponentStateName.choices,
        error_messages={
            "invalid_choice": "'{input}' is no state of a component; it is one of "
            f"{', '.join(ComponentStateName.values)}."
        },
    )


class InitialUpdate(Body):
    body = Text(allow_blank=True, required=False, default="")
    public = Flag(default=True)


def pages_from_now_on() -> IdsField:
    """The field of a change that names all pages which show something once it is made."""
    return IdsField(
        required=False,
        help_text="All pages that show it from now on. Subscribers of one that is new get the "
        "latest public update, once, unless `notify` is false; one that is missing stops showing "
        "it at once, and its subscribers hear nothing more. An empty list makes it internal.",
    )


class IncidentChange(Body):
    """The body of PATCH /incidents/{id}."""

    title = TitleField(required=False)
    severity = SeverityField(required=False)
    status = StatusField(required=False)
    service_id = IdField(required=False, allow_null=True)
    monitor_ids = IdsField(required=False)
    component_impacts = ImpactShape(many=True, required=False)
    status_page_ids = pages_from_now_on()
    next_update_by = Moment(required=False, allow_null=True)
    eta = Moment(
        required=False,
        allow_null=True,
        help_text="When it should be over. What was said is moved by saying another time.",
    )
    notify = Flag(required=False)
    hold_auto_resolve = Flag(
        required=False,
        help_text="Whether it stays open when its monitors recover, until somebody resolves it. "
        "Only of what monitors opened.",
    )


class NewIncident(IncidentChange):
    """The body of POST /incidents. Its first words may be called `message`, as others do."""

    also_called: ClassVar[Mapping[str, str]] = {"message": "initial_update.body"}
    # A person's decision about an incident that is there.
    hold_auto_resolve = None  # type: ignore[assignment]

    title = TitleField()
    status_page_ids = IdsField(required=False)
    started_at = Moment(required=False)
    resolved_at = Moment(
        required=False,
        allow_null=True,
        help_text="Of what is over already, with the status `resolved`: when it ended; now unless "
        "given.",
    )
    initial_update = InitialUpdate(required=False)


class NewUpdate(Body):
    """The body of POST /incidents/{id}/updates. Its words may be called `message`."""

    also_called: ClassVar[Mapping[str, str]] = {"message": "body"}

    status = StatusField(required=False)
    severity = SeverityField(required=False)
    body = Text(allow_blank=True, required=False, default="")
    public = Flag(default=True)
    eta = Moment(required=False, allow_null=True)
    next_update_by = Moment(required=False, allow_null=True)
    component_impacts = ImpactShape(
        many=True,
        required=False,
        help_text="What the incident does to components from now on; others stay as they are. "
        "Where an update says nothing else, it shows in their states alone and nobody is told.",
    )
    notify = Flag(required=False)


class UpdateEdit(Body):
    """The body of PATCH /incidents/{id}/updates/{update_id}."""

    body = Text(allow_blank=True, required=False)
    public = Flag(required=False)


class WrittenDocument(serializers.Serializer[Any]):
    """An update as any list shows it, but for its status, of which there are two vocabularies."""

    id = IdField()
    user_id = serializers.CharField()
    user_email = serializers.CharField(allow_null=True)
    severity = SeverityField()
    body = Text(allow_blank=True)
    public = Flag()
    eta = Moment(allow_null=True)
    next_update_by = Moment(allow_null=True)
    component_impacts = ImpactShape(
        many=True, help_text="The states that this update gave to components."
    )
    edited_at = Moment(allow_null=True)
    created_at = Moment()


class UpdateDocument(WrittenDocument):
    status = StatusField()


class IncidentDocument(serializers.Serializer[Any]):
    id = IdField()
    org_id = IdField()
    kind = serializers.CharField()
    title = serializers.CharField()
    status = StatusField()
    severity = SeverityField()
    responder_status = serializers.ChoiceField(choices=ResponderStatus.choices)
    acknowledged_at = Moment(allow_null=True)
    acknowledged_by = serializers.CharField(allow_null=True)
    auto_created = Flag()
    hold_auto_resolve = Flag()
    service_id = IdField(allow_null=True)
    started_at = Moment()
    resolved_at = Moment(allow_null=True)
    next_update_by = Moment(allow_null=True)
    eta = Moment(allow_null=True, help_text="When it should be over, as was said last in public.")
    created_by = serializers.CharField()
    monitor_ids = IdsField()
    status_page_ids = IdsField()
    component_impacts = ImpactShape(many=True)
    updates = UpdateDocument(many=True)
    created_at = Moment()
    updated_at = Moment()
