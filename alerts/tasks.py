from datetime import datetime
from time import monotonic

from django.utils import timezone

from alerts.channels.incident_news import TELLING
from alerts.channels.sending import send_message
from alerts.channels.telling import tell_progress
from alerts.escalation.calling import make_call
from alerts.escalation.ending import call_off
from alerts.escalation.paging import PAGING, page_out
from alerts.escalation.stepping import ADVANCING, CALLING, advance
from alerts.following import AFTERWARDS, follow, look_under
from alerts.lifecycle import wake
from alerts.models import Alert
from alerts.outages.noting import OUTAGES, take_notes
from alerts.people.messaging import send_to_method
from alerts.people.verifying import SENDING
from alerts.promotion import FOLLOWING
from alerts.together import WAKING
from atender.actors import SCHEDULE
from atender.due.work import Lease, handles

TURN_S = 5.0


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
def take_verdicts(_key: str, lease: Lease) -> datetime | None:
    """Act on the verdicts that were noted, for a while; at once again where there are more."""
    until = monotonic() + TURN_S
    while take_notes():
        if monotonic() > until or not lease.renew():
            return timezone.now()
    return None


@handles(PAGING)
def page_people(_key: str, _lease: Lease) -> datetime | None:
    """Call for alerts that nobody was called for; at once again where there may be more."""
    return timezone.now() if page_out(at=timezone.now()) else None


@handles(ADVANCING)
def escalate(escalation_id: str, _lease: Lease) -> datetime | None:
    """Go on with the calls, and tell channels and those who were called how far it is."""
    now = timezone.now()
    next_at = advance(escalation_id, at=now)
    tell_progress(escalation_id, at=now)
    call_off(escalation_id, at=now)
    return next_at


@handles(TELLING)
def tell_channel(message_id: str, _lease: Lease) -> datetime | None:
    return send_message(message_id, at=timezone.now())


@handles(CALLING)
def call_person(call_id: str, _lease: Lease) -> datetime | None:
    return make_call(call_id, at=timezone.now())


@handles(SENDING)
def send_to_person(message_id: str, _lease: Lease) -> datetime | None:
    return send_to_method(message_id, at=timezone.now())
