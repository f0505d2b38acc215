from typing import Any

from django.dispatch import receiver

from assist.hearing import looking_again
from assist.receipts import drawing
from assist.stack.ending import hear
from incidents.signals import Change, incident_changed


@receiver(incident_changed)
def tell_conversations(change: Change, **_: Any) -> None:
    hear(change)
    looking_again.hear(change)
    drawing.hear(change)
