"""What a program says of a subscriber in one breath: a state, and what it hears of."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from atender.actors import Actor
from subscribers.models import Subscriber, SubscriberState
from subscribers.people.changing import change_subscriber
from subscribers.people.endpoints import enable, pause
from subscribers.people.enrolment import lock, unsubscribe
from subscribers.people.suppressing import lift_suppression


@transaction.atomic
def amend_subscriber(
    subscriber: Subscriber,
    *,
    by: Actor,
    state: str | None = None,
    at: datetime | None = None,
    **choices: Any,
) -> Subscriber:
    """Bring a subscriber to a state and change what it hears of: all of it, or nothing.

    `active` lifts a suppression on all pages, or calls a webhook or chat again; `disabled` pauses
    one; `unsubscribed` comes last, after the choices, which are those of `change_subscriber`.
    Raises what these verbs raise, and Gone.
    """
    at = at or timezone.now()
    subscriber = _hold(subscriber)
    if state == SubscriberState.ACTIVE:
        is_suppressed = subscriber.state == SubscriberState.SUPPRESSED
        (lift_suppression if is_suppressed else enable)(subscriber, by=by, at=at)
    elif state == SubscriberState.DISABLED:
        pause(subscriber, by=by, at=at)
    if choices:
        change_subscriber(subscriber, by=by, at=at, **choices)
    if state == SubscriberState.UNSUBSCRIBED:
        unsubscribe(subscriber, by=by, at=at)
    return Subscriber.objects.prefetch_related("scopes").get(pk=subscriber.pk)


def _hold(subscriber: Subscriber) -> Subscriber:
    # All of the address first, as lifting holds them: two at once would wait for each other.
    same = Subscriber.objects.mailed_at(subscriber.address).select_for_update(no_key=True)
    list(same.order_by("pk").values_list("pk", flat=True))
    return lock(subscriber)
