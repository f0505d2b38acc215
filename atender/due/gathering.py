"""Work that many changes ask for and that is done once for all of them."""

from django.utils import timezone

from atender.due.models import Due
from atender.due.work import schedule
from atender.tenants.context import current_schema


def gather(kind: str, key: str = "") -> None:
    """Have `kind` done soon, once for everybody who asks before it begins.

    Call it inside the transaction of the change. The row that waits is held until that ends, so
    that the worker who takes it sees the change; where it has begun already, it is done once more.
    """
    waiting = Due.objects.select_for_update().filter(
        schema=current_schema(), kind=kind, key=key, started_at=None, due_at__lte=timezone.now()
    )
    if waiting.first() is None:
        schedule(kind, key)
