"""A post-mortem and its follow-ups as the API takes and shows them."""

import json
import zlib
from datetime import timedelta
from typing import Any

from rest_framework import serializers
from rest_framework.utils.encoders import JSONEncoder

from atender.api.fields import Flag, IdField, Moment, Text
from atender.api.strict import Body
from incidents.afterwards.hindsight import Hindsight, look_back
from incidents.api.shapes import SeverityField, TitleField
from incidents.models import FollowUp, PostMortem, PostMortemStatus
from incidents.models.vocabulary import ComponentStateName

STATUSES = ", ".join(PostMortemStatus.values)


class PostMortemStatusField(serializers.ChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=PostMortemStatus.choices, **kwargs)

    default_error_messages = {
        "invalid_choice": f"'{{input}}' is no status of a post-mortem; it is one of {STATUSES}."
    }


class PostMortemWriting(Body):
    """The body of PUT and PATCH /incidents/{id}/postmortem."""

    body = Text(required=False, allow_blank=True, help_text="Markdown; HTML in it is shown as text")
    status = PostMortemStatusField(required=False)
    notify = Flag(required=False, help_text="Tell subscribers; once, however often it is sent")


class SufferedShape(serializers.Serializer[Any]):
    component_id = IdField()
    name = Text()
    worst_state = serializers.ChoiceField(choices=ComponentStateName.choices)


class FactsShape(serializers.Serializer[Any]):
    """What the record says about how it went; durations are in seconds after `started_at`."""

    severity = SeverityField()
    started_at = Moment()
    detected_at = Moment()
    acknowledged_at = Moment(allow_null=True)
    identified_at = Moment(allow_null=True)
    resolved_at = Moment()
    duration_s = serializers.IntegerField()
    time_to_detect_s = serializers.IntegerField()
    time_to_acknowledge_s = serializers.IntegerField(allow_null=True)
    time_to_identify_s = serializers.IntegerField(allow_null=True)
    components = SufferedShape(many=True)


class NewFollowUp(Body):
    """The body of POST /incidents/{id}/postmortem/follow-ups."""

    title = TitleField()
    owner_id = IdField(required=False, allow_null=True, help_text="A person of the staff")
    owner_name = Text(required=False, allow_blank=True, help_text="Anybody else, by name")
    due_date = serializers.DateField(required=False, allow_null=True)
    public = Flag(default=True, help_text="Whether the published post-mortem lists its title")


class FollowUpChange(NewFollowUp):
    """The body of PATCH /incidents/{id}/postmortem/follow-ups/{follow_up_id}."""

    title = TitleField(required=False)
    public = Flag(required=False)
    done = Flag(required=False)


class FollowUpDocument(serializers.Serializer[Any]):
    id = IdField()
    title = Text()
    owner_id = IdField(allow_null=True)
    owner_name = Text(allow_blank=True)
    due_date = serializers.DateField(allow_null=True)
    public = Flag()
    done_at = Moment(allow_null=True)
    created_at = Moment()


class PostMortemDocument(serializers.Serializer[Any]):
    id = IdField()
    incident_id = IdField()
    status = PostMortemStatusField()
    body = Text(allow_blank=True)
    published_at = Moment(allow_null=True)
    notified_at = Moment(allow_null=True)
    facts = FactsShape(allow_null=True)
    follow_ups = FollowUpDocument(many=True)
    created_by = Text()
    created_at = Moment()
    updated_at = Moment()


def post_mortem_document(post_mortem: PostMortem) -> dict[str, Any]:
    """Build the document; facts are null while the incident is open again. Six queries."""
    incident = post_mortem.incident
    return {
        "id": post_mortem.id,
        "incident_id": incident.id,
        "status": post_mortem.status,
        "body": post_mortem.body,
        "published_at": post_mortem.published_at,
        "notified_at": post_mortem.notified_at,
        "facts": _facts(look_back(incident)) if incident.is_closed else None,
        "follow_ups": [follow_up_document(each) for each in post_mortem.follow_ups.all()],
        "created_by": post_mortem.by_id or post_mortem.by_kind,
        "created_at": post_mortem.created_at,
        "updated_at": post_mortem.changed_at,
    }


def _facts(past: Hindsight) -> dict[str, Any]:
    return {
        "severity": past.severity,
        "started_at": past.started_at,
        "detected_at": past.detected_at,
        "acknowledged_at": past.acknowledged_at,
        "identified_at": past.identified_at,
        "resolved_at": past.resolved_at,
        "duration_s": _seconds(past.duration),
        "time_to_detect_s": _seconds(past.to_detect),
        "time_to_acknowledge_s": _seconds(past.to_acknowledge),
        "time_to_identify_s": _seconds(past.to_identify),
        "components": [
            {"component_id": each.component_id, "name": each.name, "worst_state": each.worst}
            for each in past.suffered
        ],
    }


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds())


def follow_up_document(follow_up: FollowUp) -> dict[str, Any]:
    return {
        "id": follow_up.id,
        "title": follow_up.title,
        "owner_id": follow_up.owner_id or None,
        "owner_name": follow_up.owner_name,
        "due_date": follow_up.due_date,
        "public": follow_up.is_public,
        "done_at": follow_up.done_at,
        "created_at": follow_up.created_at,
    }


def version_of(post_mortem: PostMortem) -> int:
    """A number that differs when anything in the document does, its follow-ups included."""
    return zlib.crc32(json.dumps(post_mortem_document(post_mortem), cls=JSONEncoder).encode())
