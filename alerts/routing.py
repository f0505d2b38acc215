"""The verb of routing, and which routing holds for a monitor."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from alerts.models import (
    Alert,
    AlertSource,
    AutoIncident,
    EscalationPolicy,
    NotificationGroup,
    Routing,
    Tells,
)
from alerts.models.routing import SEVERITY_NAMES
from atender.actors import Actor
from atender.deeds import note
from atender.locking import held
from atender.refusals import Refused
from monitors.models import Monitor, Service

CALLED = ("notification_group", "escalation_policy")


@transaction.atomic
def change_routing(subject: Monitor | Service, *, by: Actor, **changes: Any) -> Routing:
    """Change any of its columns, or `pages`. Raises Refused, and Gone."""
    subject = held(subject)
    of: dict[str, Any] = {"monitor" if isinstance(subject, Monitor) else "service": subject}
    pages = changes.pop("pages", None)
    # Before the routing, as whoever deletes them.
    for called in CALLED:
        if changes.get(called):
            changes[called] = held(changes[called])
    routing, _ = Routing.objects.get_or_create(**of)
    for name, value in changes.items():
        setattr(routing, name, CHECKS[name](value) if name in CHECKS else value)
    routing.save()
    if pages is not None:
        routing.pages.set(pages)
    fields = sorted([*changes, *(["pages"] if pages is not None else [])])
    note("routing.changed", subject.pk, by=by, name=subject.name, fields=fields)
    return routing


@transaction.atomic
def follow_service(monitor: Monitor, *, by: Actor) -> None:
    """Drop a monitor's own routing, so that its service's applies again. Raises Gone."""
    monitor = held(monitor)
    Routing.objects.filter(monitor=monitor).delete()
    note("routing.follows_service", monitor.pk, by=by, name=monitor.name)


def checked_auto_incident(word: str) -> str:
    return _one_of(word, AutoIncident.values, field="auto_incident")


def checked_severity(word: str | None) -> str | None:
    return None if word is None else _one_of(word, SEVERITY_NAMES, field="severity")


def checked_tells(words: Iterable[str]) -> list[str]:
    """In the table's order, each once."""
    chosen = {_one_of(word, Tells.values, field="alert_on") for word in words}
    return [tell for tell in Tells.values if tell in chosen]


CHECKS = {
    "auto_incident": checked_auto_incident,
    "severity": checked_severity,
    "alert_on": checked_tells,
}


def _one_of(word: str, words: Iterable[str], *, field: str) -> str:
    if word not in words:
        raise Refused(f"'{word[:40]}' is none of {', '.join(words)}.", field=field)
    return word


def routings_for(monitors: Iterable[Monitor]) -> Mapping[str, Routing]:
    """Return each monitor's routing: its own, else its service's, else the defaults."""
    known = list(monitors)
    services = {m.service_id for m in known if m.service_id}
    rows = Routing.objects.filter(Q(monitor__in=known) | Q(service__in=services))
    found = {row.monitor_id or row.service_id: row for row in rows.prefetch_related("pages")}
    return {m.pk: found.get(m.pk) or found.get(m.service_id) or Routing(monitor=m) for m in known}


def warnings_of(routing: Routing) -> list[str]:
    """Return sentences on what keeps the chosen routing from working."""
    shows_nowhere = routing.publishes and not (routing.pk and list(routing.pages.all()))
    return [INTERNAL] if shows_nowhere else []


INTERNAL = (
    "auto_incident is on, but status_page_ids names no page: the incident stays internal, and "
    "customers read nothing of it."
)


def routing_for(monitor: Monitor) -> Routing:
    return routings_for([monitor])[monitor.pk]


@dataclass(frozen=True, slots=True)
class Target:
    """Who is called for an alert: a group at once, and a policy's steps."""

    group: NotificationGroup | None = None
    policy: EscalationPolicy | None = None


def targets_of(alerts: Iterable[Alert]) -> Mapping[str, Target]:
    """Return whom each alert calls: its monitor's choice, its service's, or the fallback's.

    The alert's own fields do not matter, its severity least of all, except that a person who pages
    chooses whom.
    """
    known = list(alerts)
    rows = Routing.objects.filter(
        Q(monitor__in={a.monitor_id for a in known if a.monitor_id})
        | Q(service__in={a.service_id for a in known if a.service_id})
    ).select_related("notification_group", "escalation_policy")
    found = {row.monitor_id or row.service_id: row for row in rows}
    fallback = Target(policy=EscalationPolicy.objects.filter(is_fallback=True).first())
    chosen = {
        a.pk: Target(a.target_group, a.target_policy)
        if a.source == AlertSource.PERSON and (a.target_group or a.target_policy)
        else _target(found.get(a.monitor_id), found.get(a.service_id))
        for a in known
    }
    return {pk: fallback if target == Target() else target for pk, target in chosen.items()}


def _target(own: Routing | None, of_service: Routing | None) -> Target:
    rows = [row for row in (own, of_service) if row is not None]
    groups = [row.notification_group for row in rows if row.notification_group]
    policies = [row.escalation_policy for row in rows if row.escalation_policy]
    return Target(next(iter(groups), None), next(iter(policies), None))
