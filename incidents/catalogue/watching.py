"""Which monitors watch which components."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from atender.actors import Actor
from incidents.models import Component, ComponentReport, MonitorLink
from incidents.models.vocabulary import ComponentStateName
from incidents.recording import record
from incidents.signals import components_changed
from incidents.states import derive_states, hold_components
from monitors.models import Monitor, Verdict
from monitors.signals import Flip


@transaction.atomic
def watch_components(monitor: Monitor, components: Collection[Component], *, by: Actor) -> None:
    """Have a monitor watch exactly these components."""
    links = MonitorLink.objects.filter(monitor=monitor)
    before, wanted = set(links.values_list("component_id", flat=True)), {c.id for c in components}
    _link([(component_id, monitor.id) for component_id in wanted - before])
    _unlink([(component_id, monitor.id) for component_id in before - wanted])
    _follow(before ^ wanted, by=by)


@transaction.atomic
def watch_with(component: Component, monitors: Collection[Monitor], *, by: Actor) -> None:
    """Have a component watched by exactly these monitors."""
    links = MonitorLink.objects.filter(component=component)
    before, wanted = set(links.values_list("monitor_id", flat=True)), {m.id for m in monitors}
    _link([(component.id, monitor_id) for monitor_id in wanted - before])
    _unlink([(component.id, monitor_id) for monitor_id in before - wanted])
    _follow({component.id} if before != wanted else set(), by=by)


def _link(pairs: Sequence[tuple[str, str]]) -> None:
    links = [
        MonitorLink(component_id=component, monitor_id=monitor) for component, monitor in pairs
    ]
    MonitorLink.objects.bulk_create(links, ignore_conflicts=True)


def _unlink(pairs: Sequence[tuple[str, str]]) -> None:
    """Delete links, and with each what the monitor reported about the component."""
    for component_id, monitor_id in pairs:
        MonitorLink.objects.filter(component=component_id, monitor=monitor_id).delete()
        ComponentReport.objects.filter(component=component_id, source=monitor_id).delete()


def _follow(component_ids: Collection[str], *, by: Actor) -> None:
    now = timezone.now()
    for component in _settle(component_ids, at=now):
        record("component.watched", component.id, by=by, at=now, name=component.name)


def _settle(component_ids: Collection[str], *, at: datetime) -> list[Component]:
    """Derive the states from what is still reported, and announce the change."""
    if not component_ids:
        return []
    derive_states(component_ids, at=at)
    components = list(Component.objects.filter(pk__in=component_ids))
    components_changed.send(Component, components=components)
    return components


# The state a verdict means for the components being watched. Unknown is absent: a prober that lost
# its network changes no state.
STATES = {
    Verdict.UP: ComponentStateName.OPERATIONAL,
    Verdict.DEGRADED: ComponentStateName.DEGRADED,
    Verdict.DOWN: ComponentStateName.MAJOR_OUTAGE,
}


def report_verdicts(flips: Sequence[tuple[Monitor, Flip]]) -> None:
    """Store what monitors report about their components, and derive the states that follow them.

    Flips must be in chronological order; those of the same second change states together.
    """
    known = [(monitor, flip) for monitor, flip in flips if flip.after in STATES]
    links = MonitorLink.objects.filter(monitor__in=[monitor for monitor, _ in known])
    following = Component.objects.filter(follows_monitors=True)
    hold_components(following.filter(pk__in=links.values("component")))
    for _, together in groupby(known, key=lambda turned: turned[1].at.replace(microsecond=0)):
        _report({monitor.id: flip for monitor, flip in together})


def _report(flips: Mapping[str, Flip]) -> None:
    links = MonitorLink.objects.filter(monitor__in=flips, component__deleted_at=None)
    watched = list(links.values_list("component_id", "monitor_id", "component__follows_monitors"))
    ComponentReport.objects.bulk_create(
        [
            ComponentReport(
                component_id=component_id,
                source=monitor_id,
                state=STATES[flips[monitor_id].after],
                reported_at=flips[monitor_id].at,
            )
            for component_id, monitor_id, _ in sorted(watched)
        ],
        update_conflicts=True,
        unique_fields=["component", "source"],
        update_fields=["state", "reported_at"],
    )
    following = {component_id for component_id, _, follows in watched if follows}
    _settle(following, at=max(flip.at for flip in flips.values()))


def forget_monitor(monitor: Monitor, *, at: datetime) -> None:
    """Take a deleted monitor's links and reports away; what is left decides the states."""
    links = MonitorLink.objects.filter(monitor=monitor)
    watched = list(links.values_list("component_id", flat=True))
    _unlink([(component_id, monitor.id) for component_id in watched])
    _settle(watched, at=at)
