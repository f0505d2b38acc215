"""Which components an incident takes out of operational, and how far."""

from collections.abc import Iterable, Mapping, Sequence

from atender.refusals import Refused
from incidents.models import Component, ComponentImpact, Incident, IncidentMonitor
from incidents.models.vocabulary import DEFAULT_IMPACT, ComponentStateName
from monitors.models import Monitor


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
    incident: Incident, components: Sequence[Component], impacts: Mapping[str, str]
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


def check_state(state: str) -> None:
    if state not in ComponentStateName.values:
        raise Refused(
            f"'{state}' is no state of a component; it is one of "
            f"{', '.join(ComponentStateName.values)}.",
            field="component_impacts",
        )


def follow_severity(incident: Incident) -> None:
    """Give the impacts that nobody adjusted the new severity's default."""
    incident.impacts.filter(is_adjusted=False).update(state=DEFAULT_IMPACT[incident.severity])
