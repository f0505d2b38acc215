"""From a notice to mails: expanded once, then delivered in small claimed batches.

`expand` writes one delivery for each subscriber. `deliver` claims at most a hundred under a lease,
looks once more who still wants it, sends over one connection and records each answer as it comes;
it says when it is due again, and being due at once means the end of the queue, which is what makes
tenants take turns. A killed worker's leases expire and another takes over: nothing is lost, and
only what was in flight can arrive twice, under the same Message-ID.
"""

import time
from datetime import datetime, timedelta
from functools import partial

from django.db import connection, transaction
from django.db.models import F, Min, Q
from django.utils import timezone

from atender.due.work import Lease, schedule
from incidents.models import Incident, IncidentUpdate, Page, PostMortem, PostMortemStatus
from incidents.models.vocabulary import CLOSED, Status
from subscribers.batches import claim, skip_open
from subscribers.composing import Letters, Write, compose, compose_post_mortem, compose_reminder
from subscribers.lines import Post, Standstill
from subscribers.models import Delivery, DeliveryState, Notice, NoticeKind, NoticeState, Subscriber
from subscribers.models.people import SubscriberQuerySet
from subscribers.sending import Moulds, send_batch
from subscribers.telling import NOTICE, latest_public_update
from subscribers.warning import STALLS_AT, warn_of_failures, warn_of_stall

DELIVER = "subscribers.deliver"
WAITS_FOR_EARLIER = timedelta(seconds=1)
# How long one notice may send before others have their turn; it ends with a batch.
TURN_LASTS_S = 1.0
# For how long an unfinished notice holds up later ones of its incident, to keep their order.
ORDER_IS_KEPT_FOR = timedelta(minutes=10)
# How long a notice rests after the mail server failed as a whole, by failures in a row.
RESTS_S = (5, 15, 60, 300)
GONE: dict[str, str] = {
    NoticeKind.REMINDER: "The start was moved, cancelled or reached",
    NoticeKind.POST_MORTEM: "The post-mortem was taken back",
}

INSERT = """
INSERT INTO subscribers_delivery (notice_id, update_id, subscriber_id)
SELECT %s, %s, wanting.id FROM ({wanting}) AS wanting ORDER BY wanting.id
ON CONFLICT DO NOTHING
"""


def expand(notice_id: str) -> None:
    """Write a delivery for everyone who is to be told, once. Two statements, O(subscribers)."""
    if not _is_still_true(notice_id):
        return
    with transaction.atomic():
        notice = (
            Notice.objects.select_for_update(of=("self",))
            .select_related("incident", "update")
            .filter(pk=notice_id, state=NoticeState.WAITING)
            .first()
        )
        if notice is None:
            return
        if _write_deliveries(notice):
            notice.state = NoticeState.SENDING
            schedule(DELIVER, notice_id)
        else:
            notice.state, notice.sent_at = NoticeState.SENT, timezone.now()
        notice.save(update_fields=["state", "sent_at"])


@transaction.atomic
def _is_still_true(notice_id: str) -> bool:
    """Decide under the incident's lock, so that an update is taken back before this or not at all.

    The lock is given back before the deliveries are written: posting waits for no fan-out.
    """
    notice = Notice.objects.filter(pk=notice_id, state=NoticeState.WAITING).first()
    if notice is None:
        return False
    incident = Incident.objects.select_for_update(of=("self",)).get(pk=notice.incident_id)
    if notice.kind == NoticeKind.PUBLICATION and notice.update_id is None:
        notice.update = latest_public_update(incident)
    if not stands(notice):
        notice.state = NoticeState.CANCELLED
    notice.save(update_fields=["update", "state"])
    return notice.state == NoticeState.WAITING


def stands(notice: Notice) -> bool:
    """Whether what it tells is still so: it may be read, or its start still lies ahead."""
    if notice.kind == NoticeKind.REMINDER:
        waiting = Incident.objects.kept().filter(pk=notice.incident_id, status=Status.SCHEDULED)
        start = notice.scheduled_for
        return waiting.filter(scheduled_for=start, scheduled_for__gt=timezone.now()).exists()
    if notice.kind == NoticeKind.POST_MORTEM:
        published = PostMortem.objects.filter(status=PostMortemStatus.PUBLISHED)
        closed = Incident.objects.closed().filter(pk=notice.incident_id)
        return published.filter(incident__in=closed).exists()
    return said_by(notice) is not None


def said_by(notice: Notice) -> IncidentUpdate | None:
    """Return the notice's update if visitors may read it now."""
    if notice.update_id is None:
        return None
    visible = IncidentUpdate.objects.visible().select_related("incident")
    return visible.filter(pk=notice.update_id, incident__deleted_at=None).first()


def pages_of(notice: Notice) -> list[Page]:
    """Its pages, as far as the incident still shows there."""
    pages = notice.incident.pages.select_related("branding")
    return list(pages.filter(pk__in=notice.page_ids))


def recipients_of(notice: Notice) -> SubscriberQuerySet:
    """Who is to be told; asked when the notice is expanded and again when a batch is claimed."""
    update = notice.update
    # A subscription to this one incident ends with the mail of its resolution.
    is_over = notice.kind == NoticeKind.POST_MORTEM or (
        update is not None and update.status in CLOSED and not update.changes_status
    )
    wanting = Subscriber.objects.wanting(notice.incident, is_over=is_over)
    if is_overtaken(notice):
        wanting = wanting.filter(wants_only_latest=False)
    return wanting.filter(page__in=[page.pk for page in pages_of(notice)])


def is_overtaken(notice: Notice) -> bool:
    """Whether a resolution that cannot be undone any more is told after this."""
    if notice.kind not in (NoticeKind.UPDATE, NoticeKind.PUBLICATION):
        return False
    later = Notice.objects.filter(
        kind=NoticeKind.UPDATE, incident=notice.incident_id, pk__gt=notice.pk
    )
    over = later.filter(update__status__in=CLOSED, update__changes_status=True)
    told = over.exclude(state=NoticeState.CANCELLED)
    return told.filter(due_at__lte=timezone.now()).exists()


def _write_deliveries(notice: Notice) -> int:
    """One statement: 100,000 recipients cost no round trips."""
    wanting, values = recipients_of(notice).order_by().values("id").query.sql_with_params()
    ids = (notice.pk, notice.update_id)
    own = [Notice._meta.pk.get_db_prep_value(pk, connection) for pk in ids]
    with connection.cursor() as cursor:
        cursor.execute(INSERT.format(wanting=wanting), [*own, *values])
        return int(cursor.rowcount)


def deliver(notice_id: str, lease: Lease) -> datetime | None:
    """Send one batch; returns when the notice is due again, None when all have an outcome."""
    if not lease.renew():
        return None
    notice = Notice.objects.select_related("incident", "update").filter(pk=notice_id).first()
    if notice is None or notice.state not in (NoticeState.SENDING, NoticeState.CANCELLED):
        return None
    if notice.state == NoticeState.CANCELLED or not stands(notice):
        _give_up(notice)
        return None
    if _is_behind(notice):
        return timezone.now() + WAITS_FOR_EARLIER
    return _take_turn(notice, lease)


def _take_turn(notice: Notice, lease: Lease) -> datetime | None:
    """Send batch after batch over the same lines until the turn, or what can be sent, is over."""
    ends_at = time.monotonic() + TURN_LASTS_S
    letters = Letters({page.pk: page for page in pages_of(notice)}, _writer(notice))
    moulds, post, wanting = Moulds(letters), Post(), recipients_of(notice)
    try:
        while (batch := claim(notice, wanting, lease)).claimed:
            if batch.wanted:
                send_batch(batch, moulds, post)
                _is_well(notice)
            if time.monotonic() > ends_at:
                break
        return _again_at(notice)
    except Standstill as trouble:
        return _rest(notice, str(trouble))
    finally:
        post.close()


def _writer(notice: Notice) -> Write:
    update = said_by(notice)
    if update is not None:
        return partial(compose, update)
    is_reminder = notice.kind == NoticeKind.REMINDER
    return partial(compose_reminder if is_reminder else compose_post_mortem, notice.incident)


def _give_up(notice: Notice) -> None:
    what = GONE.get(notice.kind, "The update was taken back")
    skip_open(notice, f"{what} before this was sent.")
    Notice.objects.filter(pk=notice.pk).update(state=NoticeState.CANCELLED)


def _is_behind(notice: Notice) -> bool:
    """Whether an earlier notice of the incident has recipients who were not tried yet."""
    earlier = Notice.objects.filter(
        incident=notice.incident_id,
        pk__lt=notice.pk,
        due_at__gt=timezone.now() - ORDER_IS_KEPT_FOR,
    )
    if earlier.filter(state=NoticeState.WAITING, due_at__lte=notice.due_at).exists():
        return True
    untried = Q(attempts=0) | Q(state=DeliveryState.SENDING)
    return Delivery.objects.open().filter(untried, notice__in=earlier).exists()


def _rest(notice: Notice, trouble: str) -> datetime:
    """Leave the mail server alone for a while and let staff see why."""
    rest_s = RESTS_S[min(notice.failures, len(RESTS_S) - 1)]
    Notice.objects.filter(pk=notice.pk).update(trouble=trouble, failures=F("failures") + 1)
    if notice.failures + 1 == STALLS_AT:
        warn_of_stall(notice, trouble)
    return timezone.now() + timedelta(seconds=rest_s)


def _is_well(notice: Notice) -> None:
    if notice.failures or notice.trouble:
        notice.failures, notice.trouble = 0, ""
        notice.save(update_fields=["trouble", "failures"])


def _again_at(notice: Notice) -> datetime | None:
    rows = Notice.objects.filter(pk=notice.pk)
    left = Delivery.objects.open().filter(notice=notice)
    due = left.filter(state=DeliveryState.WAITING).aggregate(at=Min("due_at"))["at"]
    held = left.filter(state=DeliveryState.SENDING).aggregate(at=Min("lease_until"))["at"]
    if due is None and held is None:
        rows.update(state=NoticeState.SENT, sent_at=timezone.now())
        warn_of_failures(notice)
        return None
    again_at: datetime = min(at for at in (due, held) if at is not None)
    return again_at


__all__ = ["DELIVER", "NOTICE", "deliver", "expand", "pages_of", "recipients_of", "stands"]
