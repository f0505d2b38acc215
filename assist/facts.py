"""Documents of what the public may know of an incident, for every tool alike."""

from collections.abc import Collection
from typing import Any

from assist.knowledge import Known
from atender.tenants.links import page_urls
from incidents.places import public_path


def url_of(known: Known) -> str:
    """The incident's address on its page; one query."""
    return urls_of([known])[known.incident.id]


def urls_of(known: Collection[Known]) -> dict[str, str]:
    """The incidents' addresses on their pages, by the incidents' ids; one query."""
    hosts = page_urls({one.page_id for one in known if one.page_id})
    return {
        one.incident.id: hosts.get(one.page_id or "", "")
        + public_path(one.incident.kind, one.incident.id)
        for one in known
    }


def incident_facts(known: Known, *, url: str) -> dict[str, Any]:
    """Build the document of an active incident, whose address is one of `urls_of`."""
    incident = known.incident
    return {
        "id": incident.id,
        "title": incident.title,
        "status": incident.status,
        "severity": incident.severity,
        "url": url,
        "started_at": incident.started_at,
        "next_update_by": incident.next_update_by,
        "latest_update": known.latest_text,
    }


def component_facts(known: Known) -> list[dict[str, str]]:
    return [{"id": pk, "name": name} for pk, name in known.components]
