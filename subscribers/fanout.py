"""From a notice to mails and calls: expanded once, then delivered in small claimed batches.

`expand` writes one delivery per subscriber. `deliver` claims at most a hundred under a lease, looks
once more who still wants them, sends and records each answer as it comes. It returns when it is due
again; being due at once means the end of the queue, and so tenants take turns. A killed worker's
leases expire and another worker takes over: nothing is lost, and only what was in flight can arrive
twice, under the same Message-ID or webhook-id. Each lane of a notice (mails, calls, text messages)
is due by itself.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import connection, transaction
from django.db.models import F, Min, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from atender.ahead import Statement
from atender.due.work import Lease
from incidents.models import Incident
from subscribers.calls import turns
from subscribers.calls.catching_up import catch_up_before
from subscribers.deliveries.batches import skip_open, write
from subscribers.deliveries.claims import ORDER_IS_KEPT_FOR, Claims
from subscribers.deliveries.forgetting import promise_to_forget
from subscribers.deliveries.lanes import MAILS, TEXTS, Lane, schedule_lanes
from subscribers.deliveries.warning import STALLS_AT, warn_of_failures, warn_of_stall
from subscribers.mailing.composing import (
    Letters,
    Write,
    compose,
    compose_post_mortem,
    compose_reminder,
)
from subscribers.mailing.lines import Post, Standstill
from subscribers.mailing.sending import Moulds, send_batch
from subscribers.models import CALLED, Delivery, DeliveryState, Notice, NoticeKind, NoticeState
from subscribers.notices.standing import GONE, pages_of, recipients_of, said_by, stands
from subscribers.notices.telling import NOTICE, latest_public_update

WAITS_FOR_EARLIER = timedelta(seconds=1)
# How long one notice may send before others have their turn; it ends with a batch.
TURN_LASTS_S = 1.0
# A server that takes a batch within this is not waited for: the next batch is claimed meanwhile.
QUICK_S = 0.5
# How long a notice rests after the mail server failed as a whole, by failures in a row.
RESTS_S = (5, 15, 60, 300)
INSERT = """
WITH new AS (
    INSERT INTO subscribers_delivery (notice_id, update_id, subscriber_id, channel)
    SELECT %s, %s, wanting.id, wanting.channel FROM ({wanting}) AS wanting ORDER BY wanting.id
    ON CONFLICT DO NOTHING RETURNING channel
)
SELECT DISTINCT channel FROM new
"""


def expand(notice_id: str) -> None:
    """Write one delivery per recipient. Idempotent; two statements, O(subscribers)."""
    if not _is_still_true(notice_id):
        return
    with transaction.atomic():
        notice = (
            Notice.objects.select_for_update(of=("self",), no_key=True)
            .select_related("incident", "component", "update")
            .filter(pk=notice_id, state=NoticeState.WAITING)
            .first()
        )
        if notice is None:
            return
        if channels := _write_deliveries(notice):
            notice.state = NoticeState.SENDING
            if channels.intersection(CALLED):
                catch_up_before(notice)
            schedule_lanes(notice_id, channels)
            promise_to_forget()
        else:
            notice.state, notice.sent_at = NoticeState.SENT, timezone.now()
        notice.save(update_fields=["state", "sent_at"])


@transaction.atomic
def _is_still_true(notice_id: str) -> bool:
    """Decide under the incident's lock, so that an update is withdrawn before this or not at all.

    The lock is released before the deliveries are written: posting never waits for a fan-out. A
    component's notice is withdrawn under a lock of its own (`notices/telling_states.py`).
    """
    waiting = Notice.objects.filter(pk=notice_id, state=NoticeState.WAITING)
    notice = waiting.first()
    if notice is None:
        return False
    if notice.incident_id:
        kept = Incident.objects.select_for_update(of=("self",), no_key=True)
        incident = kept.get(pk=notice.incident_id)
        if notice.kind == NoticeKind.PUBLICATION and notice.update_id is None:
            notice.update = latest_public_update(incident)
    elif not waiting.select_for_update(no_key=True).exists():
        return False
    if not stands(notice):
        notice.state = NoticeState.CANCELLED
    notice.save(update_fields=["update", "state"])
    return notice.state == NoticeState.WAITING


def _write_deliveries(notice: Notice) -> set[str]:
    """Return the channels. One statement: 100,000 recipients cost no round trips."""
    wanted = recipients_of(notice).order_by().values("id", "channel")
    wanting, values = wanted.query.sql_with_params()
    ids = (notice.pk, notice.update_id)
    own = [Notice._meta.pk.get_db_prep_value(pk, connection) for pk in ids]
    with connection.cursor() as cursor:
        cursor.execute(INSERT.format(wanting=wanting), [*own, *values])
        return {channel for (channel,) in cursor.fetchall()}


def deliver(notice_id: str, lease: Lease, lane: Lane = MAILS) -> datetime | None:
    """Take a turn at one lane; returns when it is due again, None when all have an outcome."""
    if not lease.renew():
        return None
    known = Notice.objects.select_related("incident", "component", "update")
    notice = known.filter(pk=notice_id).first()
    if notice is None or notice.state not in (NoticeState.SENDING, NoticeState.CANCELLED):
        return None
    if notice.state == NoticeState.CANCELLED or not stands(notice):
        _give_up(notice)
        return None
    if _is_behind(notice, lane):
        return timezone.now() + WAITS_FOR_EARLIER
    not_before = None
    try:
        if lane is MAILS:
            _send_mails(notice, lease)
        elif not turns.take(notice, lease, lane):
            not_before = timezone.now() + WAITS_FOR_EARLIER
        elif lane is TEXTS:
            _is_well(notice)
    except Standstill as trouble:
        return _rest(notice, str(trouble))
    return _again_at(notice, lane, not_before=not_before)


def _send_mails(notice: Notice, lease: Lease) -> None:
    """Send batch after batch over the same lines until the turn, or what can be sent, is over.

    While a batch goes to a quick server, PostgreSQL records the one before and claims the next.
    """
    ends_at, is_quick = time.monotonic() + TURN_LASTS_S, False
    letters = Letters({page.pk: page for page in pages_of(notice)}, _writer(notice))
    claims, moulds, post = Claims(notice, recipients_of(notice), lease), Moulds(letters), Post()
    records: Sequence[Statement] = ()
    batch = claims.take()
    try:
        while batch.claimed:
            began_at = time.monotonic()
            if is_quick and began_at < ends_at:
                claims.ask(*records)
            else:
                write(*records)
            # Made before the next batch is waited for: PostgreSQL is still at it.
            records = tuple(batch.recording(send_batch(batch, moulds, post)))
            is_quick = time.monotonic() - began_at < QUICK_S
            if batch.wanted:
                _is_well(notice)
            if not claims.has_asked and time.monotonic() > ends_at:
                break
            batch = claims.take()
        write(*records)
    finally:
        post.close()
        claims.let_go()


def _writer(notice: Notice) -> Write:
    update = said_by(notice)
    if update is not None:
        return partial(compose, update)
    is_reminder = notice.kind == NoticeKind.REMINDER
    return partial(compose_reminder if is_reminder else compose_post_mortem, notice.story)


def _give_up(notice: Notice) -> None:
    what = GONE.get(notice.kind, "The update was taken back")
    skip_open(notice, f"{what} before this was sent.")
    Notice.objects.filter(pk=notice.pk).update(state=NoticeState.CANCELLED)


def _is_behind(notice: Notice, lane: Lane) -> bool:
    """Whether an earlier notice of the same incident or component has untried recipients.

    Where each endpoint keeps its own order, only one that has no recipients yet counts.
    """
    same: dict[str, object] = {"incident": notice.incident_id}
    if notice.component_id:
        same = {"component": notice.component_id, "page_ids__0": notice.page_ids[0]}
    recent = timezone.now() - ORDER_IS_KEPT_FOR
    earlier = Notice.objects.filter(**same, pk__lt=notice.pk, due_at__gt=recent)
    if earlier.filter(state=NoticeState.WAITING, due_at__lte=notice.due_at).exists():
        return True
    if not lane.keeps_order_within:
        return False
    untried = Q(attempts=0) | Q(state=DeliveryState.SENDING)
    open_ones = Delivery.objects.open().filter(channel__in=lane.channels)
    return open_ones.filter(untried, notice__in=earlier).exists()


def _rest(notice: Notice, trouble: str) -> datetime:
    """Leave the mail server alone for a while, and show staff why."""
    rest_s = RESTS_S[min(notice.failures, len(RESTS_S) - 1)]
    Notice.objects.filter(pk=notice.pk).update(trouble=trouble, failures=F("failures") + 1)
    if notice.failures + 1 == STALLS_AT:
        warn_of_stall(notice, trouble)
    return timezone.now() + timedelta(seconds=rest_s)


def _is_well(notice: Notice) -> None:
    if notice.failures or notice.trouble:
        notice.failures, notice.trouble = 0, ""
        notice.save(update_fields=["trouble", "failures"])


def _again_at(notice: Notice, lane: Lane, *, not_before: datetime | None = None) -> datetime | None:
    """Return when the lane's next delivery is due; the last lane to finish closes the notice."""
    left = Delivery.objects.open().filter(notice=notice)
    own = left.filter(channel__in=lane.channels)
    ready = Greatest("due_at", Coalesce("subscriber__endpoint__rests_until", "due_at"))
    due_at: F | Greatest = F("due_at") if lane is MAILS else ready
    due = own.filter(state=DeliveryState.WAITING).aggregate(at=Min(due_at))["at"]
    held = own.filter(state=DeliveryState.SENDING).aggregate(at=Min("lease_until"))["at"]
    moments: list[datetime] = [at for at in (due, held) if at is not None]
    if moments:
        return max(min(moments), not_before or min(moments))
    if not left.exists():
        _close(notice)
    return None


def _close(notice: Notice) -> None:
    open_ones = Notice.objects.filter(pk=notice.pk).exclude(state=NoticeState.SENT)
    if open_ones.update(state=NoticeState.SENT, sent_at=timezone.now()):
        warn_of_failures(notice)


__all__ = ["NOTICE", "deliver", "expand", "pages_of", "recipients_of", "stands"]
