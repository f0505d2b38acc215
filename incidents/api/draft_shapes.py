"""A draft as the API takes and shows it."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from atender.api.fields import Flag, IdField, IdsField, Moment, OneOf, Text
from atender.api.strict import Body
from incidents.api.shapes import ImpactShape, SeverityField, TitleField
from incidents.drafts.keeping import Written
from incidents.models import Draft
from incidents.models.vocabulary import DEFAULT_IMPACT, Status

# The names of the API and those of the columns, where they differ.
COLUMNS = {
    "public": "is_public",
    "notify": "notifies",
    "status_page_ids": "page_ids",
}
# What only the draft of a new incident may say.
OF_OPENING = (
    "title",
    "started_at",
    "resolved_at",
    "status_page_ids",
    "monitor_ids",
    "service_id",
)


class DraftStatusField(OneOf):
    """The statuses of incidents and of maintenances, each in its own words."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=Status.choices, allow_null=True, **kwargs)


class DraftChange(Body):
    """The body of PATCH /drafts/{id}; what it leaves out stays as it is."""

    title = TitleField(required=False)
    body = Text(allow_blank=True, required=False)
    status = DraftStatusField(required=False)
    severity = SeverityField(required=False)
    public = Flag(required=False)
    notify = Flag(required=False, allow_null=True)
    eta = Moment(required=False, allow_null=True)
    next_update_by = Moment(required=False, allow_null=True)
    started_at = Moment(required=False, allow_null=True)
    resolved_at = Moment(required=False, allow_null=True)
    status_page_ids = IdsField(required=False)
    monitor_ids = IdsField(required=False)
    component_impacts = ImpactShape(many=True, required=False)
    service_id = IdField(required=False, allow_null=True)
    publish_at = Moment(
        required=False,
        allow_null=True,
        help_text="When it is published by itself, as its author; null waits for somebody.",
    )


class NewDraft(DraftChange):
    """The body of POST /drafts: of an update where it names an incident, else of a new incident."""

    incident_id = IdField(required=False, allow_null=True)


class DraftDocument(serializers.Serializer[Any]):
    id = IdField()
    incident_id = IdField(allow_null=True)
    title = Text(allow_blank=True)
    body = Text(allow_blank=True)
    status = DraftStatusField()
    severity = SeverityField()
    changes_severity = Flag(help_text="Whether it says one; null is one, too")
    public = Flag()
    notify = Flag(allow_null=True)
    eta = Moment(allow_null=True)
    next_update_by = Moment(allow_null=True)
    next_update_in_minutes = serializers.IntegerField(
        allow_null=True, help_text="Promised from the moment of publishing on, by the console"
    )
    started_at = Moment(allow_null=True)
    resolved_at = Moment(allow_null=True)
    status_page_ids = IdsField()
    monitor_ids = IdsField()
    component_impacts = ImpactShape(many=True)
    service_id = IdField(allow_null=True)
    publish_at = Moment(allow_null=True)
    refusal = Text(allow_blank=True, help_text="Why it was not published at its time")
    refused_at = Moment(allow_null=True)
    created_by = Text()
    updated_at = Moment()


def draft_document(draft: Draft) -> dict[str, Any]:
    severity = None if draft.severity in ("", Draft.NO_SEVERITY) else draft.severity
    usual = DEFAULT_IMPACT[severity]
    return {
        "id": draft.id,
        "incident_id": draft.incident_id,
        "title": draft.title,
        "body": draft.body,
        "status": draft.status or None,
        "severity": severity,
        "changes_severity": bool(draft.severity),
        "public": draft.is_public,
        "notify": draft.notifies,
        "eta": draft.eta,
        "next_update_by": draft.next_update_by,
        "next_update_in_minutes": draft.promise_min,
        "started_at": draft.started_at,
        "resolved_at": draft.resolved_at,
        "status_page_ids": draft.page_ids or [],
        "monitor_ids": draft.monitor_ids,
        "component_impacts": [
            {"component_id": pk, "state": state or usual} for pk, state in draft.impacts.items()
        ],
        "service_id": draft.service_id,
        "publish_at": draft.publish_at,
        "refusal": draft.refusal,
        "refused_at": draft.refused_at,
        "created_by": draft.by_id or draft.by_kind,
        "updated_at": draft.saved_at,
    }


def written_in(body: Mapping[str, Any], before: Draft | None = None) -> Written:
    """Lay a validated body over what the draft says."""
    columns = [name for name in Written.__dataclass_fields__ if name != "seen"]
    said: dict[str, Any] = {name: getattr(before, name) for name in columns} if before else {}
    for name, value in body.items():
        column = COLUMNS.get(name, name)
        if column == "component_impacts":
            said["impacts"] = {each["component_id"].upper(): each["state"] for each in value}
        elif column == "severity":
            said["severity"] = value or Draft.NO_SEVERITY
        elif column == "status":
            said["status"] = value or ""
        elif column in columns:
            said[column] = _as_kept(value) if column.endswith(("_id", "_ids")) else value
    if body.get("next_update_by"):
        said["promise_min"] = None
    return Written(**said)


def _as_kept(ids: Any) -> Any:
    if isinstance(ids, list):
        return list(dict.fromkeys(each.upper() for each in ids))
    return ids and ids.upper()
