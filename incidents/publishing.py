"""Where an incident is shown: the verbs that put it on pages and take it off them."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from atender.actors import Actor
from incidents.lifecycle import derive_tagged, lock, show_on
from incidents.models import Incident, Page
from incidents.recording import announce, record
from incidents.signals import Action


@transaction.atomic
def publish(
    incident: Incident,
    *,
    pages: Iterable[Page],
    by: Actor,
    at: datetime | None = None,
    is_told: bool = True,
) -> Incident:
    """Show the incident on more pages; their subscribers get the latest public update once.

    Without `is_told` nobody is mailed. Where a person took it off, only a person shows it again.
    """
    at = at or timezone.now()
    incident = lock(incident)
    wanted = list(pages)
    if by.follows_rules:
        kept_off = set(incident.kept_off.all())
        wanted = [page for page in wanted if page not in kept_off]
    else:
        incident.kept_off.remove(*wanted)
    added = show_on(incident, wanted, by=by, at=at)
    if added:
        derive_tagged(incident, at=at, is_told=is_told)
        record("incident.published", incident.id, by=by, at=at, pages=[p.slug for p in added])
        action = Action.PUBLISHED if is_told else Action.EDITED
        announce(action, incident, by=by, at=at)
    return incident


@transaction.atomic
def take_off(
    incident: Incident, *, pages: Iterable[Page], by: Actor, at: datetime | None = None
) -> Incident:
    """Remove the incident from pages; their subscribers hear nothing more about it."""
    at = at or timezone.now()
    incident = lock(incident)
    gone = list(incident.pages.filter(pk__in=[page.pk for page in pages]))
    if gone:
        incident.publications.filter(page__in=gone).delete()
        incident.kept_off.add(*gone)
        derive_tagged(incident, at=at)
        record("incident.taken_off", incident.id, by=by, at=at, pages=[p.slug for p in gone])
        announce(Action.EDITED, incident, by=by, at=at)
    return incident


@transaction.atomic
def show_only_on(
    incident: Incident,
    *,
    pages: Iterable[Page],
    by: Actor,
    at: datetime | None = None,
    is_told: bool = True,
) -> Incident:
    """Show the incident on these pages and on no others; on none it is internal.

    What is new is published, and what is missing taken off, as those verbs do.
    """
    at = at or timezone.now()
    wanted = list(pages)
    incident = lock(incident)
    gone = incident.pages.exclude(pk__in=[page.pk for page in wanted])
    take_off(incident, pages=gone, by=by, at=at)
    return publish(incident, pages=wanted, by=by, at=at, is_told=is_told)
