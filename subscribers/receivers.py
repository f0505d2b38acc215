from typing import Any

from django.dispatch import receiver

from incidents.signals import Change, incident_changed
from subscribers.telling import tell


@receiver(incident_changed)
def tell_subscribers(change: Change, **_: Any) -> None:
    tell(change)
