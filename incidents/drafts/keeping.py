"""The verbs of drafts: saved, scheduled, discarded, and removed once their text is posted."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from atender.actors import Actor, acted_by
from atender.due.work import cancel, schedule
from atender.refusals import Conflict, Refused
from atender.texts import clean_text
from incidents.drafts.speaking import rehearse
from incidents.models import Draft, Incident, IncidentUpdate
from incidents.recording import record
from incidents.texts.titles import clean_title
from incidents.years import check_year

DUE = "incidents.draft"
MOMENTS = ("eta", "next_update_by", "started_at", "resolved_at", "publish_at")


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote, in the columns of `Draft`."""

    title: str = ""
    body: str = ""
    status: str = ""
    severity: str = ""
    is_public: bool = True
    notifies: bool | None = None
    eta: datetime | None = None
    next_update_by: datetime | None = None
    promise_min: int | None = None
    started_at: datetime | None = None
    resolved_at: datetime | None = None
    impacts: Mapping[str, str] = field(default_factory=dict)
    page_ids: Sequence[str] | None = ()
    monitor_ids: Sequence[str] = ()
    service_id: str | None = None
    seen: str | None = None


class NothingWritten(Refused):
    """An empty form is no draft."""


class AlreadyPosted(Conflict):
    """The draft was posted before."""


@transaction.atomic
def save_draft(
    written: Written,
    *,
    by: Actor,
    incident: Incident | None = None,
    publish_at: datetime | None = None,
    draft_id: str | None = None,
    version: int | None = None,
) -> Draft:
    """Keep what was written, to be published at a time if one is given. Raises Refused.

    A draft of that id is changed in place by its author, and by others who have read its present
    `version`; anybody else gets a draft of their own.
    """
    now = timezone.now()
    fresh = {"incident": incident, "saved_at": now, "version": 0, **acted_by(by)}
    draft = _hold(draft_id, fresh, by=by, version=version) or Draft(**fresh)
    for name, value in _checked(written).items():
        setattr(draft, name, value)
    draft.seen = written.seen or _newest_of(incident)
    draft.saved_at, draft.publish_at = now, publish_at
    draft.refusal, draft.refused_at = "", None
    draft.version += 1
    if publish_at is not None:
        _check_time(draft, now)
        draft.by_kind, draft.by_id, draft.by_name = by.kind, by.id, by.name[:120]
    draft.save(force_insert=draft._state.adding)
    _keep_time(draft, by=by, now=now)
    return draft


def _hold(
    draft_id: str | None, fresh: dict[str, Any], *, by: Actor, version: int | None
) -> Draft | None:
    """The draft to be changed in place, under lock; a fresh one where that id is still free."""
    if draft_id is None or is_posted(draft_id):
        return None
    held = Draft.objects.select_for_update(of=("self",))
    draft, is_new = held.get_or_create(pk=draft_id, defaults=fresh)
    is_known = draft.by == by or draft.version == version
    return draft if is_new or (is_known and draft.incident == fresh["incident"]) else None


def _checked(written: Written) -> dict[str, object]:
    columns = asdict(written)
    columns["body"] = clean_text(written.body, field="body")
    columns["title"] = ""
    if written.title.strip():
        columns["title"] = clean_title(written.title)
    columns["monitor_ids"] = list(written.monitor_ids)
    columns["page_ids"] = None if written.page_ids is None else list(written.page_ids)
    for name in MOMENTS[:-1]:
        check_year(columns[name], field=name)
    says = (
        "title",
        "body",
        "status",
        "severity",
        "eta",
        "next_update_by",
        "promise_min",
        "impacts",
    )
    if not any(columns[name] for name in says):
        raise NothingWritten("There is nothing to keep yet: write something first.", field="body")
    return columns


def _check_time(draft: Draft, now: datetime) -> None:
    """Refuse a time that has passed, and words that would be refused as things stand."""
    at = draft.publish_at
    assert at is not None
    check_year(at, field="publish_at")
    if at <= now:
        raise Refused(
            f"{_clock(at)} has passed, it is {_clock(now)}; choose a time to come.",
            field="publish_at",
        )
    for name in ("eta", "next_update_by"):
        promised: datetime | None = getattr(draft, name)
        if promised is not None and promised <= at:
            raise Refused(
                f"It promises {_clock(promised)} and is published at {_clock(at)}; a promise lies "
                "ahead of that.",
                field=name,
            )
    rehearse(draft)


def _keep_time(draft: Draft, *, by: Actor, now: datetime) -> None:
    if draft.publish_at is None:
        cancel(DUE, draft.id)
        return
    schedule(DUE, draft.id, at=draft.publish_at)
    note(draft, "draft.scheduled", by=by, at=now, for_time=_clock(draft.publish_at))


def _newest_of(incident: Incident | None) -> str | None:
    newest = incident.updates.kept().order_by("id").last() if incident else None
    return newest.pk if newest else None


@transaction.atomic
def discard_draft(draft: Draft, *, by: Actor) -> None:
    """Discard a draft and its schedule. Idempotent. Raises AlreadyPosted."""
    held = Draft.objects.select_for_update().filter(pk=draft.pk).first()
    if held is not None:
        note(held, "draft.discarded", by=by, at=timezone.now())
        forget(held)
    elif is_posted(draft.pk):
        raise AlreadyPosted("Too late: it has been published by now.")


@contextmanager
def being_posted(submission_id: str | None) -> Iterator[Draft | None]:
    """Lock the draft that a form continues while its text is posted, then remove it.

    The draft is locked before its incident, as by the clock, so that neither waits for the other.
    """
    with transaction.atomic():
        held = Draft.objects.select_for_update()
        draft = held.filter(pk=submission_id).first() if submission_id else None
        yield draft
        if draft is not None:
            forget(draft)


def forget(draft: Draft) -> None:
    """Remove a draft that is held, and its time."""
    cancel(DUE, draft.id)
    draft.delete()


def is_posted(draft_id: str) -> bool:
    """Whether the record holds what a draft of that id said."""
    return (
        IncidentUpdate.objects.filter(submission_id=draft_id).exists()
        or Incident.objects.filter(submission_id=draft_id).exists()
    )


def moved_since(draft: Draft) -> list[IncidentUpdate]:
    """Return the updates posted after the newest one that the author had seen."""
    if draft.incident is None or draft.seen is None:
        return []
    return list(draft.incident.updates.kept().filter(id__gt=draft.seen).order_by("id"))


def note(draft: Draft, action: str, *, by: Actor, at: datetime, **details: str) -> None:
    """Leave an audit row for the incident, or for the draft if the incident does not exist yet."""
    named = {"name": draft.title} if draft.title else {}
    record(action, draft.incident_id or draft.id, by=by, at=at, **named, **details)


def _clock(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
