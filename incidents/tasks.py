from datetime import datetime

from django.db import transaction
from django.utils import timezone

from atender.actors import SCHEDULE
from atender.due.work import Lease, handles
from incidents.afterwards.due import REMINDER as POST_MORTEM_DUE
from incidents.afterwards.due import remind as remind_of_post_mortem
from incidents.changes import FORGETTING, forget_old_changes
from incidents.drafts.keeping import DUE
from incidents.drafts.publishing import publish_draft
from incidents.lifecycle import lock, post_update
from incidents.maintenance import REMINDER, WINDOW, next_step_at, reminder_at, steps_due
from incidents.models import Incident, MaintenanceSeries
from incidents.nudges.nudging import NUDGE, nudge
from incidents.planned.planning import remind
from incidents.planned.series import SERIES, keep_ahead


@handles(WINDOW)
def follow_window(incident_id: str, _lease: Lease) -> datetime | None:
    """Start or complete a maintenance whose time has come; returns when to look again."""
    with transaction.atomic():
        known = Incident.objects.kept().filter(pk=incident_id).first()
        if known is None:
            return None
        # Under the lock, so that work which staff cancelled this moment does not begin.
        incident = lock(known)
        for saying in steps_due(incident, now=timezone.now()):
            post_update(incident, by=SCHEDULE, saying=saying)
        incident.refresh_from_db()
        return next_step_at(incident)


@handles(REMINDER)
def remind_of_window(incident_id: str, _lease: Lease) -> datetime | None:
    """Announce that a maintenance begins before long; returns when to look again."""
    known = Incident.objects.kept().filter(pk=incident_id).first()
    return reminder_at(remind(known)) if known else None


@handles(DUE)
def publish_in_time(draft_id: str, _lease: Lease) -> datetime | None:
    return publish_draft(draft_id, now=timezone.now())


@handles(FORGETTING)
def forget_changes(_day: str, _lease: Lease) -> None:
    forget_old_changes(timezone.now())


@handles(SERIES)
def keep_series_ahead(series_id: str, _lease: Lease) -> datetime | None:
    """Write down the next times of a series; the verb promises the next look itself."""
    known = MaintenanceSeries.objects.filter(pk=series_id).first()
    if known is not None:
        keep_ahead(known, at=timezone.now())
    return None


@handles(NUDGE)
def nudge_staff(incident_id: str, _lease: Lease) -> datetime | None:
    """Tell staff that the public waits for a word; returns when to look again."""
    return nudge(incident_id)


@handles(POST_MORTEM_DUE)
def ask_for_post_mortem(incident_id: str, _lease: Lease) -> None:
    with transaction.atomic():
        remind_of_post_mortem(incident_id)
