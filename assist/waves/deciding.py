"""What staff do about a wave: dismiss it, open an incident from it, undo a decision."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from assist.conversations.linking import note_link
from assist.models import Conversation, Wave, WaveState
from assist.waves.showing import seen_of
from atender.actors import Actor, acted_by
from atender.locking import locked
from atender.refusals import Conflict
from incidents.lifecycle import Facts, open_incident
from incidents.models import Incident, Page
from incidents.recording import about, record
from incidents.transitions import Saying

FIRST_WORDS = "Several customers report this. We are looking into it."
EXPLAINED = "It was put down to an open incident by now; say that it is something else first."


class WaveDecided(Conflict):
    """Somebody has already decided about this wave."""


@transaction.atomic
def dismiss_wave(wave: Wave, *, by: Actor, at: datetime | None = None) -> Wave:
    """Dismiss a wave: the same complaint raises no other one for six hours. Idempotent.

    Another fault of the same thing, or more than twice as many customers within ten minutes, does.

    Raises WaveDecided where there is an incident about it.
    """
    at = at or timezone.now()
    wave = locked(Wave.objects.all(), wave)
    if wave.state == WaveState.OPENED:
        raise WaveDecided("An incident was opened from this wave; close that instead.")
    if wave.state == WaveState.EXPLAINED:
        raise WaveDecided(EXPLAINED)
    if wave.state == WaveState.OPEN:
        _decide(wave, WaveState.DISMISSED, by=by, at=at)
        record("wave.dismissed", wave.id, by=by, at=at)
    return wave


@transaction.atomic
def restore_wave(wave: Wave, *, by: Actor, at: datetime | None = None) -> Wave:
    """Undo a dismissal, or say that no open incident explains it. Idempotent.

    It is shown again, with what joined it meanwhile and became no wave of its own, and is not
    attributed to an incident again.
    Raises WaveDecided if an incident was opened from it.
    """
    wave = locked(Wave.objects.all(), wave)
    if wave.state == WaveState.OPENED:
        raise WaveDecided("An incident was opened from this wave by now.")
    if wave.state != WaveState.OPEN:
        wave.is_unexplained |= wave.state == WaveState.EXPLAINED
        wave.incident = None
        _decide(wave, WaveState.OPEN, by=by, at=None)
        record("wave.restored", wave.id, by=by, at=at or timezone.now())
    return wave


@transaction.atomic
def open_from_wave(
    wave: Wave,
    *,
    by: Actor,
    title: str = "",
    severity: str | None = "minor",
    pages: Sequence[Page] = (),
    first: Saying | None = None,
    at: datetime | None = None,
) -> Incident:
    """Open an incident from what the wave says and link its conversations; enrols nobody.

    Without pages it is internal: a draft that staff reword and publish. Idempotent. Raises Refused,
    and WaveDecided if the wave was attributed to another incident.
    """
    at = at or timezone.now()
    # Its incident is asked for afterwards: a join would show none that came while this waited.
    wave = locked(Wave.objects.all(), wave)
    if wave.state == WaveState.EXPLAINED:
        raise WaveDecided(EXPLAINED)
    if wave.incident is not None and wave.incident.deleted_at is None:
        return wave.incident
    seen = seen_of([wave])[0]
    incident = open_incident(
        title or seen.draft_title,
        by=by,
        severity=severity,
        first=first or Saying(body=FIRST_WORDS),
        facts=Facts(components=seen.components, pages=pages),
        started_at=min(wave.began_at, at),
        at=at,
    )
    wave.incident = incident
    _decide(wave, WaveState.OPENED, by=by, at=at)
    said_in = Conversation.objects.filter(messages__complaint__wave=wave).distinct()
    for conversation in said_in.order_by("id"):
        note_link(conversation, incident, by=by, at=at)
    record("wave.opened", wave.id, by=by, at=at, **about(incident))
    return incident


def put_down_to(incident: Incident, wave: Wave, *, by: Actor, at: datetime) -> None:
    """Attribute an open, locked wave to this incident: it needs none of its own.

    Nothing is linked: beside each conversation stands the incident's card, for staff to decide.
    """
    wave.incident = incident
    _decide(wave, WaveState.EXPLAINED, by=by, at=at)
    record("wave.explained", wave.id, by=by, at=at, **about(incident))


def _decide(wave: Wave, state: WaveState, *, by: Actor, at: datetime | None) -> None:
    wave.state, wave.decided_at = state, at
    for name, value in acted_by(by).items():
        setattr(wave, name, value)
    wave.save()
