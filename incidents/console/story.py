"""The timeline as staff read it: every update with its step, its edits and its fate."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.safestring import SafeString

from incidents.console.differences import difference
from incidents.console.holding import is_held, is_told
from incidents.models import Component, Incident, IncidentUpdate, IncidentUpdateRevision
from incidents.promises.keeping import said_by
from incidents.promises.outcomes import Promise, promises_in


@dataclass(frozen=True, slots=True)
class Edit:
    """One revision in words: who, when, and what it changed."""

    by: str
    at: datetime
    publicity: str
    text: SafeString


@dataclass(frozen=True, slots=True)
class Move:
    """What an update did to a component; `before` is empty where it was not affected."""

    name: str
    before: str
    after: str


@dataclass(slots=True)
class Entry:
    update: IncidentUpdate
    severity_before: str | None
    is_first: bool
    is_waiting: bool
    edits: list[Edit] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    deleted_by: str = ""
    promise: Promise | None = None
    late: timedelta = timedelta(0)

    @property
    def is_silent(self) -> bool:
        says = bool(self.update.public_body) or self.update.is_transition
        return not self.update.notifies and says


def tell(incident: Incident) -> list[Entry]:
    """The timeline, newest first; four queries at most."""
    now = timezone.now()
    is_published = incident.publications.exists()
    updates = list(incident.updates.kept().order_by("posted_at", "id"))
    entries: list[Entry] = []
    severity: str | None = None
    for update in updates:
        is_waiting = is_held(update, now) and is_published and is_told(update)
        entries.append(Entry(update, severity, not entries, is_waiting))
        severity = update.severity
    _add_edits(entries)
    _add_moves(entries)
    if is_published:
        _add_promises(entries, now)
    return entries[::-1]


def _add_promises(entries: list[Entry], now: datetime) -> None:
    """Say of each promise what became of it."""
    counted = [entry for entry in entries if not entry.update.is_backdated]
    timeline = [said_by(entry.update) for entry in counted]
    promises = iter(promises_in(timeline, now=now))
    for entry, said in zip(counted, timeline, strict=True):
        if said.promises is not None:
            entry.promise = next(promises)
            entry.late = entry.promise.late_by(now)


def _add_moves(entries: list[Entry]) -> None:
    moving = [entry for entry in entries if entry.update.impacts]
    if not moving:
        return
    ids = {component_id for entry in moving for component_id in entry.update.impacts}
    names = dict(Component.everything.filter(pk__in=ids).values_list("pk", "name"))
    for entry in moving:
        before = entry.update.impacts_before
        entry.moves = [
            Move(names[pk], before.get(pk, {}).get("state", ""), state)
            for pk, state in entry.update.impacts.items()
            if before.get(pk, {}).get("state") != state
        ]


def _add_edits(entries: list[Entry]) -> None:
    by_update = {entry.update.pk: entry for entry in entries}
    for revision in IncidentUpdateRevision.objects.filter(update_id__in=by_update):
        entry = by_update[revision.update_id]
        if revision.is_deletion:
            entry.deleted_by = revision.by_name
        entry.edits.append(_edit(revision))


def _edit(revision: IncidentUpdateRevision) -> Edit:
    publicity = ""
    if revision.was_public != revision.is_public:
        publicity = "made public" if revision.is_public else "made private"
    return Edit(
        by=revision.by_name,
        at=revision.revised_at,
        publicity=publicity,
        text=difference(revision.body_before, revision.body_after),
    )
