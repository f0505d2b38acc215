"""What is wrong now, a line each at the top of the desk, and what has just ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from assist.models import ConversationLink
from incidents.models import Incident, Publication

SHOWN = 3
# Customers go on asking for a while.
ENDED_WITHIN = timedelta(hours=1)
LINKED = (
    ConversationLink.objects.filter(incident=OuterRef("pk"))
    .order_by()
    .values("incident")
    .annotate(count=Count("pk"))
    .values("count")
)


@dataclass(frozen=True, slots=True)
class Ongoing:
    """An incident with how many conversations are linked to it, and how its promise stands."""

    incident: Incident
    linked: int
    is_internal: bool
    is_late: bool

    @property
    def updated_at(self) -> datetime:
        return self.incident.last_public_update_at or self.incident.started_at

    @property
    def stamp(self) -> tuple[object, ...]:
        return self.incident.pk, self.incident.version, self.linked, self.is_internal, self.is_late


def read_ongoing(now: datetime | None = None) -> list[Ongoing]:
    """All that is active, the newest first, and then what ended within the hour; one query."""
    now = now or timezone.now()
    ended = Incident.objects.recent(now - ENDED_WITHIN)
    rows: Any = Incident.objects.filter(
        Q(pk__in=Incident.objects.active().values("pk")) | Q(pk__in=ended.values("pk"))
    ).annotate(
        linked=Coalesce(Subquery(LINKED, output_field=IntegerField()), 0),
        is_public=Exists(Publication.objects.filter(incident=OuterRef("pk"))),
    )
    return [
        Ongoing(
            incident,
            incident.linked,
            is_internal=not incident.is_public,
            is_late=incident.next_update_by is not None and incident.next_update_by < now,
        )
        for incident in rows.order_by(F("resolved_at").desc(nulls_first=True), "-id")
    ]
