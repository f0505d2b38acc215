"""From what a source says about an incident to the timeline written here. No queries."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from incidents.backfill import Told
from incidents.importing.shapes import Remarks, SourceIncident
from incidents.models.vocabulary import CLOSED, PATHS, Kind, Status

# Keys of entries that no update of the source stands behind.
BEGINNING, STATUS, WINDOW = "beginning", "status", "window"


def retell(
    source: SourceIncident, *, components: Mapping[str, str], now: datetime, remarks: Remarks
) -> list[Told]:
    """Return the whole timeline, oldest first, never empty.

    `components` maps ids of the source to ours. Where the source's updates leave the end open, its
    record decides: an incident without updates, a status without one, a window that is over.
    """
    told = [_beginning(source)] if not source.updates else []
    told += [
        Told(
            key=update.external_id,
            status=update.status,
            text=update.text,
            at=update.at,
            states={components[name]: state for name, state in update.states if name in components},
        )
        for update in source.updates
    ]
    told += _ending(source, told, remarks)
    return told + list(_window_passed(source, told, now, remarks))


def status_after(told: list[Told], kind: Kind) -> Status:
    return next((entry.status for entry in reversed(told) if entry.status), PATHS[kind][0])


def _beginning(source: SourceIncident) -> Told:
    """The first entry of an incident without updates: closed at once, or with its first status."""
    is_over_at_once = source.status in CLOSED and source.ended_at is None
    status = source.status if is_over_at_once else PATHS[source.kind][0]
    return Told(BEGINNING, status, "", source.started_at)


def _ending(source: SourceIncident, told: list[Told], remarks: Remarks) -> Iterator[Told]:
    if status_after(told, source.kind) == source.status:
        return
    last_at = told[-1].at
    at = max(source.ended_at or last_at, last_at) if source.status in CLOSED else last_at
    if source.updates:
        remarks.say(
            f"Its record says {source.status.label.lower()} and no update of it does; "
            f"that was taken as said at {at:%Y-%m-%d %H:%M} UTC."
        )
    yield Told(f"{STATUS}:{source.status}", source.status, "", at)


def _window_passed(
    source: SourceIncident, told: list[Told], now: datetime, remarks: Remarks
) -> Iterator[Told]:
    """Start or complete planned work whose time has passed, though the source has not.

    Otherwise our clock would start it now and notify everybody.
    """
    start, end = source.scheduled_for, source.scheduled_until
    if source.kind != Kind.MAINTENANCE or source.status in CLOSED:
        return
    if end and end <= now:
        remarks.say(
            f"Its window ended at {end:%Y-%m-%d %H:%M} UTC and the source still says "
            f"{source.status.label.lower()}; it was brought in as completed."
        )
        yield Told(f"{WINDOW}:completed", Status.COMPLETED, "", max(end, told[-1].at))
    elif source.status == Status.SCHEDULED and start and start <= now:
        remarks.say(
            f"Its window began at {start:%Y-%m-%d %H:%M} UTC and the source still says "
            "scheduled; it was brought in as in progress."
        )
        yield Told(f"{WINDOW}:in_progress", Status.IN_PROGRESS, "", max(start, told[-1].at))
