"""Lets staff retry failed deliveries, and a webhook get again what it missed."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from atender.actors import Actor
from atender.locking import locked
from atender.refusals import Conflict, Refused
from incidents.recording import record
from subscribers.deliveries.lanes import CALLS, schedule_lanes
from subscribers.models import (
    CALLED,
    Delivery,
    DeliveryState,
    Endpoint,
    Notice,
    NoticeState,
)
from subscribers.notices.standing import stands

NOTHING_FAILED = "Nothing of this failed; those it reached are not mailed twice."
FORGOTTEN = "Whom this did not reach is not kept for so long; a new update tells everybody."
OVER = (DeliveryState.SENT, DeliveryState.FAILED)


class NotReplayed(Conflict):
    """The delivery cannot be sent once more at present."""


@transaction.atomic
def resend_failed(notice: Notice, *, by: Actor, at: datetime | None = None) -> int:
    """Have the failed deliveries tried anew, from the first attempt; returns how many.

    The log of each keeps what was said before. Raises Gone, Refused if nothing is to be resent.
    """
    at = at or timezone.now()
    notice = locked(Notice.objects.all(), notice)
    if notice.state == NoticeState.CANCELLED or not stands(notice):
        raise Refused("This was taken back; there is nothing to send any more.")
    failed = notice.deliveries.filter(state=DeliveryState.FAILED)
    channels = set(failed.values_list("channel", flat=True))
    count = failed.update(state=DeliveryState.WAITING, attempts=0, due_at=at, lease_until=None)
    if not count:
        raise Refused(FORGOTTEN if notice.forgotten_at else NOTHING_FAILED)
    _send_again(notice, channels)
    about = str(notice.incident_id or notice.component_id)
    record("notice.resent", about, by=by, at=at, notice_id=notice.pk, count=count)
    return count


@transaction.atomic
def replay(delivery: Delivery, *, by: Actor | None = None, at: datetime | None = None) -> Delivery:
    """Call the endpoint once more, under the same webhook-id. Raises Refused, NotReplayed.

    Mails and text messages that arrived are never sent twice.
    """
    at = at or timezone.now()
    notice = Notice.objects.select_for_update(no_key=True).filter(pk=delivery.notice_id).first()
    rows = Delivery.objects.select_for_update(of=("self",), no_key=True).select_related(
        "notice", "subscriber"
    )
    kept = rows.filter(pk=delivery.pk).first()
    if notice is None or kept is None:
        raise NotReplayed("This was so long ago that it was forgotten just now.")
    delivery = kept
    if delivery.channel not in CALLED:
        raise Refused("Only webhooks and messages to chats are sent once more.")
    if not delivery.subscriber.is_active:
        raise NotReplayed(_("This subscription is not active, so that nothing is sent there."))
    if delivery.state == DeliveryState.SKIPPED:
        raise NotReplayed(_("This was not wanted any more, so that it was not sent again."))
    if delivery.state not in OVER:
        raise NotReplayed(_("This is on its way; wait until it has arrived or failed."))
    if notice.state == NoticeState.CANCELLED or not stands(notice):
        raise NotReplayed(_("This was taken back; there is nothing to send any more."))
    delivery.state, delivery.attempts, delivery.due_at = DeliveryState.WAITING, 0, at
    delivery.sent_at = delivery.lease_until = None
    delivery.save(update_fields=["state", "attempts", "due_at", "sent_at", "lease_until"])
    Endpoint.objects.filter(pk=delivery.subscriber_id).update(rests_until=None)
    _send_again(notice, CALLS.channels)
    if by is not None:
        record("delivery.replayed", delivery.pk, by=by, at=at)
    return delivery


def _send_again(notice: Notice, channels: Collection[str]) -> None:
    notice.state, notice.sent_at = NoticeState.SENDING, None
    notice.save(update_fields=["state", "sent_at"])
    schedule_lanes(notice.pk, channels)
