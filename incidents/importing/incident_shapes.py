"""Incidents and maintenances of the public JSON API v2, read with tolerance. Pure."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from incidents.importing.plain_text import plain_line, plain_text
from incidents.importing.shapes import (
    POST_MORTEM,
    SEVERITIES,
    STATES,
    STATUSES,
    TEXT_LENGTH,
    Record,
    Remarks,
    SourceIncident,
    SourceUpdate,
    Unreadable,
    as_id,
    entries,
    read_id,
    read_moment,
)
from incidents.models.incidents import TITLE_LENGTH
from incidents.models.vocabulary import ComponentStateName as State
from incidents.models.vocabulary import Kind, Severity, Status


def kind_of(record: Record) -> Kind:
    """Planned work has a window, an impact or a status of its own, whichever list it stands in."""
    is_planned = (
        bool(record.get("scheduled_for"))
        or record.get("impact") == "maintenance"
        or _word(record.get("status")) in STATUSES[Kind.MAINTENANCE]
    )
    return Kind.MAINTENANCE if is_planned else Kind.INCIDENT


def read_incident(record: Record, *, now: datetime, remarks: Remarks) -> SourceIncident:
    """Return what the record says; raises Unreadable without a title, a date or a status."""
    kind = kind_of(record)
    title = plain_line(_word(record.get("name")))
    if not title:
        raise Unreadable(f"The {kind.label} has no title.")
    updates = _updates(record, kind, now, remarks)
    started_at = _started_at(record, kind, updates)
    if started_at is None:
        raise Unreadable(f"The {kind.label} has no date that can be read.")
    window = _window(record, remarks)
    ended_at = read_moment(record.get("resolved_at"))
    text, written_at = _post_mortem(record, remarks)
    return SourceIncident(
        kind=kind,
        title=remarks.cut(title, TITLE_LENGTH, "The title"),
        severity=_severity(record, kind, remarks),
        status=_status(record, kind, updates, remarks),
        started_at=_by_now(started_at, now, remarks),
        ended_at=_by_now(ended_at, now, remarks) if ended_at else None,
        updates=updates,
        components=_components(record),
        scheduled_for=window[0],
        scheduled_until=window[1],
        post_mortem=text,
        post_mortem_at=_by_now(written_at, now, remarks) if written_at else None,
    )


def _updates(
    record: Record, kind: Kind, now: datetime, remarks: Remarks
) -> tuple[SourceUpdate, ...]:
    """Oldest first; of one moment as the source lists them, which is newest first."""
    listed = reversed(entries(record.get("incident_updates")))
    read = (_update(entry, kind, now, remarks) for entry in listed if not _is_post_mortem(entry))
    return tuple(sorted((update for update in read if update), key=lambda update: update.at))


def _update(entry: Record, kind: Kind, now: datetime, remarks: Remarks) -> SourceUpdate | None:
    external_id, at = read_id(entry), _posted_at(entry)
    if at is None:
        remarks.say(f"Update {external_id or 'without an id'} has no date and was left out.")
        return None
    word = _word(entry.get("status"))
    status = STATUSES[kind].get(word)
    if status is None and word:
        remarks.say(
            f"'{word[:40]}' is no status that is known here; the text of its update was kept "
            "and the status left as it was."
        )
    text = plain_text(_word(entry.get("body")))
    return SourceUpdate(
        external_id=external_id or at.isoformat(),
        status=status,
        text=remarks.cut(text, TEXT_LENGTH, "An update"),
        at=_by_now(at, now, remarks),
        states=tuple(_states(entry, remarks)),
    )


def _posted_at(entry: Record) -> datetime | None:
    found = (read_moment(entry.get(name)) for name in ("display_at", "created_at", "updated_at"))
    return next((at for at in found if at), None)


def _states(entry: Record, remarks: Remarks) -> Iterator[tuple[str, State]]:
    """What the update did to components, by their ids there."""
    for affected in entries(entry.get("affected_components")):
        code, word = _code(affected), _word(affected.get("new_status"))
        if code and word in STATES:
            yield code, STATES[word]
        elif word:
            remarks.say(f"'{word[:40]}' is no state of a component that is known here.")


def _components(record: Record) -> tuple[tuple[str, str], ...]:
    """Ids and names of all that the incident or one of its updates names."""
    found = {
        read_id(entry): _word(entry.get("name")) for entry in entries(record.get("components"))
    }
    for update in entries(record.get("incident_updates")):
        for affected in entries(update.get("affected_components")):
            found.setdefault(_code(affected), _word(affected.get("name")))
    return tuple((code, plain_line(name)) for code, name in found.items() if code)


def _code(affected: Record) -> str:
    return as_id(affected.get("code")) or read_id(affected)


def _started_at(record: Record, kind: Kind, updates: tuple[SourceUpdate, ...]) -> datetime | None:
    """When it began or, of planned work, when it was announced; never after its first update."""
    names = ("started_at", "created_at") if kind == Kind.INCIDENT else ("created_at", "started_at")
    named = (read_moment(record.get(name)) for name in names)
    begun = next((at for at in named if at), None)
    first = updates[0].at if updates else None
    return min((at for at in (begun, first) if at), default=None)


def _window(record: Record, remarks: Remarks) -> tuple[datetime | None, datetime | None]:
    start, end = (read_moment(record.get(name)) for name in ("scheduled_for", "scheduled_until"))
    if end and not start:
        remarks.say("The window had an end and no start; it was left out.")
        return None, None
    if start and end and end <= start:
        remarks.say("The window ended before it began; its end was left out.")
        return start, None
    return start, end


def _severity(record: Record, kind: Kind, remarks: Remarks) -> Severity | None:
    if kind == Kind.MAINTENANCE:
        return Severity.MAINTENANCE
    word = _word(record.get("impact"))
    if word and word not in SEVERITIES:
        remarks.say(
            f"'{word[:40]}' is no severity that is known here; it was brought in without one."
        )
    return SEVERITIES.get(word)


def _status(
    record: Record, kind: Kind, updates: tuple[SourceUpdate, ...], remarks: Remarks
) -> Status:
    word = _word(record.get("status"))
    if word in STATUSES[kind]:
        return STATUSES[kind][word]
    latest = next((update.status for update in reversed(updates) if update.status), None)
    if latest is None:
        known = ", ".join(STATUSES[kind])
        raise Unreadable(
            f"Its status '{word[:40]}' is none that is known here, and no update has another; "
            f"the known ones are {known}."
        )
    remarks.say(
        f"'{word[:40]}' is no status that is known here; that of the latest update was taken."
    )
    return latest


def _post_mortem(record: Record, remarks: Remarks) -> tuple[str, datetime | None]:
    text = plain_text(_word(record.get("postmortem_body")))
    at = read_moment(record.get("postmortem_published_at"))
    for entry in entries(record.get("incident_updates")):
        if _is_post_mortem(entry) and not text:
            text, at = plain_text(_word(entry.get("body"))), _posted_at(entry)
    return remarks.cut(text, TEXT_LENGTH, "The post-mortem"), at


def _is_post_mortem(entry: Record) -> bool:
    return entry.get("status") == POST_MORTEM


def _by_now(at: datetime, now: datetime, remarks: Remarks) -> datetime:
    if at <= now:
        return at
    remarks.say(
        f"A time lay in the future ({at:%Y-%m-%d %H:%M} UTC); the present was taken instead."
    )
    return now


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""
