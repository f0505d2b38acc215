"""The address at which pages show an incident, for whoever names it: mails, agents, the console."""

from incidents.models.vocabulary import Kind

FOLDERS = {Kind.INCIDENT: "incidents", Kind.MAINTENANCE: "maintenance"}


def public_path(kind: str, incident_id: str) -> str:
    """Return its path on every page's own host."""
    return f"/{FOLDERS[Kind(kind)]}/{incident_id}"
