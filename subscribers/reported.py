"""Reports of mail providers: noted on the delivery, and acted on when an address is dead.

A hard bounce or a complaint suppresses the address, an unsubscription ends its subscriptions. Each
report is acted on once, however often the provider repeats it, so a suppression that was lifted
stays lifted. Only the present tenant's subscribers are considered.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.db import connection
from django.utils import timezone

from atender.actors import Actor, ActorKind
from atender.ids import ulid_uuid
from atender.outbound.events import hears_events
from atender.outbound.models import MailChannel
from subscribers.models import Arrival, MailReport, Subscriber, SubscriberState, Suppression
from subscribers.models.reports import KEPT_FOR
from subscribers.people.enrolment import unsubscribe
from subscribers.people.suppressing import suppress

ARRIVALS: dict[str, Arrival] = {
    EventType.DELIVERED: Arrival.DELIVERED,
    EventType.BOUNCED: Arrival.BOUNCED,
    EventType.REJECTED: Arrival.REJECTED,
    EventType.FAILED: Arrival.REJECTED,
    EventType.COMPLAINED: Arrival.COMPLAINED,
}
DEAD = (RejectReason.BOUNCED, RejectReason.INVALID)
# How providers call a bounce for good, and one for the moment; the library makes one of the two.
HARD = {"hardbounce", "hard_bounce", "hard_bounced", "activity.hard_bounced"}
SOFT = {"softbounce", "soft_bounce", "soft_bounced", "activity.soft_bounced"}
# SparkPost's classes of bounces for good.
HARD_CLASSES = ("10", "30", "90")
# Where they say it.
NAMES = ("Type", "event", "type")

# Once for each result: a report that is repeated adds nothing.
NOTE = """
UPDATE subscribers_delivery AS told
SET arrival = CASE WHEN said.arrival = 'delivered' AND told.arrival <> '' THEN told.arrival
        ELSE said.arrival END,
    log = told.log || jsonb_build_object(
        'at', said.at, 'by', %(by)s::text, 'result', said.arrival, 'answer', said.words)
FROM unnest(%(subscribers)s::uuid[], %(message_ids)s::text[], %(arrivals)s::text[],
    %(words)s::text[], %(ats)s::text[]) AS said (subscriber_id, message_id, arrival, words, at)
WHERE told.subscriber_id = said.subscriber_id AND told.message_id <> ''
AND trim(both '<>' from told.message_id) = said.message_id
AND NOT told.log @> jsonb_build_array(jsonb_build_object('result', said.arrival))
"""


@hears_events
def take_reports(channel: MailChannel, events: Sequence[AnymailTrackingEvent]) -> None:
    """Work off what a provider reports, in the caller's transaction."""
    now = timezone.now()
    by = Actor(ActorKind.KEY, id=channel.pk, name=str(channel))
    known = [event for event in events if event.recipient and isinstance(event.recipient, str)]
    _note_arrivals(known, by=by, now=now)
    for event in known:
        _heed(event, by=by, now=now)


def _note_arrivals(events: Sequence[AnymailTrackingEvent], *, by: Actor, now: datetime) -> None:
    rows = [
        (ulid_uuid(pk), event.message_id.strip("<>"), ARRIVALS[event.event_type], event)
        for event in events
        if event.event_type in ARRIVALS and event.message_id
        for pk in Subscriber.objects.mailed_at(event.recipient).values_list("pk", flat=True)
    ]
    # Of each mail the worst last, so that one statement never writes a row twice.
    for arrival in Arrival.values:
        chosen = {(pk, mid): event for pk, mid, said, event in rows if said == arrival}
        if not chosen:
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                NOTE,
                {
                    "by": by.name,
                    "subscribers": [pk for pk, _ in chosen],
                    "message_ids": [mid for _, mid in chosen],
                    "arrivals": [arrival] * len(chosen),
                    "words": [words_of(event) for event in chosen.values()],
                    "ats": [(event.timestamp or now).isoformat() for event in chosen.values()],
                },
            )


def _heed(event: AnymailTrackingEvent, *, by: Actor, now: datetime) -> None:
    why = suppression_for(event)
    if why is None and not is_unsubscription(event):
        return
    if not _is_first(event, now):
        return
    if why is not None:
        suppress(event.recipient, why, said=words_of(event), by=by, at=now)
        return
    mailed = (SubscriberState.ACTIVE, SubscriberState.PENDING)
    for subscriber in Subscriber.objects.mailed_at(event.recipient).filter(state__in=mailed):
        unsubscribe(subscriber, by=by, at=now)


def suppression_for(event: AnymailTrackingEvent) -> Suppression | None:
    """Return why its address is to be suppressed, or None."""
    kind, reason = event.event_type, event.reject_reason
    if kind == EventType.COMPLAINED or (kind == EventType.REJECTED and reason == RejectReason.SPAM):
        return Suppression.COMPLAINED
    is_dead = is_hard(event) if kind == EventType.BOUNCED else reason in DEAD
    if kind in (EventType.BOUNCED, EventType.REJECTED) and is_dead:
        return Suppression.BOUNCED
    return None


def is_unsubscription(event: AnymailTrackingEvent) -> bool:
    kind, reason = event.event_type, event.reject_reason
    is_refused = kind == EventType.REJECTED and reason == RejectReason.UNSUBSCRIBED
    return bool(kind == EventType.UNSUBSCRIBED or is_refused)


def is_hard(event: AnymailTrackingEvent) -> bool:
    """Whether a bounce is permanent; each provider says that in its own way."""
    raw = _dict(event.esp_event)
    inner = next((v for v in _dict(raw.get("msys")).values() if isinstance(v, dict)), raw)
    data = _dict(raw.get("data"))
    said = {str(where.get(name)).lower() for where in (raw, data) for name in NAMES}
    bounced = _dict(data.get("bounce"))
    if said & HARD or raw.get("hard_bounce") is True or bounced.get("type") == "Permanent":
        return True
    if said & SOFT or raw.get("hard_bounce") is False or bounced.get("type"):
        return False
    if "bounce_class" in inner:
        return str(inner["bounce_class"]) in HARD_CLASSES
    # SendGrid's bounces are of this type or "blocked".
    return event.reject_reason in DEAD or (raw.get("event"), raw.get("type")) == ("bounce",) * 2


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def words_of(event: AnymailTrackingEvent) -> str:
    said = event.mta_response or event.description or event.reject_reason or ""
    return " ".join(str(said).split())[:300]


def _is_first(event: AnymailTrackingEvent, now: datetime) -> bool:
    """Remember that this report was acted on; False if it was before."""
    said = [
        event.event_type,
        str(event.event_id or ""),
        str(event.message_id or ""),
        event.recipient.lower(),
        event.timestamp.isoformat() if event.timestamp else "",
    ]
    digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()
    MailReport.objects.filter(created_at__lt=now - KEPT_FOR).delete()
    _, is_new = MailReport.objects.get_or_create(digest=digest, defaults={"created_at": now})
    return is_new
