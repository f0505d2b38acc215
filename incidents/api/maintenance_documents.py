"""Planned work as the API shows it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from incidents.api.documents import addresses_of, gathered_ids, shown_update, with_relations
from incidents.maintenance import next_step_at
from incidents.models import Incident, IncidentUpdate, MaintenanceSeries
from incidents.models.vocabulary import ComponentStateName, Status

MINUTE = timedelta(minutes=1)


def with_plans(maintenances: QuerySet[Incident]) -> QuerySet[Incident]:
    """Fetch what documents need in five queries, however many there are."""
    steps = IncidentUpdate.objects.transitions().filter(
        incident=OuterRef("pk"), changes_status=True
    )
    begun = steps.filter(status=Status.IN_PROGRESS).order_by("posted_at", "id")
    newest = steps.order_by("-posted_at", "-id")
    return with_relations(maintenances.select_related("series")).annotate(
        began_at=Subquery(begun.values("posted_at")[:1]),
        entered_at=Subquery(newest.values("posted_at")[:1]),
    )


def maintenance_documents(maintenances: Iterable[Incident], *, org_id: str) -> list[dict[str, Any]]:
    """Build the documents of what `with_plans` has fetched; one query for people."""
    rows = list(maintenances)
    addresses = addresses_of(update for row in rows for update in row.updates.all())
    return [_document(row, addresses, org_id) for row in rows]


def _document(incident: Incident, addresses: dict[str, str], org_id: str) -> dict[str, Any]:
    fetched = vars(incident)
    impacts = sorted(incident.impacts.all(), key=lambda impact: impact.component_id)
    updates = list(incident.updates.all())
    return {
        "id": incident.id,
        "org_id": org_id,
        "title": incident.title,
        "status": incident.status,
        "scheduled_for": incident.scheduled_for,
        "scheduled_until": incident.scheduled_until,
        "started_at": fetched["began_at"],
        "completed_at": incident.resolved_at,
        "next_step_at": next_step_at(incident, entered_at=fetched["entered_at"]),
        "body": updates[0].body if updates else "",
        "component_ids": [
            i.component_id for i in impacts if i.state != ComponentStateName.OPERATIONAL
        ],
        "component_impacts": [{"component_id": i.component_id, "state": i.state} for i in impacts],
        "monitor_ids": gathered_ids(incident, "monitor_ids"),
        "status_page_ids": gathered_ids(incident, "page_ids"),
        "notice_before_minutes": minutes(incident.notice_before),
        "series_id": incident.series_id,
        "recurrence": recurrence_document(incident.series) if incident.series else None,
        "created_by": incident.by_id or incident.by_kind,
        "updates": [_stage(update, addresses) for update in updates],
        "created_at": incident.created_at,
        "updated_at": incident.updated_at,
    }


def _stage(update: IncidentUpdate, addresses: dict[str, str]) -> dict[str, Any]:
    """An update in a maintenance's own words."""
    return {
        **shown_update(update, addresses),
        "status": update.status,
        "scheduled_for": update.scheduled_for if update.changes_window else None,
        "scheduled_until": update.scheduled_until if update.changes_window else None,
    }


def minutes(span: timedelta | None) -> int | None:
    return span // MINUTE if span else None


def recurrence_document(series: MaintenanceSeries) -> dict[str, Any]:
    return {
        "rrule": series.rrule,
        "duration_minutes": minutes(series.duration),
        "time_zone": series.time_zone,
    }


def with_times(series: QuerySet[MaintenanceSeries]) -> QuerySet[MaintenanceSeries]:
    """Fetch what documents need in five queries, however many there are."""
    waiting = Incident.objects.kept().filter(status=Status.SCHEDULED).order_by("scheduled_for")
    return series.prefetch_related(
        "impacts",
        "monitors",
        "pages",
        Prefetch("occurrences", queryset=waiting, to_attr="waiting"),
    )


def series_document(series: MaintenanceSeries, *, org_id: str) -> dict[str, Any]:
    waiting: list[Incident] = vars(series)["waiting"]
    starts_at: datetime = series.starts_at
    return {
        "id": series.id,
        "org_id": org_id,
        "title": series.title,
        "body": series.body,
        "scheduled_for": starts_at,
        "recurrence": recurrence_document(series),
        "upcoming_ids": [maintenance.id for maintenance in waiting],
        "component_impacts": [
            {"component_id": impact.component_id, "state": impact.state}
            for impact in sorted(series.impacts.all(), key=lambda impact: impact.component_id)
        ],
        "monitor_ids": sorted(monitor.pk for monitor in series.monitors.all()),
        "status_page_ids": sorted(page.pk for page in series.pages.all()),
        "notice_before_minutes": minutes(series.notice_before),
        "ended_at": series.ended_at,
        "created_by": series.by_id or series.by_kind,
        "created_at": series.created_at,
        "updated_at": series.updated_at,
    }
