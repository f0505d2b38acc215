"""The verbs of a drill. They write the drill's own three tables and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from assist.drills.clock import elapsed_s, is_left
from assist.drills.scenarios import LENGTH_S, SCENARIOS, Written, wave_of
from assist.drills.scoring import Beside, Told, score
from assist.matching import ActiveIncident, Index, build_index, match
from assist.models import Drill, DrillDecision, DrillUpdate
from atender.actors import Actor, acted_by
from atender.locking import locked
from atender.refusals import Refused
from atender.texts import clean_line, clean_text
from incidents.models import Status

STATUSES = (Status.INVESTIGATING, Status.IDENTIFIED, Status.MONITORING, Status.RESOLVED)
LONGEST_TITLE, LONGEST_BODY, MOST_PROMISED_MIN = 255, 5000, 60
WRONG_PROMISE = f"Promise the next update within 1 to {MOST_PROMISED_MIN} minutes, or leave it out."


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message that has come by now; `percent` is of its card, None where none is shown."""

    written: Written
    percent: int | None
    is_linked: bool | None


def start_drill(scenario: str, *, by: Actor, at: datetime | None = None) -> Drill:
    """Start a drill, or return the one that is open. Raises Refused."""
    at = at or timezone.now()
    if scenario not in SCENARIOS:
        raise Refused("Choose one of the scenarios.", field="scenario")
    try:
        with transaction.atomic():
            return Drill.objects.create(
                scenario=scenario, started_at=at, going_since=at, seen_at=at, **acted_by(by)
            )
    except IntegrityError:
        return Drill.objects.get(is_open=True)


@transaction.atomic
def look(drill: Drill, *, at: datetime | None = None) -> Drill:
    """Keep the clock going because somebody looks; a drill that was left needs `continue_drill`."""
    at = at or timezone.now()
    drill = _lock(drill)
    if drill.going_since is None:
        return drill
    if is_left(drill, at):
        drill.clock_s, drill.going_since = elapsed_s(drill, at), None
    drill.seen_at = at
    drill.save(update_fields=["clock_s", "going_since", "seen_at"])
    return drill if elapsed_s(drill, at) < LENGTH_S else end_drill(drill, at=at)


@transaction.atomic
def pause_drill(drill: Drill, *, at: datetime | None = None) -> Drill:
    at = at or timezone.now()
    drill = _lock(drill)
    drill.clock_s, drill.going_since, drill.seen_at = elapsed_s(drill, at), None, at
    drill.save(update_fields=["clock_s", "going_since", "seen_at"])
    return drill


@transaction.atomic
def continue_drill(drill: Drill, *, at: datetime | None = None) -> Drill:
    """Start the clock again from where it stopped. Idempotent."""
    at = at or timezone.now()
    drill = _lock(drill)
    if drill.is_open and (drill.going_since is None or is_left(drill, at)):
        drill.clock_s, drill.going_since, drill.seen_at = elapsed_s(drill, at), at, at
        drill.save(update_fields=["clock_s", "going_since", "seen_at"])
    return drill


@transaction.atomic
def tell_drill(
    drill: Drill,
    *,
    title: str = "",
    body: str,
    status: str,
    promised_min: int | None = None,
    at: datetime | None = None,
) -> DrillUpdate:
    """Post an update to the drill's imaginary public. Raises Refused."""
    at = at or timezone.now()
    drill = _going(drill, at)
    first = drill.updates.first()
    if first is None:
        title = clean_line(title, field="title", noun="The title", longest=LONGEST_TITLE)
    body = clean_text(body, field="body", longest=LONGEST_BODY)
    if not body:
        raise Refused("Say something to customers.", field="body")
    if status not in STATUSES:
        raise Refused("Choose a status.", field="status")
    if promised_min is not None and not 1 <= promised_min <= MOST_PROMISED_MIN:
        raise Refused(WRONG_PROMISE, field="promised_min")
    now_s = elapsed_s(drill, at)
    promised_s = None if promised_min is None else now_s + promised_min * 60
    return DrillUpdate.objects.create(
        drill=drill,
        at_s=now_s,
        title="" if first else title,
        body=body,
        status=status,
        promised_s=promised_s,
    )


@transaction.atomic
def decide(drill: Drill, number: int, *, is_linked: bool, at: datetime | None = None) -> None:
    """Link a card's message or dismiss the card; the last word counts. Raises Refused."""
    at = at or timezone.now()
    drill = _going(drill, at)
    now_s = elapsed_s(drill, at)
    if number not in {one.written.number for one in arrived(drill, now_s) if one.percent}:
        raise Refused("There is no card beside this message.")
    DrillDecision.objects.update_or_create(
        drill=drill, number=number, defaults={"is_linked": is_linked, "at_s": now_s}
    )


@transaction.atomic
def end_drill(drill: Drill, *, at: datetime | None = None) -> Drill:
    """End it with its scorecard. Idempotent."""
    at = at or timezone.now()
    drill = _lock(drill)
    if drill.is_open:
        length_s = min(elapsed_s(drill, at), LENGTH_S)
        drill.scorecard = score(_told(drill), _beside(drill, length_s), length_s=length_s).kept()
        _close(drill, length_s, at)
    return drill


@transaction.atomic
def stop_drill(drill: Drill, *, at: datetime | None = None) -> Drill:
    """Abort it: no scorecard, nothing to compare. Idempotent."""
    at = at or timezone.now()
    drill = _lock(drill)
    if drill.is_open:
        _close(drill, elapsed_s(drill, at), at)
    return drill


def arrived(drill: Drill, now_s: float) -> list[Arrived]:
    """What customers have written by now, with the cards that the present wording makes."""
    wave = [one for one in wave_of(drill.scenario) if one.at_s <= now_s]
    decided = dict(drill.decisions.values_list("number", "is_linked"))
    updates = list(drill.updates.all())
    if not updates:
        return [Arrived(one, None, None) for one in wave]
    known = ActiveIncident(
        id="drill",
        title=updates[0].title,
        body=updates[0].body,
        components=(SCENARIOS[drill.scenario].component,),
    )
    index = build_index([known])
    return [Arrived(one, _percent(one.text, index), decided.get(one.number)) for one in wave]


def _percent(text: str, index: Index) -> int | None:
    found = match(text, index)
    return next((round(m.confidence * 100) for m in found.matches if m.is_card), None)


def _told(drill: Drill) -> Sequence[Told]:
    return [
        Told(u.at_s, u.title, u.body, u.promised_s, u.status == Status.RESOLVED)
        for u in drill.updates.all()
    ]


def _beside(drill: Drill, length_s: float) -> Sequence[Beside]:
    return [
        Beside(one.written.is_about, one.percent is not None, one.is_linked)
        for one in arrived(drill, length_s)
    ]


def _close(drill: Drill, length_s: float, at: datetime) -> None:
    drill.clock_s, drill.going_since = length_s, None
    drill.is_open, drill.ended_at = None, at
    drill.save()


def _going(drill: Drill, at: datetime) -> Drill:
    drill = _lock(drill)
    if not drill.is_open or elapsed_s(drill, at) >= LENGTH_S:
        raise Refused("The drill is over.")
    if drill.going_since is None or is_left(drill, at):
        raise Refused("The clock stands still; continue the drill first.")
    return drill


def _lock(drill: Drill) -> Drill:
    return locked(Drill.objects.all(), drill)
