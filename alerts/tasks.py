from datetime import datetime

from django.utils import timezone

from alerts.following import AFTERWARDS, FOLLOWING, follow, look_under
from alerts.lifecycle import WAKING, wake
from alerts.models import Alert
from alerts.outages import OUTAGES, take_notes
from atender.actors import SCHEDULE
from atender.due.work import Lease, handles


@handles(FOLLOWING)
def follow_incident(incident_id: str, _lease: Lease) -> datetime | None:
    follow(incident_id)
    return None


@handles(WAKING)
def wake_alert(alert_id: str, _lease: Lease) -> datetime | None:
    """Let a snoozed alert call again; returns when to look again, if it sleeps on."""
    known = Alert.objects.filter(pk=alert_id).first()
    return wake(known, by=SCHEDULE).snoozed_until if known else None


@handles(AFTERWARDS)
def look_at_what_was_quiet(maintenance_id: str, _lease: Lease) -> datetime | None:
    look_under(maintenance_id, at=timezone.now())
    return None


@handles(OUTAGES)
def take_verdicts(_key: str, _lease: Lease) -> datetime | None:
    """Act on the verdicts that were noted; at once again where there are more."""
    return timezone.now() if take_notes() else None
