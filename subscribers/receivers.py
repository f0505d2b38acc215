from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from incidents.signals import Change, Step, incident_changed, states_moved
from subscribers.notices.telling import tell
from subscribers.notices.telling_states import tell_states


@receiver(incident_changed)
def tell_subscribers(change: Change, **_: Any) -> None:
    tell(change)


@receiver(states_moved)
def tell_endpoints(steps: Sequence[Step], held_until: datetime | None, **_: Any) -> None:
    tell_states(steps, held_until=held_until)
