"""The templates every tenant starts with; from then on they are the tenant's own."""

from dataclasses import asdict, dataclass

from incidents.models import Template, TemplateKind
from incidents.models.vocabulary import Severity, Status

# By this name the composer finds the words of its button.
STILL_WORKING = "Still working on it"


@dataclass(frozen=True, slots=True)
class Shipped:
    kind: str
    name: str
    body: str
    title: str = ""
    severity: str | None = None
    status: str | None = None


SHIPPED = (
    Shipped(
        TemplateKind.INCIDENT,
        "Outage",
        "{{component}} has not been reachable since {{started_at}}. We are looking for the cause "
        "and will post here what we find.",
        title="{{component}} cannot be reached",
        severity=Severity.CRITICAL,
        status=Status.INVESTIGATING,
    ),
    Shipped(
        TemplateKind.INCIDENT,
        "Degraded performance",
        "{{component}} has been slower than usual since {{started_at}}. It can be used, but some "
        "requests take long. We are looking into it.",
        title="{{component}} responds slowly",
        severity=Severity.MINOR,
        status=Status.INVESTIGATING,
    ),
    Shipped(
        TemplateKind.INCIDENT,
        "Partial failure",
        "Since {{started_at}} {{component}} fails for some customers, while others notice "
        "nothing. We are finding out who is affected and why.",
        title="{{component}} fails for some customers",
        severity=Severity.MAJOR,
        status=Status.INVESTIGATING,
    ),
    Shipped(
        TemplateKind.INCIDENT,
        "Security incident",
        "We are investigating a security incident that concerns {{component}}. We do not know "
        "yet whether customers' data is affected, and will say so here as soon as we do.",
        title="Security incident concerning {{component}}",
        severity=Severity.CRITICAL,
        status=Status.INVESTIGATING,
    ),
    Shipped(
        TemplateKind.UPDATE,
        "Identified",
        "We know the cause and are working on the repair. Affected: {{components}}.",
        status=Status.IDENTIFIED,
    ),
    Shipped(
        TemplateKind.UPDATE,
        "Monitoring",
        "The repair is in place, and we keep watching before we call it resolved. Affected: "
        "{{components}}.",
        status=Status.MONITORING,
    ),
    Shipped(
        TemplateKind.UPDATE,
        "Resolved",
        "This is resolved. It began at {{started_at}} and lasted {{duration}}. Back to normal: "
        "{{components}}.",
        status=Status.RESOLVED,
    ),
    Shipped(
        TemplateKind.UPDATE,
        STILL_WORKING,
        "We are still working on this and have nothing new to report yet. The next update follows "
        "by {{next_update_by}}.",
    ),
)


def ship(model: type[Template] = Template) -> None:
    """Give a tenant that has none its templates, with ids of its own."""
    model.objects.bulk_create([model(**asdict(shipped)) for shipped in SHIPPED])
