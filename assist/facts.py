"""Documents of what the public may know of an incident, for every tool alike."""

from typing import Any

from assist.knowledge import Known
from atender.tenants.links import page_url
from incidents.places import public_path


def url_of(known: Known) -> str:
    path = public_path(known.incident.kind, known.incident.id)
    return page_url(known.page_id, path) if known.page_id else path


def incident_facts(known: Known) -> dict[str, Any]:
    """Build the document of an active incident; one query."""
    incident = known.incident
    return {
        "id": incident.id,
        "title": incident.title,
        "status": incident.status,
        "severity": incident.severity,
        "url": url_of(known),
        "started_at": incident.started_at,
        "next_update_by": incident.next_update_by,
        "latest_update": known.latest_text,
    }


def component_facts(known: Known) -> list[dict[str, str]]:
    return [{"id": pk, "name": name} for pk, name in known.components]
