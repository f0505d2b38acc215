"""Keeps what conversations counted when they themselves are forgotten."""

from collections.abc import Sequence

from django.db import connection

from assist.models.tallies import COUNTS
from assist.reports.talked import SUMS, THINGS
from atender.ids import ulid_uuid

ADDED = ", ".join(f"{name} = assist_tally.{name} + excluded.{name}" for name in COUNTS)
REMEMBER = f"""
INSERT INTO assist_tally (incident_id, day, band, {", ".join(COUNTS)})
SELECT incident_id, (at AT TIME ZONE 'UTC')::date, band, {SUMS}
FROM ({THINGS}) AS things WHERE {{whose}} = ANY(%s)
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
ON CONFLICT (incident_id, day, band) DO UPDATE SET {ADDED}
"""  # noqa: S608 - of constants alone


OF_CONVERSATIONS = REMEMBER.format(whose="conversation_id")
OF_MESSAGES = REMEMBER.format(whose="message_id")


def remember(conversation_ids: Sequence[str]) -> None:
    """Add up what is about to be deleted; in the same transaction. One statement."""
    _add_up(OF_CONVERSATIONS, conversation_ids)


def remember_messages(message_ids: Sequence[str]) -> None:
    """The same of single messages, whose conversation stays. A card outlives its message."""
    _add_up(OF_MESSAGES, message_ids)


def _add_up(statement: str, ids: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [[ulid_uuid(pk) for pk in ids]])
