from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from alerts.channels.incident_news import tell_of_incident
from alerts.escalation.paging import PAGING
from alerts.escalation.stepping import ADVANCING
from alerts.following import AFTERWARDS
from alerts.models import EntryKind
from alerts.outages.noting import note_deletion, note_flips
from alerts.promotion import FOLLOWING
from alerts.signals import AlertsChange, alerts_changed
from atender.due.gathering import gather
from atender.due.work import schedule
from incidents.models import Kind
from incidents.signals import Action, Change, incident_changed
from monitors.models import Monitor
from monitors.signals import Flip, monitor_deleted, verdicts_changed

# After these an incident's alerts have somebody, or are over.
FOLLOWED = frozenset({Action.ACKNOWLEDGED, Action.RESOLVED})

CALLS_SOMEBODY = frozenset({EntryKind.TRIGGERED, EntryKind.WOKE})
STOPS_CALLING = frozenset({EntryKind.ACKNOWLEDGED, EntryKind.RESOLVED, EntryKind.SNOOZED})


@receiver(alerts_changed)
def call_somebody(change: AlertsChange, **_: Any) -> None:
    if change.kind in CALLS_SOMEBODY:
        gather(PAGING)
    elif change.kind in STOPS_CALLING:
        escalations = {alert.escalation_id for alert in change.alerts if alert.escalation_id}
        for escalation_id in sorted(escalations):
            schedule(ADVANCING, escalation_id)


@receiver(incident_changed)
def let_alerts_follow(change: Change, **_: Any) -> None:
    if change.action in FOLLOWED and change.incident.alerts.open().exists():
        schedule(FOLLOWING, change.incident.pk)


@receiver(incident_changed)
def tell_channels(change: Change, **_: Any) -> None:
    tell_of_incident(change)


@receiver(incident_changed)
def look_at_what_was_quiet(change: Change, **_: Any) -> None:
    """Planned work that ends uncovers what failed under it."""
    is_over = change.action in (Action.RESOLVED, Action.DELETED)
    if is_over and change.incident.kind == Kind.MAINTENANCE:
        schedule(AFTERWARDS, change.incident.pk)


@receiver(verdicts_changed)
def note_verdicts(flips: Sequence[tuple[Monitor, Flip]], **_: Any) -> None:
    note_flips(flips)


@receiver(monitor_deleted)
def forget_its_alert(monitor: Monitor, at: datetime, **_: Any) -> None:
    note_deletion(monitor, at)
