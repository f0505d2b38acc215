"""What alerts add to a monitor's document: what happens when it fails."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rest_framework import serializers

from alerts.models import AutoIncident, EscalationPolicy, NotificationGroup, Routing, Tells
from alerts.models.routing import SEVERITY_NAMES, tells_unless_asked
from alerts.routing import change_routing, warnings_of
from atender.actors import Actor
from atender.api.fields import IdField, IdsField, OneOf
from atender.api.reading import record_named, records_named
from incidents.models import Page
from monitors.api.extra import ExtraField, register
from monitors.models import Monitor

RECORDS = {
    "notification_group_id": NotificationGroup.objects,
    "escalation_policy_id": EscalationPolicy.objects,
}
Field = serializers.Field[Any, Any, Any, Any]


def reading(value_of: Callable[[Routing], Any], otherwise: Any) -> Any:
    """Read a fact of each monitor's own routing."""

    def read(monitors: Sequence[Monitor]) -> Mapping[str, Any]:
        rows = Routing.objects.filter(monitor__in=monitors)
        found = {str(row.monitor_id): value_of(row) for row in rows}
        return {monitor.pk: found.get(monitor.pk, otherwise) for monitor in monitors}

    return read


def read_pages(monitors: Sequence[Monitor]) -> Mapping[str, list[str]]:
    chosen: dict[str, list[str]] = {monitor.pk: [] for monitor in monitors}
    rows = Routing.objects.filter(monitor__in=monitors, pages__isnull=False)
    for monitor_id, page_id in rows.order_by("pages").values_list("monitor_id", "pages"):
        chosen[str(monitor_id)].append(str(page_id))
    return chosen


def changes_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """From a body to the verb's arguments; an unknown id is a 422 naming its field."""
    plain = ("auto_incident", "severity", "alert_on")
    changes = {name: value for name, value in body.items() if name in plain}
    if "status_page_ids" in body:
        ids = body["status_page_ids"]
        changes["pages"] = records_named(Page.objects.all(), ids, field="status_page_ids")
    for field, rows in RECORDS.items():
        if field in body:
            changes[field.removesuffix("_id")] = record_named(rows.all(), body, field)
    return changes


def write_routing(monitor: Monitor, given: Mapping[str, Any], by: Actor) -> None:
    change_routing(monitor, by=by, **changes_of(given))


def auto_incident_field() -> Field:
    return OneOf(AutoIncident.values, required=False)


def severity_field() -> Field:
    return OneOf(
        SEVERITY_NAMES,
        required=False,
        allow_null=True,
        help_text="Of the incident; null: major when it is down, minor when it is degraded.",
    )


def alert_on_field() -> Field:
    return serializers.ListField(
        child=OneOf(Tells.values),
        required=False,
        max_length=len(Tells.values),
        help_text="Degraded is off unless asked for: it tires those who are called.",
    )


def warnings_field() -> Field:
    return serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="What stands in the way of what was chosen.",
    )


def read_warnings(monitors: Sequence[Monitor]) -> Mapping[str, list[str]]:
    rows = Routing.objects.filter(monitor__in=monitors).prefetch_related("pages")
    found = {str(row.monitor_id): warnings_of(row) for row in rows}
    return {monitor.pk: found.get(monitor.pk, []) for monitor in monitors}


FIELDS = (
    ExtraField(
        "auto_incident",
        shape=auto_incident_field,
        read=reading(lambda routing: routing.auto_incident, AutoIncident.OFF),
    ),
    ExtraField(
        "status_page_ids",
        shape=lambda: IdsField(required=False),
        read=read_pages,
    ),
    ExtraField(
        "severity",
        shape=severity_field,
        read=reading(lambda routing: routing.severity, None),
    ),
    ExtraField(
        "notification_group_id",
        shape=lambda: IdField(required=False, allow_null=True),
        read=reading(lambda routing: routing.notification_group_id, None),
    ),
    ExtraField(
        "escalation_policy_id",
        shape=lambda: IdField(required=False, allow_null=True),
        read=reading(lambda routing: routing.escalation_policy_id, None),
    ),
    ExtraField(
        "alert_on",
        shape=alert_on_field,
        read=reading(lambda routing: routing.alert_on, tells_unless_asked()),
    ),
    ExtraField("warnings", shape=warnings_field, read=read_warnings),
)
register(FIELDS, write=write_routing)
