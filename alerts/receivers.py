from typing import Any

from django.dispatch import receiver

from alerts.following import FOLLOWING
from atender.due.work import schedule
from incidents.signals import Action, Change, incident_changed

# After these an incident's alerts have somebody, or are over.
FOLLOWED = frozenset({Action.ACKNOWLEDGED, Action.RESOLVED})


@receiver(incident_changed)
def let_alerts_follow(change: Change, **_: Any) -> None:
    if change.action in FOLLOWED and change.incident.alerts.open().exists():
        schedule(FOLLOWING, change.incident.pk)
