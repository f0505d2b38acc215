from datetime import datetime

from django.utils import timezone

from assist.conversations.keeping import FORGETTING, forget_old_conversations
from atender.due.work import Lease, handles


@handles(FORGETTING)
def forget_conversations(_key: str, _lease: Lease) -> datetime | None:
    return forget_old_conversations(timezone.now())
