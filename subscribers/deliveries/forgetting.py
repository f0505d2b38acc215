"""Forgets deliveries some time after their notice is finished; it keeps their counts.

Who was told is personal data, and nobody asks for it after three months; how many were told is
asked for years later. So each step adds what it deletes to the notice's counts in the same
statement: a worker killed anywhere has done either both or neither.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from atender.due.work import is_scheduled, schedule
from atender.ids import ulid_uuid
from subscribers.models import Notice

FORGETTING = "subscribers.forget"
# So that no transaction is long, and mails have their turn between two steps.
FORGOTTEN_AT_ONCE = 5000
NOTICES_AT_ONCE = 100
LOOKED_AT_MOST_EVERY = timedelta(hours=1)

FORGET = """
WITH old AS (
    DELETE FROM subscribers_delivery WHERE id IN (
        SELECT id FROM subscribers_delivery
        WHERE notice_id = %(notice)s AND state NOT IN ('waiting', 'sending') LIMIT %(most)s)
    RETURNING channel, state, arrival
), counted AS (
    SELECT old.channel || '.' || became AS what, count(*) AS number
    FROM old CROSS JOIN LATERAL unnest(ARRAY[old.state, nullif(old.arrival, '')]) AS became
    WHERE became IS NOT NULL GROUP BY what
)
UPDATE subscribers_notice AS told SET past = told.past || (
    SELECT coalesce(jsonb_object_agg(
        what, number + coalesce((told.past ->> what)::bigint, 0)), '{}') FROM counted)
WHERE told.id = %(notice)s RETURNING (SELECT count(*) FROM old)
"""
# Whatever was told, forgotten or not, for reports: with `number` of each.
EVER_TOLD = """
SELECT notice_id, created_at, channel, state, 1::bigint AS number FROM subscribers_delivery
UNION ALL
SELECT notice.id, notice.due_at, split_part(what, '.', 1), split_part(what, '.', 2), counted::bigint
FROM subscribers_notice AS notice CROSS JOIN LATERAL jsonb_each_text(past) AS gone (what, counted)
"""


def kept_for() -> timedelta:
    return timedelta(days=settings.DELIVERIES_KEPT_DAYS)


def promise_to_forget() -> None:
    """Schedule the forgetting; called when a notice is expanded. Each step schedules the next."""
    if not is_scheduled(FORGETTING, ""):
        schedule(FORGETTING, "", at=timezone.now() + kept_for())


def forget_old_deliveries(now: datetime) -> datetime | None:
    """Take one step; returns when to run again, None when nothing is left to forget."""
    before, left = now - kept_for(), FORGOTTEN_AT_ONCE
    old = Notice.objects.through().ended_before(before)
    ids = list(old.values_list("pk", flat=True)[:NOTICES_AT_ONCE])
    for notice_id in ids:
        left -= _forget(notice_id, before, most=left, now=now)
        if left <= 0:
            return now
    if len(ids) == NOTICES_AT_ONCE:
        return now
    return _next(now)


@transaction.atomic
def _forget(notice_id: str, before: datetime, *, most: int, now: datetime) -> int:
    """Forget up to `most` of a notice's, under its lock: a replay comes before this or after."""
    rows = Notice.objects.through().ended_before(before).select_for_update()
    if rows.filter(pk=notice_id).first() is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"notice": ulid_uuid(notice_id), "most": most})
        (count,) = cursor.fetchone() or (0,)
    if count < most:
        Notice.objects.filter(pk=notice_id).update(forgotten_at=now)
    return int(count)


def _next(now: datetime) -> datetime | None:
    oldest = Notice.objects.through().first()
    if oldest:
        return max(oldest.ended_at + kept_for(), now + LOOKED_AT_MOST_EVERY)
    is_any_open = Notice.objects.filter(forgotten_at=None).exists()
    return now + kept_for() if is_any_open else None
