"""The verbs of changes, and which of them came before an incident."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from atender.actors import Actor, acted_by
from atender.due.work import schedule
from atender.locking import locked
from atender.outbound.targets import is_web_address
from atender.refusals import Refused
from atender.texts import clean_line
from incidents.models import Component, Incident, SystemChange
from incidents.models.changes import SUMMARY_LENGTH, ChangeKind, SystemChangeQuerySet
from incidents.recording import record
from monitors.models import Service

FORGETTING = "incidents.changes"
LOOKED_BACK = timedelta(hours=2)
# Build machines' clocks may be wrong by this much.
CLOCKS_DIFFER_BY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a change comes from; each part may be empty."""

    version: str = ""
    url: str = ""
    author: str = ""


@transaction.atomic
def record_change(
    summary: str,
    *,
    by: Actor,
    kind: str = ChangeKind.DEPLOYMENT,
    source: Source | None = None,
    service: Service | None = None,
    components: Sequence[Component] = (),
    happened_at: datetime | None = None,
) -> SystemChange:
    """Note something that was deployed or configured. Raises Refused."""
    change = draft_change(summary, kind=kind, source=source or Source(), happened_at=happened_at)
    change.service = service
    for name, value in acted_by(by).items():
        setattr(change, name, value)
    change.save()
    change.components.set(components)
    _promise_to_forget(change)
    return change


def draft_change(
    summary: str, *, kind: str, source: Source, happened_at: datetime | None
) -> SystemChange:
    """Return the change that these words make, unsaved; raises Refused."""
    return SystemChange(
        summary=clean_line(summary, field="summary", noun="A summary", longest=SUMMARY_LENGTH),
        kind=_checked_kind(kind),
        version=_word(source.version, field="version", noun="A version"),
        url=_link(source.url),
        author=_word(source.author, field="by", noun="A name"),
        happened_at=_checked_moment(happened_at, timezone.now()),
    )


def _checked_kind(kind: str) -> str:
    if kind not in ChangeKind.values:
        known = ", ".join(ChangeKind.values)
        raise Refused(f"'{kind[:40]}' is no kind of change; it is one of {known}.", field="kind")
    return kind


def _word(text: str, *, field: str, noun: str) -> str:
    return clean_line(text, field=field, noun=noun, longest=120) if text.strip() else ""


def _link(text: str) -> str:
    if not text.strip():
        return ""
    url = clean_line(text, field="url", noun="A link", longest=500)
    if not is_web_address(url):
        raise Refused(
            "A link is a web address without spaces, such as https://ci.example.com/builds/42.",
            field="url",
        )
    return url


def _checked_moment(happened_at: datetime | None, now: datetime) -> datetime:
    if happened_at is None:
        return now
    if happened_at > now + CLOCKS_DIFFER_BY:
        raise Refused(
            "happened_at lies in the future; a change is reported when it has happened.",
            field="happened_at",
        )
    if happened_at < now - kept_for():
        raise Refused(
            f"Changes are kept for {kept_for().days} days, and this one lies further back.",
            field="happened_at",
        )
    return happened_at


def kept_for() -> timedelta:
    return timedelta(days=settings.CHANGES_KEPT_DAYS)


def _promise_to_forget(change: SystemChange) -> None:
    # One row a day, however many changes a day has.
    day = change.happened_at.date()
    gone_at = change.happened_at.replace(hour=0, minute=0, second=0, microsecond=0) + kept_for()
    schedule(FORGETTING, day.isoformat(), at=gone_at + timedelta(days=1))


def forget_old_changes(now: datetime) -> int:
    """Delete what is older than changes are kept; returns how many."""
    forgotten, _ = SystemChange.objects.older_than(now - kept_for()).delete()
    return forgotten


@transaction.atomic
def delete_change(change: SystemChange, *, by: Actor) -> None:
    """Delete a change reported by mistake; the audit row keeps its summary. Raises Gone."""
    change = locked(SystemChange.objects.all(), change, to_delete=True)
    record("change.deleted", change.id, by=by, at=timezone.now(), name=change.summary)
    change.delete()


@dataclass(frozen=True, slots=True)
class Suspect:
    """A change before an incident; `is_related` when both name a service or component."""

    change: SystemChange
    is_related: bool


def suspects_of(incident: Incident) -> list[Suspect]:
    """The changes of the two hours before an incident began, related ones first. Four queries."""
    components = set(incident.impacts.values_list("component_id", flat=True))
    services = set(incident.monitors.values_list("service_id", flat=True)) | {incident.service_id}
    found = changes_before(incident.started_at)
    suspects = [
        Suspect(
            change,
            is_related=(change.service_id is not None and change.service_id in services)
            or any(component.id in components for component in change.components.all()),
        )
        for change in found.select_related("service").prefetch_related("components")
    ]
    # The sort is stable: of equals the newest stays first.
    return sorted(suspects, key=lambda suspect: not suspect.is_related)


def changes_before(moment: datetime) -> SystemChangeQuerySet:
    return SystemChange.objects.between(moment - LOOKED_BACK, moment)
