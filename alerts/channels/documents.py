"""What a webhook is told of an alert and of an incident, field by field, under the API's names."""

from datetime import datetime
from typing import Any

from alerts.channels.payloads import cut
from alerts.models import Alert, ChannelMessage, Event
from incidents.models import ComponentImpact, Incident

# A receiver is promised less than 20 KB.
LONGEST_TEXT = 4000
MOST_COMPONENTS = 20


def alert_document(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.pk,
        "summary": alert.summary,
        "severity": alert.severity,
        "status": alert.status,
        "monitor_id": alert.monitor_id,
        "service_id": alert.service_id,
        "incident_id": alert.incident_id,
        "likely_cause": alert.details.get("cause") or None,
        "triggered_at": alert.triggered_at.isoformat(),
        "acknowledged_by": alert.acknowledged_by_name or None,
        "resolved_at": alert.resolved_at.isoformat() if alert.resolved_at else None,
    }


def news_document(message: ChannelMessage, incident: Incident, words: str) -> dict[str, Any]:
    """Return the incident after the transition that is told, and the update that made it.

    `words` are what this channel may read of the update.
    """
    update = message.update
    document: dict[str, Any] = {
        "id": incident.pk,
        "title": incident.title,
        "status": update.status if update else incident.status,
        "severity": update.severity if update else incident.severity,
        "responder_status": incident.responder_status,
        "acknowledged_by": incident.acknowledged_by_name or None,
        "components": _components_of(incident),
        "started_at": incident.started_at.isoformat(),
    }
    if message.event == Event.RESOLVE and incident.resolved_at is not None:
        document |= {
            "resolved_at": incident.resolved_at.isoformat(),
            "duration_s": seconds_until(incident.resolved_at, incident),
            "likely_cause": cause_of(incident) or None,
        }
    said = {"id": update.pk, "body": cut(words, LONGEST_TEXT)} if update else None
    return {"incident": document, "update": said}


def _components_of(incident: Incident) -> list[dict[str, str]]:
    impacts = ComponentImpact.objects.filter(incident=incident).select_related("component")
    return [
        {"id": impact.component_id, "name": impact.component.name, "state": impact.state}
        for impact in impacts.order_by("component__name")[:MOST_COMPONENTS]
    ]


def seconds_until(ended_at: datetime, incident: Incident) -> int:
    return int((ended_at - incident.started_at).total_seconds())


def cause_of(incident: Incident) -> str:
    """Return what the monitors found first, "" where none did."""
    causes = (str(a.details.get("cause", "")) for a in incident.alerts.order_by("triggered_at"))
    return next((cause for cause in causes if cause), "")
