"""Begins escalations: each alert joins that of the people it calls, or starts one.

Alerts that began within a minute and call the same people, or belong to one incident, share one:
five thousand at once are one page, and not five thousand.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from alerts.channels.telling import tell_trigger
from alerts.escalation.stepping import ADVANCING, call_people
from alerts.models import Alert, AlertSource, Escalation, EscalationState
from alerts.people.duty import people_of_group
from alerts.routing import Target, targets_of
from atender.due.work import schedule
from incidents.models.vocabulary import ResponderStatus

PAGING = "alerts.page"
AT_ONCE = 500
SHARED_FOR = timedelta(minutes=1)
LONGEST_BACKLOG = timedelta(minutes=10)


@transaction.atomic
def page_out(*, at: datetime) -> bool:
    """Call for alerts that nobody was called for; returns whether there may be more."""
    waiting = Alert.objects.unattended().filter(wants_page=True).select_related("incident")
    alerts = list(waiting.select_for_update(of=("self",), no_key=True).order_by("id")[:AT_ONCE])
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
    running = _running(alerts, target, at=at)
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
        # An alert that woke calls under a new key; whoever heard of the old one hears its end.
        schedule(ADVANCING, escalation_id)
    tell_trigger(begun, at=at)
    if target.group is not None:
        call_people(begun, people_of_group(target.group, at), place="group", at=at)
    if target.policy is not None:
        schedule(ADVANCING, begun.pk)


def _running(alerts: Sequence[Alert], target: Target, *, at: datetime) -> Escalation | None:
    same = Escalation.objects.filter(
        group=target.group, policy=target.policy, state=EscalationState.RUNNING
    )
    incidents = {alert.incident_id for alert in alerts if alert.incident_id}
    shared = same.filter(alerts__incident__in=incidents).order_by("-id").first()
    if shared is None and any(alert.source == AlertSource.PERSON for alert in alerts):
        # A person's page carries their own message, which an earlier call did not.
        return None
    since = _began(alerts, at) - SHARED_FOR
    return shared or same.filter(began_at__gt=since).order_by("-id").first()


def _began(alerts: Sequence[Alert], at: datetime) -> datetime:
    """When the alert began, since thousands at once may take over a minute to arrive here.

    What woke calls anew, and what is long past has been told of to nobody.
    """
    if any(alert.escalation_id for alert in alerts):
        return at
    return max(at - LONGEST_BACKLOG, *(alert.triggered_at for alert in alerts))
