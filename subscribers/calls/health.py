"""An endpoint's health after each call: a failing one rests, and is finally switched off."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from atender.actors import SCHEDULE
from incidents.recording import record
from subscribers.calls.calling import Told
from subscribers.calls.catching_up import catch_up
from subscribers.calls.telling_owners import tell_of_end
from subscribers.deliveries.batches import LONGEST_WAIT, Held, is_final
from subscribers.deliveries.lanes import Lane
from subscribers.deliveries.outcomes import Result
from subscribers.models import CALLED, CHATS, Endpoint, Subscriber, SubscriberState

# An endpoint that takes longer than this waits behind the others from then on.
SLOW = timedelta(seconds=5)
# Rooms of chats take a message a second.
CHAT_PACE = timedelta(seconds=1)
# How long nothing else is sent to an endpoint after so many failures in a row. Deliveries have
# pauses of their own: this only spares us from asking what is dead for each of many.
RESTS = tuple(timedelta(seconds=s) for s in (5, 30, 60, 300))
FAILS_AT_MOST = timedelta(days=5)


def note(lane: Lane, heard: Sequence[tuple[Held, Told]]) -> None:
    """Record what calls say about their endpoints. Two queries each, more when one is back."""
    now = timezone.now()
    for held, told in heard:
        if held.channel not in CALLED:
            continue
        if told.outcome.result == Result.TAKEN:
            note_success(held.subscriber_id, held.channel, told, at=now)
        elif told.outcome.result != Result.REFUSED:
            note_failure(
                held.subscriber_id, told, at=now, is_last=is_final(held, told.outcome, lane)
            )


def note_success(subscriber_id: str, channel: str, told: Told, *, at: datetime) -> None:
    is_back = Endpoint.objects.filter(pk=subscriber_id, failures__gt=0).exists()
    Endpoint.objects.filter(pk=subscriber_id).update(
        last_success_at=at,
        failing_since=None,
        failures=0,
        last_answer=told.outcome.answer[:300],
        answered_at=at,
        is_slow=told.took > SLOW,
        rests_until=at + CHAT_PACE if channel in CHATS else None,
    )
    if is_back:
        catch_up(subscriber_id)


def note_failure(subscriber_id: str, told: Told, *, at: datetime, is_last: bool) -> None:
    endpoint = Endpoint.objects.filter(pk=subscriber_id).first()
    if endpoint is None:
        return
    rest = RESTS[min(endpoint.failures, len(RESTS) - 1)]
    asked = min(told.outcome.retry_after or rest, LONGEST_WAIT)
    Endpoint.objects.filter(pk=subscriber_id).update(
        failing_since=Coalesce("failing_since", at),
        failures=F("failures") + 1,
        last_answer=told.outcome.answer[:300],
        answered_at=at,
        is_slow=told.took > SLOW,
        rests_until=at + max(rest, asked),
    )
    since = endpoint.failing_since or at
    if told.outcome.result == Result.GONE:
        disable(subscriber_id, why=told.outcome.answer, at=at)
    elif is_last or at - since > FAILS_AT_MOST:
        disable(
            subscriber_id,
            why=f"Failed since {since:%Y-%m-%d %H:%M} UTC. {told.outcome.answer}",
            at=at,
        )


@transaction.atomic
def disable(subscriber_id: str, *, why: str, at: datetime) -> bool:
    """Switch an endpoint off and tell its owner, once. Idempotent."""
    rows = Subscriber.objects.select_for_update(of=("self",)).select_related("page__branding")
    subscriber = rows.filter(pk=subscriber_id, state=SubscriberState.ACTIVE).first()
    if subscriber is None:
        return False
    subscriber.state = SubscriberState.DISABLED
    subscriber.save(update_fields=["state"])
    endpoint = subscriber.endpoint
    endpoint.disabled_at, endpoint.disabled_why = at, why[:300]
    endpoint.save(update_fields=["disabled_at", "disabled_why"])
    record("subscriber.disabled", subscriber_id, by=SCHEDULE, at=at)
    tell_of_end(subscriber, endpoint)
    return True
