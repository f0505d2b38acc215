"""Nudges staff when the public waits: after a silence too long, before a promise breaks.

The due row is written with each change; a public update moves it, closing cancels it. Each nudge
sent is a row written under the incident's lock, so that no late clock, second worker or killed
worker sends it twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from atender.due.work import cancel, schedule
from atender.roles import Ability, may
from atender.staff.models import User
from incidents.models import Incident, Kind, Nudge
from incidents.models.nudges import NudgeKind
from incidents.nudges.letters import Telling, post_letters
from incidents.nudges.silence import Silence
from incidents.promises.outcomes import warn_at

NUDGE = "incidents.nudge"
# The clock hands it out, so that what was late already when it was recorded is not queued at once
# by each of the changes that follow.
SOONEST = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Concern:
    """What staff will be told at a certain time unless the public hears something first."""

    kind: NudgeKind
    about: datetime
    number: int
    due_at: datetime


def keep_watch(incident: Incident) -> None:
    """Schedule an incident's next nudge, or cancel it when nobody is waiting any more."""
    now = timezone.now()
    at = _next_at(incident, now)
    if at is None:
        cancel(NUDGE, incident.id)
    else:
        schedule(NUDGE, incident.id, at=max(at, now + SOONEST))


@transaction.atomic
def nudge(incident_id: str, *, at: datetime | None = None) -> datetime | None:
    """Send the nudges that are due, each once; returns when to look again."""
    now = at or timezone.now()
    kept = Incident.objects.kept().select_for_update(of=("self",), no_key=True)
    incident = kept.filter(pk=incident_id).first()
    if incident is None:
        return None
    for concern in concerns_of(incident, now):
        if concern.due_at <= now:
            _tell(incident, concern, now)
    return _next_at(incident, now)


def _next_at(incident: Incident, now: datetime) -> datetime | None:
    return min((concern.due_at for concern in concerns_of(incident, now)), default=None)


def concerns_of(incident: Incident, now: datetime) -> Iterator[Concern]:
    """What staff have not been told yet; nothing while no page shows the incident."""
    shown = shown_since(incident)
    if shown is None or incident.is_closed or incident.deleted_at:
        return
    told = list(incident.nudges.values_list("kind", "about", "number"))
    promised = incident.next_update_by
    if promised and (NudgeKind.PROMISE, promised, 1) not in told:
        due_at = warn_at(_made_at(incident, promised), promised)
        yield Concern(NudgeKind.PROMISE, promised, 1, due_at)
    if incident.kind == Kind.INCIDENT:
        silence = Silence.of(incident, shown)
        before = [n for kind, at, n in told if (kind, at) == (NudgeKind.SILENCE, silence.since)]
        if len(before) < settings.SILENCE_NUDGES:
            # A clock that comes late tells of the whole silence at once.
            number = max(silence.number_at(now), max(before, default=0) + 1)
            yield Concern(NudgeKind.SILENCE, silence.since, number, silence.time_of(number))


def shown_since(incident: Incident) -> datetime | None:
    """Since when a page shows it; None where none does."""
    shown: datetime | None = incident.publications.aggregate(at=Min("published_at"))["at"]
    return shown


def _made_at(incident: Incident, promised: datetime) -> datetime:
    making = incident.updates.kept().filter(next_update_by=promised).order_by("posted_at").last()
    return making.posted_at if making else incident.updated_at


def _tell(incident: Incident, concern: Concern, now: datetime) -> None:
    people = listeners_of(incident)
    Nudge.objects.create(
        incident=incident,
        kind=concern.kind,
        about=concern.about,
        number=concern.number,
        told=len(people),
        nudged_at=now,
    )
    upcoming = [other for other in concerns_of(incident, now) if other.kind == concern.kind]
    again_at = upcoming[0].due_at if upcoming else None
    post_letters(incident, people, Telling(concern.kind, concern.about, now, again_at))


def listeners_of(incident: Incident) -> list[User]:
    """Who has the incident; while no person has it, everybody who may post an update."""
    people = [user for user in User.objects.active() if may(user, Ability.POST_UPDATE)]
    return [user for user in people if user.pk == incident.acknowledged_by_id] or people
