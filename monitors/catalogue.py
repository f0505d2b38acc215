"""The verbs of monitors and services."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from atender import meanwhile
from atender.actors import Actor
from atender.deeds import note
from atender.due.work import cancel
from atender.locking import locked
from atender.names import take_turns_in_naming
from atender.refusals import Refused
from atender.texts import clean_line, clean_text
from monitors.checks.keeping import keep_adding_up
from monitors.configs import fitting, merged
from monitors.configs.watching import WATCHED, Watch, check_address_given, checked, watch_of
from monitors.heartbeats.calls import LATE, expect_call
from monitors.models import NAME_LENGTH, Monitor, MonitorKind, Service
from monitors.rounds.planning import forget_rounds, plan_rounds
from monitors.seeing import check_seen, service_facts, service_told
from monitors.signals import monitor_deleted


@transaction.atomic
def add_service(name: str, *, by: Actor, description: str = "") -> Service:
    """Add a group of monitors. Raises Refused."""
    take_turns_in_naming("service")
    service = Service.objects.create(
        name=free_service_name(name),
        description=clean_text(description, field="description", longest=500),
    )
    note("service.added", service.id, by=by, name=service.name)
    return service


@transaction.atomic
def change_service(
    service: Service, *, by: Actor, seen: str | None = None, **changes: str
) -> Service:
    """Change `name` or `description`.

    `seen` is what its author saw of it, by `seen_service`. Raises Refused, ChangedMeanwhile, Gone.
    """
    if "name" in changes:
        take_turns_in_naming("service")
    service = locked(Service.objects.all(), service)
    wanted = service_facts(service)
    if "name" in changes:
        wanted["name"] = free_service_name(changes["name"], service)
    if "description" in changes:
        text = changes["description"]
        wanted["description"] = clean_text(text, field="description", longest=500)
    meanwhile.check_seen(service, wanted, facts=service_facts, told=service_told, seen=seen)
    service.name, service.description = wanted["name"], wanted["description"]
    service.save()
    note("service.changed", service.id, by=by, name=service.name, fields=sorted(changes))
    return service


def free_service_name(name: str, itself: Service | None = None) -> str:
    """Return the name as it is kept; raises Refused where another service has it."""
    line = clean_line(name, field="name", noun="A service's name", longest=NAME_LENGTH)
    others = Service.objects.exclude(pk=itself.pk) if itself else Service.objects.all()
    if others.filter(name=line).exists():
        raise Refused(f"There is a service '{line}' already; choose another name.", field="name")
    return line


@transaction.atomic
def delete_service(service: Service, *, by: Actor) -> None:
    """Take a service out of every list; its monitors stay, and past incidents go on naming it."""
    service = locked(Service.objects.all(), service)
    service.monitors.update(service=None)
    service.bury()
    note("service.deleted", service.id, by=by, name=service.name)


@transaction.atomic
def add_monitor(
    name: str, *, by: Actor, service: Service | None = None, watch: Watch | None = None
) -> Monitor:
    """Add something to be watched. Raises Refused."""
    watched = checked(watch or Watch())
    service = _held(service)
    monitor = Monitor(name=monitor_name(name), service=service, **watched.columns())
    _give_token(monitor)
    monitor.save()
    plan_rounds(monitor)
    keep_adding_up(timezone.now())
    note("monitor.added", monitor.id, by=by, name=monitor.name)
    return monitor


@transaction.atomic
def change_monitor(
    monitor: Monitor, *, by: Actor, seen: str | None = None, **changes: Any
) -> Monitor:
    """Change `name`, `service`, or any part of what it watches.

    `seen` is what its author saw of it, by `seen_of`. Raises Refused, ChangedMeanwhile, and Gone.
    """
    # Before the monitor, as whoever deletes the service holds it before its monitors.
    service = _held(changes.get("service"))
    monitor = locked(Monitor.objects.all(), monitor)
    own = {"name": monitor.name, "service_id": monitor.service_id}
    if "name" in changes:
        own["name"] = monitor_name(changes["name"])
    if "service" in changes:
        own["service_id"] = service.pk if service else None
    watched = watch_with(monitor, changes)
    check_seen(monitor, own, watched, seen=seen)
    for name, value in {**own, **watched.columns()}.items():
        setattr(monitor, name, value)
    _give_token(monitor)
    monitor.save()
    monitor.region_states.exclude(region__in=monitor.regions or [""]).delete()
    plan_rounds(monitor)
    expect_call(monitor)
    note("monitor.changed", monitor.id, by=by, name=monitor.name, fields=sorted(changes))
    return monitor


def _held(service: Service | None) -> Service | None:
    """Keep a service from being deleted while a monitor joins it. Raises Gone."""
    return service and locked(Service.objects.all(), service)


def monitor_name(name: str) -> str:
    return clean_line(name, field="name", noun="A monitor's name", longest=NAME_LENGTH)


def watch_with(monitor: Monitor, changes: Mapping[str, Any]) -> Watch:
    """Return what the monitor would watch with these changes, checked. Raises Refused.

    The configuration is merged into the present one; a change of kind drops what only the old had.
    """
    before = watch_of(monitor)
    kind = changes.get("kind", before.kind)
    config = before.config if kind == before.kind else fitting(kind, before.config)
    given = {name: changes[name] for name in WATCHED if name in changes}
    given["config"] = merged(config, changes.get("config") or {})
    after = replace(before, **given)
    if before.url and "url" in changes:
        # Else it would be checked no more, and nobody would be told.
        check_address_given(after)
    return checked(after)


def _give_token(monitor: Monitor) -> None:
    """Give a heartbeat its token, which stays the same for as long as it is one."""
    if monitor.kind != MonitorKind.HEARTBEAT:
        monitor.heartbeat_token = None
    elif not monitor.heartbeat_token:
        monitor.heartbeat_token = secrets.token_urlsafe(24)


@transaction.atomic
def delete_monitor(monitor: Monitor, *, by: Actor) -> None:
    """Stop watching; past incidents go on naming it."""
    monitor, now = locked(Monitor.objects.all(), monitor), timezone.now()
    monitor.bury(now)
    forget_rounds(monitor)
    cancel(LATE, monitor.id)
    note("monitor.deleted", monitor.id, by=by, at=now, name=monitor.name)
    monitor_deleted.send(Monitor, monitor=monitor, at=now)
