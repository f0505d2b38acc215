"""Who is called first: alerts that want it find the escalation of their target, or begin one.

Alerts that call the same people within a minute, or belong to one incident, share an escalation:
five thousand at once are one page, and not five thousand.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from alerts.channels.telling import tell_trigger
from alerts.escalation.stepping import ADVANCING, call_people
from alerts.models import Alert, Escalation, EscalationState
from alerts.people.duty import people_of_group
from alerts.routing import Target, targets_of
from atender.due.work import schedule
from incidents.models.vocabulary import ResponderStatus

PAGING = "alerts.page"
AT_ONCE = 500
SHARED_FOR = timedelta(minutes=1)


@transaction.atomic
def page_out(*, at: datetime) -> bool:
    """Call for alerts that nobody was called for; returns whether there may be more."""
    waiting = Alert.objects.unattended().filter(wants_page=True).select_related("incident")
    alerts = list(waiting.select_for_update(of=("self",)).order_by("id")[:AT_ONCE])
    Alert.objects.filter(pk__in=[a.pk for a in alerts]).update(wants_page=False)
    calling = [a for a in alerts if not a.is_snoozed(at) and not _is_taken(a)]
    targets = targets_of(calling)
    by_target: dict[Target, list[Alert]] = defaultdict(list)
    for alert in calling:
        if targets[alert.pk] != Target():
            by_target[targets[alert.pk]].append(alert)
    for target, of_target in by_target.items():
        _call_for(of_target, target, at=at)
    return len(alerts) == AT_ONCE


def _is_taken(alert: Alert) -> bool:
    incident = alert.incident
    return incident is not None and incident.responder_status != ResponderStatus.TRIGGERED


def _call_for(alerts: Sequence[Alert], target: Target, *, at: datetime) -> None:
    ids = [alert.pk for alert in alerts]
    running = _running(ids, target, at=at)
    if running is not None:
        Alert.objects.filter(pk__in=ids).update(escalation=running)
        return
    begun = Escalation.objects.create(
        group=target.group,
        policy=target.policy,
        began_at=at,
        next_at=at if target.policy else None,
    )
    left = {alert.escalation_id for alert in alerts if alert.escalation_id}
    Alert.objects.filter(pk__in=ids).update(escalation=begun)
    for escalation_id in left:
        # What woke calls under a key of its own; the one before is over for those who heard of it.
        schedule(ADVANCING, escalation_id)
    tell_trigger(begun, at=at)
    if target.group is not None:
        call_people(begun, people_of_group(target.group, at), place="group", at=at)
    if target.policy is not None:
        schedule(ADVANCING, begun.pk)


def _running(ids: Iterable[str], target: Target, *, at: datetime) -> Escalation | None:
    same = Escalation.objects.filter(
        group=target.group, policy=target.policy, state=EscalationState.RUNNING
    )
    incidents = Alert.objects.filter(pk__in=ids, incident__isnull=False).values("incident")
    shared = same.filter(alerts__incident__in=incidents).order_by("-id").first()
    return shared or same.filter(began_at__gt=at - SHARED_FOR).order_by("-id").first()
