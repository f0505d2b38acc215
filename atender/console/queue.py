"""How background work is doing: the panel beside *Now*."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django_q.models import OrmQ

from atender.due.models import Due
from atender.tenants.context import current_schema

# The clock ticks every second and a hand-out may take a moment; longer means nobody works.
PATIENCE = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Health:
    """`waited` is the oldest waiting task's age; `overdue` counts this tenant's late work."""

    waited: timedelta | None
    overdue: int
    overdue_since: datetime | None

    @property
    def is_stuck(self) -> bool:
        return self.overdue > 0 or (self.waited is not None and self.waited > PATIENCE)

    @property
    def waited_s(self) -> int | None:
        return None if self.waited is None else int(self.waited.total_seconds())


def health(now: datetime) -> Health:
    """Look at the queue, which all tenants share, and at the current tenant's due work."""
    oldest = OrmQ.objects.filter(lock__lte=now).aggregate(oldest=Min("lock"))["oldest"]
    overdue = Due.objects.filter(schema=current_schema(), due_at__lt=now - PATIENCE).aggregate(
        count=Count("id"), since=Min("due_at")
    )
    return Health(now - oldest if oldest else None, overdue["count"], overdue["since"])


def queue_panel(request: HttpRequest, _subject: Any) -> str:
    now = timezone.now()
    context = {"health": health(now), "now": now}
    return render_to_string("console/queue.html", context, request=request)
