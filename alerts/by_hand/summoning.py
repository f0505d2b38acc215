"""A person pages a group for an incident that no monitor opened."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from alerts.models import Alert, AlertSeverity, AlertSource, EscalationPolicy, NotificationGroup
from alerts.promotion import attach
from alerts.triggering import Trouble, trigger
from atender.actors import Actor
from atender.locking import held
from atender.refusals import Conflict, Refused
from incidents.lifecycle import lock
from incidents.models import Incident, Kind
from incidents.models.vocabulary import ResponderStatus, Severity

# The severity for channels that filter; whom it calls was chosen by the person.
SEVERITY: dict[str | None, AlertSeverity] = {
    Severity.CRITICAL: AlertSeverity.CRITICAL,
    Severity.MAJOR: AlertSeverity.CRITICAL,
    Severity.MINOR: AlertSeverity.ERROR,
    None: AlertSeverity.WARNING,
}


@transaction.atomic
def summon(
    incident: Incident,
    *,
    by: Actor,
    group: NotificationGroup | None = None,
    policy: EscalationPolicy | None = None,
    at: datetime | None = None,
) -> Alert:
    """Call a group at once, a policy's people one after the other, or both.

    While the same people are being called for the incident, nothing changes. Raises Refused, and
    Gone.
    """
    at = at or timezone.now()
    incident = lock(incident)
    group, policy = group and held(group), policy and held(policy)
    _check(incident, group, policy)
    alert, is_new = trigger(
        Trouble(
            incident.title,
            severity=SEVERITY[incident.severity],
            source=AlertSource.PERSON,
            origin_id=incident.pk,
            dedup_key=f"{group.pk if group else ''}:{policy.pk if policy else ''}",
            service=incident.service,
        ),
        by=by,
        at=at,
    )
    if is_new:
        alert.target_group, alert.target_policy = group, policy
        alert.save(update_fields=["target_group", "target_policy"])
        names = " and ".join(record.name for record in (group, policy) if record)
        attach([alert], incident, by=by, at=at, text=f"{names}: called by {by.name}.")
    return alert


def _check(
    incident: Incident, group: NotificationGroup | None, policy: EscalationPolicy | None
) -> None:
    if group is None and policy is None:
        raise Refused("Choose a group or a policy to call.", field="notification_group_id")
    if incident.kind == Kind.MAINTENANCE:
        raise Refused("Planned work calls nobody; open an incident for what goes wrong in it.")
    if incident.is_closed:
        raise Conflict("The incident is resolved; nobody is called for it.")
    if incident.responder_status == ResponderStatus.ACKNOWLEDGED:
        who = incident.acknowledged_by_name or "Somebody"
        raise Conflict(f"{who} has it already; a page is for what nobody has.")
