"""The window of planned work, and where it may be moved."""

from dataclasses import dataclass
from datetime import datetime

from atender.refusals import Conflict, Refused
from incidents.models import Incident
from incidents.models.vocabulary import CLOSED, Kind, Status
from incidents.years import check_year


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when planned work lasts; without an end it is completed by hand."""

    start: datetime | None
    end: datetime | None

    @classmethod
    def of(cls, incident: Incident) -> "Window":
        return cls(incident.scheduled_for, incident.scheduled_until)

    def is_over(self, at: datetime) -> bool:
        return self.end is not None and self.end <= at

    def has_begun(self, at: datetime) -> bool:
        return self.start is not None and self.start <= at


class WindowClosed(Conflict):
    """The maintenance is over; its window stays what it was."""


def check_window(window: Window) -> None:
    """Refuse a window that ends before it starts, or lies outside all calendars."""
    check_year(window.start, field="scheduled_for")
    check_year(window.end, field="scheduled_until")
    if window.end and not window.start:
        raise Refused("A window that ends also starts; say when.", field="scheduled_for")
    if window.start and window.end and window.end <= window.start:
        raise Refused(
            "The window ends before it starts; it ends later than it starts, or has no end.",
            field="scheduled_until",
        )


def check_move(incident: Incident, window: Window, *, status: str, at: datetime) -> None:
    """Refuse a new window that is no longer possible.

    `status` is the one that the maintenance will have. Raises Refused, WindowClosed.
    """
    if incident.kind != Kind.MAINTENANCE:
        raise Refused(
            "An incident has no window; only a maintenance is planned.", field="scheduled_for"
        )
    if status in CLOSED:
        raise WindowClosed(
            f"The maintenance is {status}; re-open it to move its window.", field="scheduled_for"
        )
    check_window(window)
    if window.start != incident.scheduled_for:
        _check_new_start(window, status, at)
    if window.end != incident.scheduled_until and window.is_over(at):
        raise Refused(
            "This end lies in the past; complete the maintenance instead, or choose a later end.",
            field="scheduled_until",
        )


def _check_new_start(window: Window, status: str, at: datetime) -> None:
    if status != Status.SCHEDULED:
        raise Refused("It has begun: only its end can be moved.", field="scheduled_for")
    if window.has_begun(at):
        raise Refused(
            "This start lies in the past; start the maintenance now, or choose a later time.",
            field="scheduled_for",
        )


def check_reschedule(window: Window, *, at: datetime) -> None:
    """Refuse to schedule anew for a start that has passed."""
    if window.has_begun(at):
        raise Refused(
            f"Its window began at {window.start:%Y-%m-%d %H:%M} UTC; give it a new "
            "scheduled_for, or re-open it as in_progress.",
            field="status",
        )
