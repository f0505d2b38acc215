"""How long conversations are kept, and forgetting them after that."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from assist.models import AssistSettings, Conversation
from assist.models.doors import MOST_KEPT_DAYS
from assist.reports.remembering import remember
from atender.actors import Actor
from atender.due.work import is_scheduled, schedule
from atender.ids import ulid_at
from atender.refusals import Refused
from incidents.recording import record

FORGETTING = "assist.conversations"
LOOKED_AT_MOST_EVERY = timedelta(hours=1)
FORGOTTEN_AT_ONCE = 1000


def kept_for() -> timedelta:
    days = AssistSettings.objects.values_list("conversations_kept_days", flat=True).first()
    return timedelta(days=days or AssistSettings().conversations_kept_days)


def promise_to_forget(conversation: Conversation) -> None:
    if not is_scheduled(FORGETTING, ""):
        schedule(FORGETTING, "", at=conversation.last_message_at + kept_for())


def forget_old_conversations(now: datetime) -> datetime | None:
    """Delete conversations that were quiet for too long; returns when the next one is due.

    A thousand at a time, so that no transaction is long.
    """
    kept = kept_for()
    quiet = Conversation.objects.quiet_since(now - kept).order_by("last_message_at")
    ids = list(quiet.values_list("id", flat=True)[:FORGOTTEN_AT_ONCE])
    # Looked at again: somebody may have written meanwhile.
    with transaction.atomic():
        still = Conversation.objects.quiet_since(now - kept).filter(pk__in=ids)
        forgotten = list(still.select_for_update().order_by("id").values_list("id", flat=True))
        remember(forgotten)
        Conversation.objects.filter(pk__in=forgotten).delete()
    if len(ids) == FORGOTTEN_AT_ONCE:
        return now
    oldest = Conversation.objects.order_by("last_message_at").first()
    return max(oldest.last_message_at + kept, now + LOOKED_AT_MOST_EVERY) if oldest else None


@transaction.atomic
def keep_conversations(days: int, *, by: Actor, at: datetime | None = None) -> None:
    """Keep conversations for so many days after their last message. Raises Refused."""
    at = at or timezone.now()
    if not 1 <= days <= MOST_KEPT_DAYS:
        raise Refused(
            f"Conversations are kept for 1 to {MOST_KEPT_DAYS} days.",
            field="conversations_kept_days",
        )
    AssistSettings.objects.update_or_create(only=True, defaults={"conversations_kept_days": days})
    record("conversations.kept", ulid_at(at), by=by, at=at, days=days)
    schedule(FORGETTING, "")
