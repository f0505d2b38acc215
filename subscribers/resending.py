"""Staff's second try for those whom a notice did not reach."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from atender.actors import Actor
from atender.due.work import schedule
from atender.refusals import Refused
from incidents.recording import record
from subscribers.fanout import DELIVER, stands
from subscribers.models import DeliveryState, Notice, NoticeState


@transaction.atomic
def resend_failed(notice: Notice, *, by: Actor, at: datetime | None = None) -> int:
    """Have the failed deliveries tried anew, from the first attempt; returns how many.

    The log of each keeps what was said before. Raises Refused where there is nothing to resend.
    """
    at = at or timezone.now()
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if notice.state == NoticeState.CANCELLED or not stands(notice):
        raise Refused("This was taken back; there is nothing to send any more.")
    failed = notice.deliveries.filter(state=DeliveryState.FAILED)
    count = failed.update(state=DeliveryState.WAITING, attempts=0, due_at=at, lease_until=None)
    if not count:
        raise Refused("Nothing of this failed; those it reached are not mailed twice.")
    notice.state, notice.sent_at = NoticeState.SENDING, None
    notice.save(update_fields=["state", "sent_at"])
    schedule(DELIVER, notice.pk)
    record("notice.resent", notice.incident_id, by=by, at=at, notice_id=notice.pk, count=count)
    return count
