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
from alerts.routing_words import says
from atender.actors import Actor
from atender.deeds import note
from atender.locking import held
from atender.meanwhile import check_seen, digest_of, ids_of
from atender.refusals import Refused
from monitors.models import Monitor, Service

Subject = Monitor | Service
CALLED = ("notification_group", "escalation_policy")


@transaction.atomic
def change_routing(
    subject: Subject, *, by: Actor, seen: str | None = None, **changes: Any
) -> Routing:
    """Change any of its columns, or `pages`.

    `seen` is what its author saw of it, by `seen_of`. Raises Refused, ChangedMeanwhile, and Gone.
    """
    subject = held(subject)
    # Before the routing, as whoever deletes them.
    for called in CALLED:
        if changes.get(called):
            changes[called] = held(changes[called])
    changes |= {name: check(changes[name]) for name, check in CHECKS.items() if name in changes}
    what = f"the routing of {subject.name}"
    check_seen(subject, _wanted(changes), facts=_facts, told=_told, seen=seen, what=what)
    pages = changes.pop("pages", None)
    routing, _ = Routing.objects.get_or_create(**_of(subject))
    for name, value in changes.items():
        setattr(routing, name, value)
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


def own_routing(subject: Subject) -> Routing | None:
    """Return the routing of a monitor or a service itself, if there is one; two queries."""
    return Routing.objects.filter(**_of(subject)).prefetch_related("pages").first()


def followed_routing(subject: Subject) -> Routing | None:
    """Return its service's, which stands for a monitor that has none of its own."""
    service = service_of(subject)
    return own_routing(service) if service else None


def service_of(subject: Subject) -> Service | None:
    return subject.service if isinstance(subject, Monitor) else None


def _of(subject: Subject) -> dict[str, Any]:
    return {"monitor" if isinstance(subject, Monitor) else "service": subject}


def seen_of(subject: Subject) -> str:
    """Return the digest that says, to `change_routing`, that the routing was seen as it is."""
    return digest_of(_facts(subject))


def _facts(subject: Subject) -> dict[str, Any]:
    own = own_routing(subject)
    stands = own or followed_routing(subject)
    return {"is_own": own is not None, **(_answers(stands) if stands else {})}


def _answers(routing: Routing) -> dict[str, Any]:
    return {
        "auto_incident": routing.auto_incident,
        "severity": routing.severity,
        "alert_on": routing.alert_on,
        "notification_group": routing.notification_group_id,
        "escalation_policy": routing.escalation_policy_id,
        "pages": ids_of(routing.pages.all()),
    }


def _wanted(changes: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked of a routing, as its facts would be afterwards."""
    wanted = {"is_own": True, **changes}
    wanted |= {name: one and one.pk for name, one in changes.items() if name in CALLED}
    return wanted | ({"pages": ids_of(changes["pages"])} if "pages" in changes else {})


def _told(subject: Subject) -> str:
    """Say what somebody made of it, as its form would."""
    own, service = own_routing(subject), service_of(subject)
    if own:
        return f"It {says(own, otherwise='whom its service says' if service else 'nobody')}"
    if followed := followed_routing(subject):
        return f"It follows {service} now, which {says(followed, otherwise='nobody')}"
    return f"It follows {service} now." if service else "It has no routing of its own now."


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
