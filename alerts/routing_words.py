"""What a routing does, as staff read it: in lists, and where somebody changed it meanwhile."""

from alerts.models import AutoIncident, Routing, Tells
from alerts.people.words import listed

OPENS = {AutoIncident.OFF: "opens nothing by itself", AutoIncident.DRAFT: "opens a draft"}


def does(routing: Routing) -> str:
    """`tells Shop; calls by Nights; opens a draft.`"""
    said = [*_called(routing), *([opens(routing)] if routing.opens_incidents else [])]
    return f"{'; '.join(said) or 'an alert only, which calls nobody'}."


def _called(routing: Routing) -> list[str]:
    group, policy = routing.notification_group, routing.escalation_policy
    return [*([f"tells {group}"] if group else []), *([f"calls by {policy}"] if policy else [])]


def says(routing: Routing, *, otherwise: str) -> str:
    """Say all that its form holds; `otherwise` is who is called where it names nobody."""
    group, policy = routing.notification_group, routing.escalation_policy
    said = [
        f"tells {group or otherwise}",
        f"calls {f'by {policy}' if policy else otherwise}",
        f"is heard of {listed(Tells(word).label for word in routing.alert_on) or 'never'}",
        opens(routing),
        f"severity: {routing.get_severity_display() or 'as bad as it is'}",
        *([] if routing.publishes else [f"pages: {listed(_pages(routing)) or 'none'}"]),
    ]
    return f"{'; '.join(said)}."


def opens(routing: Routing) -> str:
    """What an outage opens by itself, and where it is read."""
    if not routing.publishes:
        return OPENS[AutoIncident(routing.auto_incident)]
    pages = listed(_pages(routing))
    return f"publishes an incident on {pages}" if pages else "opens an internal incident"


def _pages(routing: Routing) -> list[str]:
    return [page.name for page in routing.pages.all()]
