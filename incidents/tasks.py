from datetime import datetime

from django.db import transaction
from django.utils import timezone

from atender.actors import SCHEDULE
from atender.due.work import Lease, handles
from incidents.lifecycle import lock, post_update
from incidents.maintenance import WINDOW, next_step_at, step_due
from incidents.models import Incident


@handles(WINDOW)
def follow_window(incident_id: str, _lease: Lease) -> datetime | None:
    """Start or complete a maintenance whose time has come; returns when to look again."""
    with transaction.atomic():
        known = Incident.objects.kept().filter(pk=incident_id).first()
        if known is None:
            return None
        # Under the lock, so that work which staff cancelled this moment does not begin.
        incident = lock(known)
        saying = step_due(incident, now=timezone.now())
        if saying is not None:
            post_update(incident, by=SCHEDULE, saying=saying)
            incident.refresh_from_db()
        return next_step_at(incident)
