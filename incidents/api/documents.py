"""Incidents as the API shows them: one shape for reading, whoever wrote."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, QuerySet

from atender.actors import ActorKind
from atender.ids import ulid_text
from incidents.models import Incident, IncidentUpdate, Publication
from incidents.models.incidents import IncidentMonitor
from incidents.models.vocabulary import Status
from incidents.promises.ahead import expected_end

# v1 has one word for planned work, whatever stage it is in.
V1_STATUS: dict[str, str] = {
    Status.SCHEDULED: "maintenance",
    Status.IN_PROGRESS: "maintenance",
    Status.VERIFYING: "maintenance",
    Status.COMPLETED: "resolved",
    Status.CANCELLED: "resolved",
}


def with_relations(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """Fetch what a document needs in three queries, however many incidents there are."""
    of_incident = {"incident_id": OuterRef("pk")}
    shown = Publication.objects.filter(**of_incident).order_by("page_id")
    tagged = IncidentMonitor.objects.filter(**of_incident).order_by("monitor_id")
    updates = IncidentUpdate.objects.kept().filter(deleted_at=None).order_by("posted_at", "id")
    return incidents.annotate(
        page_ids=ArraySubquery(shown.values("page_id")),
        monitor_ids=ArraySubquery(tagged.values("monitor_id")),
    ).prefetch_related("impacts", Prefetch("updates", queryset=updates))


def documents(incidents: Iterable[Incident], *, org_id: str) -> list[dict[str, Any]]:
    """Build the documents of incidents that `with_relations` has fetched; one query for people."""
    rows = list(incidents)
    addresses = addresses_of(update for row in rows for update in row.updates.all())
    return [_document(row, addresses, org_id) for row in rows]


def update_document(update: IncidentUpdate) -> dict[str, Any]:
    (document,) = update_documents([update])
    return document


def update_documents(updates: Iterable[IncidentUpdate]) -> list[dict[str, Any]]:
    """Build the documents of updates; one query for people, however many there are."""
    rows = list(updates)
    addresses = addresses_of(rows)
    return [shown_update(row, addresses) for row in rows]


def addresses_of(updates: Iterable[IncidentUpdate]) -> dict[str, str]:
    """Return the addresses of the people who wrote updates, by their ids. One query."""
    people = {update.by_id for update in updates if update.by_kind == ActorKind.PERSON}
    users = get_user_model().objects.filter(pk__in=people)
    return {str(pk): email for pk, email in users.values_list("pk", "email")}


def gathered_ids(incident: Incident, name: str) -> list[str]:
    """The ids that `with_relations` has gathered under a name."""
    return [ulid_text(record_id) for record_id in vars(incident)[name]]


def _document(incident: Incident, addresses: dict[str, str], org_id: str) -> dict[str, Any]:
    updates = list(incident.updates.all())
    return {
        "id": incident.id,
        "org_id": org_id,
        "kind": incident.kind,
        "title": incident.title,
        "status": V1_STATUS.get(incident.status, incident.status),
        "severity": incident.severity,
        "responder_status": incident.responder_status,
        "acknowledged_at": incident.acknowledged_at,
        "acknowledged_by": incident.acknowledged_by_id or None,
        "auto_created": incident.is_auto_created,
        "hold_auto_resolve": incident.holds_auto_resolve,
        "service_id": incident.service_id,
        "started_at": incident.started_at,
        "resolved_at": incident.resolved_at,
        "next_update_by": incident.next_update_by,
        "eta": expected_end(incident, reversed(updates)),
        "created_by": incident.by_id or incident.by_kind,
        "monitor_ids": gathered_ids(incident, "monitor_ids"),
        "status_page_ids": gathered_ids(incident, "page_ids"),
        "component_impacts": [
            {"component_id": impact.component_id, "state": impact.state}
            for impact in sorted(incident.impacts.all(), key=lambda i: i.component_id)
        ],
        "updates": [shown_update(update, addresses) for update in updates],
        "created_at": incident.created_at,
        "updated_at": incident.updated_at,
    }


def shown_update(update: IncidentUpdate, addresses: dict[str, str]) -> dict[str, Any]:
    return {
        "id": update.id,
        "user_id": update.by_id or update.by_kind,
        "user_email": addresses.get(update.by_id),
        "status": V1_STATUS.get(update.status, update.status),
        "severity": update.severity,
        "body": update.body,
        "public": update.is_public,
        "eta": update.eta,
        "next_update_by": update.next_update_by,
        "component_impacts": [
            {"component_id": component_id, "state": state}
            for component_id, state in sorted(update.impacts.items())
        ],
        "edited_at": update.edited_at,
        "created_at": update.posted_at,
    }
