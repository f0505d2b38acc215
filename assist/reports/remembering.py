"""Keeps what conversations counted when they themselves are forgotten."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from assist.models.tallies import COUNTS
from assist.reports.talked import SUMS, THINGS
from atender.ids import ulid_uuid

ADDED = ", ".join(f"{name} = assist_tally.{name} + excluded.{name}" for name in COUNTS)
REMEMBER = f"""
INSERT INTO assist_tally (incident_id, day, band, {", ".join(COUNTS)})
SELECT incident_id, (at AT TIME ZONE 'UTC')::date, band, {SUMS}
FROM ({THINGS}) AS things
WHERE conversation_id = ANY(%s) OR message_id = ANY(%s)
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
ON CONFLICT (incident_id, day, band) DO UPDATE SET {ADDED}
"""  # noqa: S608 - of constants alone


def remember(conversation_ids: Sequence[str], message_ids: Sequence[str] = ()) -> None:
    """Add up what is about to be deleted; in the same transaction.

    `message_ids` are of single messages, whose conversation may stay; a card outlives its message.
    One statement: by two, whoever else adds up the same days could meet it in another order.
    """
    with connection.cursor() as cursor:
        cursor.execute(REMEMBER, [_uuids(conversation_ids), _uuids(message_ids)])


def _uuids(ids: Sequence[str]) -> list[UUID]:
    return [ulid_uuid(pk) for pk in ids]
