"""Which components an incident takes out of operational, and how far."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from atender.refusals import Refused
from incidents.models import (
    Component,
    ComponentImpact,
    Incident,
    IncidentMonitor,
    IncidentUpdate,
)
from incidents.models.vocabulary import DEFAULT_IMPACT, ComponentStateName
from monitors.models import Monitor


@dataclass(frozen=True, slots=True)
class Moved:
    """Component ids to the states that an update gives them, and to how they were before."""

    after: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def is_seen(self) -> bool:
        """Whether any state differs; fixing one that followed the severity is no change."""
        return any(self.before.get(pk, {}).get("state") != s for pk, s in self.after.items())


def tag_monitors(incident: Incident, monitors: Iterable[Monitor]) -> None:
    """Add monitors; each tags the components that it watches."""
    found = list(monitors)
    IncidentMonitor.objects.bulk_create(
        [IncidentMonitor(incident=incident, monitor=monitor) for monitor in found],
        ignore_conflicts=True,
    )
    watched = Component.objects.filter(monitor_links__monitor__in=found).distinct()
    tag_components(incident, list(watched), {})


def tag_components(
    incident: Incident, components: Iterable[Component], impacts: Mapping[str, str]
) -> None:
    """Add components at the severity's default impact, or at the state given by id in `impacts`."""
    for state in impacts.values():
        check_state(state)
    for component_id in {c.id for c in components} | set(impacts):
        chosen = impacts.get(component_id)
        ComponentImpact.objects.update_or_create(
            incident=incident,
            component_id=component_id,
            defaults={
                "state": chosen or DEFAULT_IMPACT[incident.severity],
                "is_adjusted": chosen is not None,
            },
        )


def check_state(state: str, *, field: str = "component_impacts") -> None:
    if state not in ComponentStateName.values:
        raise Refused(
            f"'{state}' is no state of a component; it is one of "
            f"{', '.join(ComponentStateName.values)}.",
            field=field,
        )


def follow_severity(incident: Incident) -> None:
    """Give the impacts that nobody adjusted the new severity's default."""
    incident.impacts.filter(is_adjusted=False).update(state=DEFAULT_IMPACT[incident.severity])


def compare_impacts(incident: Incident, wanted: Mapping[str, str], *, is_over: bool) -> Moved:
    """Answer what an update that gives components these states would change; one query at most.

    Raises Refused. An update that ends the incident sets all of them to operational.
    """
    for state in wanted.values():
        check_state(state)
    if is_over:
        if set(wanted.values()) - {ComponentStateName.OPERATIONAL}:
            raise Refused(
                "An incident that is over affects no component any more; leave them out, or say "
                "that they are operational.",
                field="component_impacts",
            )
        return Moved()
    if not wanted:
        return Moved()
    found = incident.impacts.filter(component_id__in=wanted)
    known = {i.component_id: {"state": i.state, "is_adjusted": i.is_adjusted} for i in found}
    moved = {
        component_id: state
        for component_id, state in wanted.items()
        if known.get(component_id) != {"state": state, "is_adjusted": True}
    }
    return Moved(moved, {pk: was for pk, was in known.items() if pk in moved})


def move_impacts(update: IncidentUpdate) -> None:
    """Give the components the states that an update says."""
    for component_id, state in update.impacts.items():
        ComponentImpact.objects.update_or_create(
            incident_id=update.incident_id,
            component_id=component_id,
            defaults={"state": state, "is_adjusted": True},
        )


def give_impacts_back(update: IncidentUpdate) -> None:
    """Undo what an update did to components, except where somebody changed it afterwards."""
    for component_id, state in update.impacts.items():
        moved = ComponentImpact.objects.filter(
            incident_id=update.incident_id, component_id=component_id, state=state, is_adjusted=True
        )
        if was := update.impacts_before.get(component_id):
            moved.update(**was)
        else:
            moved.delete()
