"""What the record adds to a monitor's document: the components that it watches."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from atender.actors import Actor
from atender.api.fields import IdsField
from atender.api.reading import records_named
from incidents.catalogue.watching import watch_components
from incidents.models import Component, MonitorLink
from monitors.api.extra import ExtraField, register
from monitors.models import Monitor


def read_component_ids(monitors: Sequence[Monitor]) -> Mapping[str, list[str]]:
    watched: dict[str, list[str]] = defaultdict(list)
    links = MonitorLink.objects.filter(monitor__in=monitors).order_by("component_id")
    for monitor_id, component_id in links.values_list("monitor_id", "component_id"):
        watched[str(monitor_id)].append(str(component_id))
    return watched


def write_component_ids(monitor: Monitor, given: Mapping[str, Any], by: Actor) -> None:
    field = "component_ids"
    components = records_named(Component.objects.all(), given[field], field=field)
    watch_components(monitor, components, by=by)


register(
    [ExtraField("component_ids", shape=lambda: IdsField(required=False), read=read_component_ids)],
    write=write_component_ids,
)
