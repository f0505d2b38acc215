"""A person raises an alert by hand: for what no monitor sees, and what is no incident yet."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from alerts.lifecycle import add_note
from alerts.models import Alert, AlertSeverity, AlertSource, EscalationPolicy, NotificationGroup
from alerts.routing import Target, targets_of
from alerts.triggering import Trouble, trigger
from atender.actors import Actor
from atender.refusals import Refused
from monitors.models import Service


@transaction.atomic
def raise_by_hand(
    summary: str,
    *,
    by: Actor,
    severity: str = AlertSeverity.ERROR,
    service: Service | None = None,
    group: NotificationGroup | None = None,
    policy: EscalationPolicy | None = None,
    text: str = "",
    submission_id: str = "",
    at: datetime | None = None,
) -> tuple[Alert, bool]:
    """Call a group or a policy's people, else whom the service's routing names; `text` is a note.

    Returns the alert and whether it is new: the same `submission_id` again raises nothing. Raises
    Refused where nobody would be called.
    """
    at = at or timezone.now()
    trouble = Trouble(
        summary,
        severity=severity,
        source=AlertSource.PERSON,
        dedup_key=submission_id,
        occurrence=submission_id,
        service=service,
    )
    alert, is_new = trigger(trouble, by=by, at=at)
    if not is_new:
        return alert, False
    alert.target_group, alert.target_policy = group, policy
    alert.save(update_fields=["target_group", "target_policy"])
    if targets_of([alert])[alert.pk] == Target():
        named = f"The routing of {service.name} calls nobody; say" if service else "Say"
        raise Refused(f"{named} whom to call.", field="whom")
    if text.strip():
        add_note(alert, text, by=by, at=at)
    return alert, True
