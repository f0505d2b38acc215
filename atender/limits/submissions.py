"""A form that is shown once makes one record, however often it is sent."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from atender.ids import ULID, ulid_uuid
from atender.limits.models import Submission
from atender.refusals import Refused

NAME = "submission_id"
KEPT_FOR = timedelta(days=1)
FIRST = """
INSERT INTO limits_submission (id, made_at) VALUES (%(id)s, %(at)s) ON CONFLICT (id) DO NOTHING
"""
FORGET = """
DELETE FROM limits_submission WHERE id IN (SELECT id FROM limits_submission
    WHERE made_at < %(before)s LIMIT 20 FOR UPDATE SKIP LOCKED)
"""


class NoSubmission(Refused):
    """Sent without an id, a second click could not be told from the first."""


def is_first(submission_id: str, *, at: datetime | None = None) -> bool:
    """Whether no transaction that committed was under this id; ends with the caller's own.

    Of two at once the second waits for the first. A text that is no id is always the first.
    """
    assert connection.in_atomic_block, "what is made must end with the note of it"
    if not ULID.fullmatch(submission_id):
        return True
    at = at or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(FIRST, {"id": ulid_uuid(submission_id), "at": at})
        was_free = bool(cursor.rowcount)
        cursor.execute(FORGET, {"before": at - KEPT_FOR})
    return was_free


def is_first_press(submission_id: str) -> bool:
    """`is_first`, for what a second click would spoil; raises NoSubmission for what is no id."""
    if not ULID.fullmatch(submission_id):
        raise NoSubmission(
            "Nothing was changed: this page was out of date. Press the button again."
        )
    return is_first(submission_id)


@transaction.atomic
def release(submission_id: str) -> None:
    """Release the id, since nothing was made under it."""
    if ULID.fullmatch(submission_id):
        Submission.objects.filter(pk=submission_id).delete()
