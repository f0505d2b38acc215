"""Deletes a person with their deliveries and keeps the counts.

How many heard of an incident is asked for years later, and a number names nobody. So each delivery
that is deleted with its subscriber is added to its notice's counts in the same statement; one that
was still on its way counts as skipped.
"""

from collections.abc import Sequence

from django.db import connection, transaction

from atender.ids import ulid_uuid
from subscribers.models import Delivery, Notice, Scope, Subscriber
from subscribers.people.followers import drop_scopes

COUNT = """
WITH gone AS (
    DELETE FROM subscribers_delivery WHERE subscriber_id = ANY(%(people)s)
    RETURNING notice_id, channel, arrival,
        CASE WHEN state IN ('waiting', 'sending') THEN 'skipped' ELSE state END AS state
), counted AS (
    SELECT notice_id, gone.channel || '.' || became AS what, count(*) AS number
    FROM gone CROSS JOIN LATERAL unnest(ARRAY[gone.state, nullif(arrival, '')]) AS became
    WHERE became IS NOT NULL GROUP BY notice_id, what
), kept AS (
    UPDATE subscribers_notice AS told SET past = told.past || (
        SELECT jsonb_object_agg(what, number + coalesce((told.past ->> what)::bigint, 0))
        FROM counted WHERE notice_id = told.id)
    WHERE told.id IN (SELECT notice_id FROM counted)
)
SELECT count(*) FROM gone
"""


@transaction.atomic
def vanish(subscribers: Sequence[Subscriber]) -> None:
    """Delete subscribers with their deliveries; how many heard, and of what, stays counted."""
    forget_deliveries(subscribers)
    ids = [subscriber.pk for subscriber in subscribers]
    drop_scopes(Scope.objects.filter(subscriber__in=ids))
    Subscriber.objects.filter(pk__in=ids).delete()


@transaction.atomic
def forget_deliveries(subscribers: Sequence[Subscriber]) -> int:
    """Delete their deliveries and keep the counts; returns how many there were.

    They are locked first, as by every verb of theirs, or one would wait for this while this waits
    for it. Then the notices, as forgetting and resending lock them, so that no count is lost.
    """
    ids = [subscriber.pk for subscriber in subscribers]
    held = Subscriber.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    list(held.values_list("pk", flat=True))
    theirs = Delivery.objects.filter(subscriber__in=ids).order_by().values("notice")
    told = Notice.objects.select_for_update().filter(pk__in=theirs).order_by("pk")
    list(told.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"people": [ulid_uuid(pk) for pk in ids]})
        (count,) = cursor.fetchone() or (0,)
    return int(count)
