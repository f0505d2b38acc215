"""Alerts as the API shows them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet

from alerts.models import Alert, AlertEntry


def with_timeline(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    """Fetch what a document needs in one more query, however many alerts there are."""
    entries = AlertEntry.objects.order_by("at", "id")
    return alerts.prefetch_related(Prefetch("entries", queryset=entries))


def alert_documents(alerts: Iterable[Alert]) -> list[dict[str, Any]]:
    """Build the documents of alerts that `with_timeline` has fetched."""
    return [_document(alert) for alert in alerts]


def alert_document(alert: Alert) -> dict[str, Any]:
    """The document of an alert as it is now."""
    return _document(with_timeline(Alert.objects.filter(pk=alert.pk)).get())


def _document(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.id,
        "summary": alert.summary,
        "severity": alert.severity,
        "status": alert.status,
        "source": alert.source,
        "dedup_key": alert.dedup_key,
        "url": alert.url,
        "details": alert.details,
        "monitor_id": alert.monitor_id,
        "service_id": alert.service_id,
        "incident_id": alert.incident_id,
        "triggered_at": alert.triggered_at,
        "acknowledged_at": alert.acknowledged_at,
        "acknowledged_by": alert.acknowledged_by_id or alert.acknowledged_by_name or None,
        "snoozed_until": alert.snoozed_until,
        "resolved_at": alert.resolved_at,
        "timeline": [entry_document(entry) for entry in alert.entries.all()],
        "created_at": alert.created_at,
    }


def entry_document(entry: AlertEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "text": entry.text,
        "incident_id": entry.incident_id,
        "by": entry.by_name or entry.by_kind,
        "at": entry.at,
    }
