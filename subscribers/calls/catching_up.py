"""Sends what waits for an endpoint as soon as there is a reason to call it, oldest first.

A retry may be hours away. Without this, an endpoint that is back would hear of today's end first,
and of yesterday's beginning when its pause is over.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from atender.ids import ulid_text, ulid_uuid
from subscribers.deliveries.lanes import schedule_lanes
from subscribers.models import CALLED, Notice

HURRY = """
WITH hurried AS (
    UPDATE subscribers_delivery SET due_at = %(now)s
    WHERE subscriber_id {whose} AND is_open AND state = 'waiting' AND attempts > 0
    AND due_at > %(now)s RETURNING notice_id
)
SELECT DISTINCT notice_id FROM hurried
"""
OF_A_NOTICE = """
IN (SELECT subscriber_id FROM subscribers_delivery
    WHERE notice_id = %(notice)s AND is_open AND channel = ANY(%(channels)s))
"""


def catch_up_before(notice: Notice) -> None:
    """Retry what waits for a notice's endpoints, ahead of that notice."""
    values = {"notice": ulid_uuid(notice.pk), "channels": [channel.value for channel in CALLED]}
    _hurry(OF_A_NOTICE, values)


def catch_up(subscriber_id: str) -> None:
    """Send what waits for an endpoint that answers again."""
    _hurry("= %(subscriber)s", {"subscriber": ulid_uuid(subscriber_id)})


def _hurry(whose: str, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(HURRY.format(whose=whose), {**values, "now": timezone.now()})
        notices: Sequence[str] = [ulid_text(pk) for (pk,) in cursor.fetchall()]
    for notice_id in notices:
        schedule_lanes(notice_id, CALLED)
