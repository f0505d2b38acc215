"""Planned work starts, completes and is announced beforehand, within seconds of its time.

Time alone starts a maintenance and then completes it. One that was re-opened after its end is
completed by hand.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from atender.due.work import cancel, schedule
from atender.refusals import Refused
from incidents.models import Incident
from incidents.models.vocabulary import Kind, Status
from incidents.transitions import Saying
from incidents.windows import Window

WINDOW = "incidents.window"
REMINDER = "incidents.reminder"
SHORTEST_NOTICE, LONGEST_NOTICE = timedelta(minutes=1), timedelta(days=30)


def check_notice(notice_before: timedelta | None) -> None:
    """Refuse a notice that nobody could plan by."""
    if notice_before is None or SHORTEST_NOTICE <= notice_before <= LONGEST_NOTICE:
        return
    raise Refused(
        "Notice is given between 1 minute and 30 days (43200 minutes) before the start, "
        "or not at all.",
        field="notice_before",
    )


def keep_schedule(incident: Incident) -> None:
    """Schedule a maintenance's next steps, and cancel those that no longer apply."""
    if incident.kind != Kind.MAINTENANCE:
        return
    _promise(WINDOW, incident, next_step_at(incident))
    _promise(REMINDER, incident, reminder_at(incident))


def _promise(kind: str, incident: Incident, at: datetime | None) -> None:
    if at is None:
        cancel(kind, incident.id)
    else:
        schedule(kind, incident.id, at=at)


def next_step_at(incident: Incident, *, entered_at: datetime | None = None) -> datetime | None:
    """When time itself moves this maintenance: to its start, then to its end; else None.

    `entered_at` is when it took its present status, looked up unless given.
    """
    if incident.kind != Kind.MAINTENANCE or incident.is_closed or incident.deleted_at:
        return None
    if is_waiting(incident):
        return incident.scheduled_for
    window = Window.of(incident)
    return None if window.is_over(entered_at or _entered_at(incident)) else window.end


def is_waiting(incident: Incident) -> bool:
    return incident.status == Status.SCHEDULED


def _entered_at(incident: Incident) -> datetime:
    """When it took its present status."""
    steps = incident.updates.transitions().filter(changes_status=True)
    return steps.latest("posted_at", "id").posted_at


def maintenance_began_at(incident: Incident) -> datetime | None:
    """When the work really began; None where it never did."""
    steps = incident.updates.transitions().filter(changes_status=True).order_by("posted_at", "id")
    first = steps.first()
    if first is not None and first.status == Status.COMPLETED:
        # Written down after it was over.
        return incident.started_at
    begun = steps.filter(status=Status.IN_PROGRESS).first()
    return begun.posted_at if begun else None


def steps_due(incident: Incident, *, now: datetime) -> Sequence[Saying]:
    """Return the updates that are due now; none before their time."""
    next_at = next_step_at(incident)
    if next_at is None or next_at > now:
        return ()
    window = Window.of(incident)
    if not is_waiting(incident):
        return (Saying(status=Status.COMPLETED),)
    if not window.is_over(now):
        return (Saying(status=Status.IN_PROGRESS),)
    # If the clock slept through the whole window, its end is news and its start is not.
    return (
        Saying(status=Status.IN_PROGRESS, notifies=False),
        Saying(status=Status.COMPLETED),
    )


def reminder_at(incident: Incident) -> datetime | None:
    """When subscribers are reminded of its start; None once they were, or without a notice."""
    if not is_waiting(incident) or incident.deleted_at or incident.notice_before is None:
        return None
    start = incident.scheduled_for
    if start is None or start == incident.reminded_for:
        return None
    return start - incident.notice_before


def is_reminder_due(incident: Incident, *, now: datetime) -> bool:
    at = reminder_at(incident)
    return at is not None and at <= now and not Window.of(incident).has_begun(now)


def forgo_late_reminder(incident: Incident, *, at: datetime) -> None:
    """Skip a reminder whose time passed before anybody was told of the maintenance."""
    due_at = reminder_at(incident)
    if due_at is not None and due_at <= at:
        incident.reminded_for = incident.scheduled_for
        incident.save(update_fields=["reminded_for"])
