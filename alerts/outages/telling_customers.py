"""Incidents that monitors open and resolve by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from alerts.models import Alert, AlertSeverity, EntryKind, Routing
from alerts.people.words import listed
from alerts.promotion import attach, create_incident
from alerts.recording import write
from atender.actors import Actor, ActorKind
from atender.refusals import Refused
from incidents.correcting import change_incident
from incidents.lifecycle import lock, post_update
from incidents.models import Component, Incident, Page
from incidents.models.incidents import TITLE_LENGTH
from incidents.models.vocabulary import SEVERITIES, Kind, Status
from incidents.publishing import publish
from incidents.transitions import Saying
from monitors.models import Monitor

TITLE = "{what} unavailable"
# Of what fails in part, as a vendor says that calls a trouble minor.
PARTLY = "{what} degraded"
OUTAGE = "Our monitoring finds that {what} does not work as it should. We are looking into it."
WORSE = "It got worse: our monitoring finds that {what} does not work at all."
RECOVERY = "Our monitoring finds that everything works again."
# From the mildest.
RANKS: tuple[str | None, ...] = (None, *SEVERITIES[Kind.INCIDENT])


@dataclass(frozen=True, slots=True)
class Hit:
    """An alert of an outage, the monitor behind it, and what its routing says."""

    alert: Alert
    monitor: Monitor
    routing: Routing

    @property
    def is_partial(self) -> bool:
        """Whether it is known to be degraded only."""
        return self.alert.severity == AlertSeverity.WARNING

    @property
    def severity(self) -> str | None:
        return self.routing.severity or self.alert.incident_severity

    @property
    def pages(self) -> list[Page]:
        return list(self.routing.pages.all()) if self.routing.publishes and self.routing.pk else []


def tell_of_outage(hits: Sequence[Hit], *, at: datetime) -> None:
    """Open one incident for what fails together, or let it join that of its service's outage.

    Hits are of one service, or one alone. Where it is refused, the alerts say so and stand.
    """
    told = [hit for hit in hits if hit.alert.incident and not hit.alert.incident.is_closed]
    _tell_of_worse(told, at=at)
    news = [hit for hit in hits if hit.alert.incident is None or hit.alert.incident.is_closed]
    running = outage_of(news[0].monitor) if news else None
    if running is not None:
        _join(news, running, at=at)
        return
    # The gravest first, since what it watches is the title's.
    news.sort(key=_gravity, reverse=True)
    while news and not _open(news[0], news[1:], at=at):
        news = news[1:]


def _join(hits: Sequence[Hit], running: Incident, *, at: datetime) -> None:
    by = actor_of(hits[0].monitor)
    incident = lock(running)
    pages = _pages_of(hits)
    text = f"It joined the incident “{incident.title}”.{_stays_off(incident, pages)}"
    attach([hit.alert for hit in hits], incident, by=by, at=at, text=text)
    change_incident(incident, by=by, monitors=[hit.monitor for hit in hits])
    if pages:
        publish(incident, pages=pages, by=by, at=at)
    _tell_of_worse(hits, at=at)


def _tell_of_worse(hits: Sequence[Hit], *, at: datetime) -> None:
    """Let incidents that monitors opened follow what got worse; what got better changes nothing.

    Of the same incident the gravest counts. Where it is refused, the alert says so and stands.
    """
    grave = sorted(hits, key=_gravity)
    for hit in {hit.alert.incident_id: hit for hit in grave if not hit.is_partial}.values():
        incident = hit.alert.incident
        # What somebody deleted was a mistake, and stays one.
        if incident is None or not is_resolved_by_monitors(incident):
            continue
        try:
            with transaction.atomic():
                _worsen(lock(incident), hit, at=at)
        except Refused as refusal:
            text = f"Its incident does not say that it got worse: {refusal.sentence}"
            write(hit.alert, EntryKind.NOTE, by=actor_of(hit.monitor), at=at, text=text)


def _worsen(incident: Incident, hit: Hit, *, at: datetime) -> None:
    """Say so in the title and the severity, where these are still what monitors made of it."""
    # Somebody may have resolved it while its lock was waited for.
    if not is_resolved_by_monitors(incident):
        return
    by, what = actor_of(hit.monitor), subject_of(hit.monitor)
    if incident.title == title_of(what, is_partial=True):
        change_incident(incident, by=by, at=at, title=title_of(what))
    is_worse = RANKS.index(hit.severity) > RANKS.index(incident.severity)
    if is_worse and not _is_chosen(incident):
        saying = Saying(body=WORSE.format(what=what), severity=hit.severity)
        post_update(incident, by=by, saying=saying)


def _is_chosen(incident: Incident) -> bool:
    """Whether somebody, and no monitor, said how severe it is."""
    chosen = incident.updates.kept().filter(changes_severity=True)
    return chosen.exclude(by_kind=ActorKind.MONITOR).exists()


def _gravity(hit: Hit) -> tuple[bool, int]:
    return not hit.is_partial, RANKS.index(hit.severity)


def _stays_off(incident: Incident, pages: Sequence[Page]) -> str:
    """What responders read where the routing shows it, and somebody took it off."""
    kept_off = incident.kept_off.filter(pk__in=[page.pk for page in pages])
    names = listed([page.name for page in kept_off])
    return f" It is not shown again on {names}: somebody took it off there." if names else ""


def _open(first: Hit, others: Sequence[Hit], *, at: datetime) -> bool:
    """Open it in the name of the first; returns whether it could be."""
    by = actor_of(first.monitor)
    what = subject_of(first.monitor)
    try:
        with transaction.atomic():
            create_incident(
                first.alert,
                by=by,
                along=[hit.alert for hit in others],
                title=title_of(what, is_partial=first.is_partial),
                severity=first.severity,
                pages=_pages_of([first, *others]),
                first=Saying(body=OUTAGE.format(what=what)),
                is_auto_created=True,
                at=at,
            )
    except Refused as refusal:
        text = f"No incident was opened for it: {refusal.sentence}"
        write(first.alert, EntryKind.NOTE, by=by, at=at, text=text)
        return False
    return True


def _pages_of(hits: Sequence[Hit]) -> list[Page]:
    """What any of them publishes on; those of a service share one routing."""
    routings = {id(hit.routing): hit for hit in hits}
    pages = [page for hit in routings.values() for page in hit.pages]
    return list({page.pk: page for page in pages}.values())


def outage_of(monitor: Monitor) -> Incident | None:
    """The open incident that a monitor of the same service opened and that still fails."""
    if monitor.service_id is None:
        return None
    running = Incident.objects.active().filter(is_auto_created=True, service=monitor.service_id)
    failing = Alert.objects.open().of_failures().filter(incident__in=running).values("incident")
    return running.filter(pk__in=failing).order_by("-id").first()


def subject_of(monitor: Monitor) -> str:
    """What customers know it by: the components that it watches, else its own public name."""
    watched = Component.objects.filter(monitor_links__monitor=monitor).order_by("name")
    names = list(watched.values_list("name", flat=True).distinct()[:4])
    return listed(names) or monitor.name


def title_of(what: str, *, is_partial: bool = False) -> str:
    """What is known of it, as a title that fits."""
    title = PARTLY if is_partial else TITLE
    room = TITLE_LENGTH - len(title.format(what=""))
    return title.format(what=what if len(what) <= room else what[: room - 1] + "…")


def tell_of_recovery(incident: Incident, *, by: Actor) -> None:
    """Resolve what monitors opened once nothing of it fails; a person's word outweighs it."""
    incident = lock(incident) if incident.deleted_at is None else incident
    is_failing = incident.alerts.open().of_failures().exists()
    if not is_resolved_by_monitors(incident) or incident.holds_auto_resolve or is_failing:
        return
    post_update(incident, by=by, saying=Saying(body=RECOVERY, status=Status.RESOLVED))


def is_resolved_by_monitors(incident: Incident) -> bool:
    """Whether it ends with what fails, unless somebody holds it open."""
    return incident.is_auto_created and incident.deleted_at is None and not incident.is_closed


def actor_of(monitor: Monitor) -> Actor:
    return Actor(ActorKind.MONITOR, monitor.pk, monitor.name)
