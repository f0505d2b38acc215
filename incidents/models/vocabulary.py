"""The vocabulary of incidents: kinds, statuses and their order, severities, component states."""

from collections.abc import Iterable

from django.db import models


class Kind(models.TextChoices):
    INCIDENT = "incident", "incident"
    MAINTENANCE = "maintenance", "maintenance"


class Status(models.TextChoices):
    INVESTIGATING = "investigating", "Investigating"
    IDENTIFIED = "identified", "Identified"
    MONITORING = "monitoring", "Monitoring"
    RESOLVED = "resolved", "Resolved"
    SCHEDULED = "scheduled", "Scheduled"
    IN_PROGRESS = "in_progress", "In progress"
    VERIFYING = "verifying", "Verifying"
    COMPLETED = "completed", "Completed"
    CANCELLED = "cancelled", "Cancelled"


# The way forward, one click a step; another move is explicit, and legal unless it is denied below.
PATHS: dict[Kind, tuple[Status, ...]] = {
    Kind.INCIDENT: (
        Status.INVESTIGATING,
        Status.IDENTIFIED,
        Status.MONITORING,
        Status.RESOLVED,
    ),
    Kind.MAINTENANCE: (
        Status.SCHEDULED,
        Status.IN_PROGRESS,
        Status.VERIFYING,
        Status.COMPLETED,
    ),
}
STATUSES: dict[Kind, frozenset[Status]] = {
    Kind.INCIDENT: frozenset(PATHS[Kind.INCIDENT]),
    Kind.MAINTENANCE: frozenset({*PATHS[Kind.MAINTENANCE], Status.CANCELLED}),
}
# Moves that would deny what the record says: work that has begun neither waits again nor, once it
# was done, never took place.
DENIED: dict[Status, frozenset[Status]] = {
    Status.IN_PROGRESS: frozenset({Status.SCHEDULED}),
    Status.VERIFYING: frozenset({Status.SCHEDULED}),
    Status.COMPLETED: frozenset({Status.SCHEDULED, Status.CANCELLED}),
}
CLOSED = frozenset({Status.RESOLVED, Status.COMPLETED, Status.CANCELLED})
STATUS_HELP: dict[Status, str] = {
    Status.INVESTIGATING: "We know that something is wrong and are looking into it.",
    Status.IDENTIFIED: "We know the cause.",
    Status.MONITORING: "A fix is in place and we are watching it.",
    Status.RESOLVED: "Confirmed fixed. The incident closes.",
    Status.SCHEDULED: "Planned and announced.",
    Status.IN_PROGRESS: "The work is going on.",
    Status.VERIFYING: "The work is done and being checked.",
    Status.COMPLETED: "Done. The window closes.",
    Status.CANCELLED: "It will not take place.",
}


class ResponderStatus(models.TextChoices):
    TRIGGERED = "triggered", "nobody has it"
    ACKNOWLEDGED = "acknowledged", "somebody has it"
    RESOLVED = "resolved", "done"


class Severity(models.TextChoices):
    MINOR = "minor", "Minor"
    MAJOR = "major", "Major"
    CRITICAL = "critical", "Critical"
    MAINTENANCE = "maintenance", "Maintenance"


SEVERITIES: dict[Kind, tuple[Severity, ...]] = {
    Kind.INCIDENT: (Severity.MINOR, Severity.MAJOR, Severity.CRITICAL),
    Kind.MAINTENANCE: (Severity.MAINTENANCE,),
}
SEVERITY_HELP: dict[str, str] = {
    Severity.MINOR: "Limited: some may notice slowness or small faults.",
    Severity.MAJOR: "Broad: many are affected, a main function is impaired.",
    Severity.CRITICAL: "Everything is down, or data is at risk.",
    Severity.MAINTENANCE: "Planned work.",
    "": "A notice that carries no severity.",
}


class ComponentStateName(models.TextChoices):
    OPERATIONAL = "operational", "Operational"
    MAINTENANCE = "maintenance", "Maintenance"
    DEGRADED = "degraded", "Degraded"
    PARTIAL_OUTAGE = "partial_outage", "Partial outage"
    MAJOR_OUTAGE = "major_outage", "Major outage"


DEFAULT_IMPACT: dict[str | None, ComponentStateName] = {
    None: ComponentStateName.DEGRADED,
    Severity.MINOR: ComponentStateName.DEGRADED,
    Severity.MAJOR: ComponentStateName.PARTIAL_OUTAGE,
    Severity.CRITICAL: ComponentStateName.MAJOR_OUTAGE,
    Severity.MAINTENANCE: ComponentStateName.MAINTENANCE,
}


def worst(states: Iterable[str]) -> ComponentStateName:
    """The worst of component states; operational when there is none."""
    order = list(ComponentStateName)
    return max(
        (ComponentStateName(state) for state in states),
        key=order.index,
        default=ComponentStateName.OPERATIONAL,
    )


def next_status(status: str, kind: str) -> Status | None:
    """The logical next status, or None at the path's end."""
    path = PATHS[Kind(kind)]
    if status not in path or status == path[-1]:
        return None
    return path[path.index(Status(status)) + 1]
