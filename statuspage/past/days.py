"""From a day in a component's history to the incident of that day."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.db.models.functions import Coalesce

from incidents.models import ComponentImpact, Page
from incidents.models.vocabulary import ComponentStateName as State
from incidents.models.vocabulary import Status
from incidents.places import public_path

ORDER = list(State)


def paths_of_days(
    page: Page, zone: ZoneInfo, *, since: datetime, now: datetime
) -> Mapping[str, Mapping[date, str]]:
    """Return, by component, the path of the worst incident of each local day. One query."""
    found: dict[str, dict[date, tuple[int, str]]] = defaultdict(dict)
    for component_id, incident_id, kind, state, started_at, resolved_at in _impacts(page, since):
        entry = (ORDER.index(State(state)), public_path(kind, incident_id))
        for local in _local_days(max(started_at, since), resolved_at or now, zone):
            found[component_id][local] = max(found[component_id].get(local, entry), entry)
    return defaultdict(
        dict,
        {
            component_id: {local: path for local, (_rank, path) in days.items()}
            for component_id, days in found.items()
        },
    )


def _impacts(page: Page, since: datetime) -> list[tuple[str, str, str, str, datetime, datetime]]:
    impacts = ComponentImpact.objects.filter(
        Q(incident__resolved_at=None) | Q(incident__resolved_at__gte=since),
        component__page_entries__page=page,
        incident__publications__page=page,
        incident__deleted_at=None,
    ).exclude(incident__status__in=[Status.SCHEDULED, Status.CANCELLED])
    return list(
        impacts.values_list(
            "component_id",
            "incident_id",
            "incident__kind",
            "state",
            Coalesce("incident__scheduled_for", "incident__started_at"),
            "incident__resolved_at",
        )
    )


def _local_days(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[date]:
    local, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    while local <= last:
        yield local
        local += timedelta(days=1)
