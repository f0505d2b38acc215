"""What is wrong now, a line each at the top of the desk, and what has just ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from assist.models import Card, CardState, ConversationLink
from incidents.models import Incident, Publication
from incidents.models.vocabulary import SEVERITIES, Kind

SHOWN = 3
# Customers go on asking for a while.
ENDED_WITHIN = timedelta(hours=1)
WORST_FIRST = Case(
    *(
        When(severity=each, then=rank)
        for rank, each in enumerate(reversed(SEVERITIES[Kind.INCIDENT]))
    ),
    When(kind=Kind.INCIDENT, then=8),
    default=9,
)
LINKED = (
    ConversationLink.objects.filter(incident=OuterRef("pk"))
    .order_by()
    .values("incident")
    .annotate(count=Count("pk"))
    .values("count")
)
POSSIBLE = (
    Card.objects.filter(
        ~Exists(
            ConversationLink.objects.filter(
                incident=OuterRef("incident"), conversation=OuterRef("conversation")
            )
        ),
        incident=OuterRef("pk"),
        state=CardState.SHOWN,
    )
    .order_by()
    .values("incident")
    .annotate(count=Count("pk"))
    .values("count")
)


@dataclass(frozen=True, slots=True)
class Ongoing:
    """An incident, how many conversations are linked or may be, and how its promise stands."""

    incident: Incident
    linked: int
    possible: int
    is_internal: bool
    is_late: bool

    @property
    def updated_at(self) -> datetime:
        return self.incident.last_public_update_at or self.incident.started_at

    @property
    def stamp(self) -> tuple[object, ...]:
        counts, stands = (self.linked, self.possible), (self.is_internal, self.is_late)
        # A time without a day is today's, so the line changes at midnight as well.
        return self.incident.pk, self.incident.version, counts, stands, timezone.localdate()


def read_ongoing(now: datetime | None = None) -> list[Ongoing]:
    """All that is active, the worst first, and then what ended within the hour; one query.

    Of what is equally bad, the newest comes first: the strip has room for a few.
    """
    now = now or timezone.now()
    ended = Incident.objects.recent(now - ENDED_WITHIN)
    rows: Any = Incident.objects.filter(
        Q(pk__in=Incident.objects.active().values("pk")) | Q(pk__in=ended.values("pk"))
    ).annotate(
        linked=Coalesce(Subquery(LINKED, output_field=IntegerField()), 0),
        possible=Coalesce(Subquery(POSSIBLE, output_field=IntegerField()), 0),
        is_public=Exists(Publication.objects.filter(incident=OuterRef("pk"))),
    )
    return [
        Ongoing(
            incident,
            incident.linked,
            # A card of what is over asks for nothing any more.
            0 if incident.is_closed else incident.possible,
            is_internal=not incident.is_public,
            is_late=incident.next_update_by is not None and incident.next_update_by < now,
        )
        for incident in rows.order_by(F("resolved_at").desc(nulls_first=True), WORST_FIRST, "-id")
    ]
