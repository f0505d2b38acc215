from datetime import datetime

from atender.api.idempotency import FORGETTING, forget_old
from atender.due.work import Lease, handles


@handles(FORGETTING)
def forget_old_answers(_key: str, _lease: Lease) -> datetime | None:
    return forget_old()
