from datetime import datetime

from alerts.following import FOLLOWING, follow
from alerts.lifecycle import WAKING, wake
from alerts.models import Alert
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
