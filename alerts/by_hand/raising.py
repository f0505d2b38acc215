"""A person raises an alert by hand: for what no monitor sees and is not an incident yet."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from alerts.lifecycle import add_note
from alerts.models import Alert, AlertSource, EscalationPolicy, NotificationGroup
from alerts.routing import Target, targets_of
from alerts.triggering import Trouble, trigger
from atender.actors import Actor
from atender.locking import held
from atender.refusals import Refused


@transaction.atomic
def raise_by_hand(
    trouble: Trouble,
    *,
    by: Actor,
    group: NotificationGroup | None = None,
    policy: EscalationPolicy | None = None,
    text: str = "",
    at: datetime | None = None,
) -> tuple[Alert, bool]:
    """Call a group, a policy's people or both, else whom routing names; `text` is a note.

    Returns the alert and whether it is new; an alert that is already open calls nobody again.
    Raises Refused if nobody would be called, and Gone.
    """
    at = at or timezone.now()
    # Before the alert, as whoever deletes them holds them before the alerts that name them.
    group, policy = group and held(group), policy and held(policy)
    alert, is_new = trigger(replace(trouble, source=AlertSource.PERSON), by=by, at=at)
    if not is_new:
        return alert, False
    alert.target_group, alert.target_policy = group, policy
    alert.save(update_fields=["target_group", "target_policy"])
    if targets_of([alert])[alert.pk] == Target():
        service = alert.service
        named = f"The routing of {service.name} calls nobody; say" if service else "Say"
        raise Refused(f"{named} whom to call.", field="whom")
    if text.strip():
        add_note(alert, text, by=by, at=at)
    return alert, True
