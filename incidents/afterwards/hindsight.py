"""An incident in hindsight: what the record alone can say about how it went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from incidents.models import ComponentImpact, Incident, IncidentUpdate, StateInterval, Status
from incidents.models.vocabulary import ComponentStateName, worst


@dataclass(frozen=True, slots=True)
class Suffered:
    """A component, and the worst state the incident put it in."""

    component_id: str
    name: str
    worst: ComponentStateName


@dataclass(frozen=True, slots=True)
class Hindsight:
    """Moments and facts of an incident that is over; `said` is public and oldest first."""

    title: str
    severity: str | None
    started_at: datetime
    detected_at: datetime
    acknowledged_at: datetime | None
    identified_at: datetime | None
    resolved_at: datetime
    suffered: Sequence[Suffered]
    said: Sequence[IncidentUpdate]

    @property
    def duration(self) -> timedelta:
        return self.resolved_at - self.started_at

    @property
    def to_detect(self) -> timedelta:
        return max(self.detected_at - self.started_at, timedelta(0))

    @property
    def to_acknowledge(self) -> timedelta | None:
        return self._after(self.acknowledged_at)

    @property
    def to_identify(self) -> timedelta | None:
        return self._after(self.identified_at)

    def _after(self, at: datetime | None) -> timedelta | None:
        """Time since the incident began; None for a moment that never came."""
        return None if at is None else max(at - self.started_at, timedelta(0))


def look_back(incident: Incident) -> Hindsight:
    """Gather what is known of a closed incident. Four queries."""
    said = list(incident.updates.visible().order_by("posted_at", "id"))
    resolved_at = incident.resolved_at
    assert resolved_at is not None, "an incident is looked back on when it is over"
    noticed = [said[0].posted_at] if said else [incident.created_at]
    if incident.acknowledged_at:
        noticed.append(incident.acknowledged_at)
    return Hindsight(
        title=incident.title,
        severity=incident.severity,
        started_at=incident.started_at,
        detected_at=min(noticed),
        acknowledged_at=incident.acknowledged_at,
        identified_at=_identified_at(said),
        resolved_at=resolved_at,
        suffered=_suffered(incident, resolved_at),
        said=said,
    )


def _identified_at(said: Sequence[IncidentUpdate]) -> datetime | None:
    """When somebody first said that the cause was known; a repair alone does not say so."""
    known = (u.posted_at for u in said if u.changes_status and u.status == Status.IDENTIFIED)
    return next(known, None)


def _suffered(incident: Incident, resolved_at: datetime) -> list[Suffered]:
    """The tagged components; an impact that was eased later counts as bad as it was."""
    impacts = ComponentImpact.objects.filter(incident=incident).select_related("component")
    ordered = impacts.order_by(
        F("component__group__position").asc(nulls_last=True), "component__position"
    )
    during = StateInterval.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=incident.started_at),
        page=None,
        component__impacts__incident=incident,
        started_at__lt=resolved_at,
    )
    states = [(row.component_id, row.state) for row in during]
    return [
        Suffered(
            impact.component_id,
            impact.component.name,
            worst([impact.state, *(s for c, s in states if c == impact.component_id)]),
        )
        for impact in ordered
    ]
