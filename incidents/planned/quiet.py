"""What is under maintenance at a given moment, so that nobody is woken for planned work."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from incidents.models import (
    ComponentImpact,
    Incident,
    IncidentMonitor,
    IncidentUpdate,
    MonitorLink,
)
from incidents.models.incidents import IncidentQuerySet
from incidents.models.vocabulary import CLOSED, ComponentStateName, Kind, Status
from monitors.models import Monitor


def maintenances_at(at: datetime) -> IncidentQuerySet:
    """Maintenances that run at a moment, now or earlier.

    One whose time has come counts even before the clock has started it, and one that overruns its
    window counts until somebody completes it.
    """
    begun = Exists(
        IncidentUpdate.objects.transitions().filter(
            incident=OuterRef("pk"), status=Status.IN_PROGRESS, posted_at__lte=at
        )
    )
    is_due = Q(status=Status.SCHEDULED, scheduled_for__lte=at) & (
        Q(scheduled_until=None) | Q(scheduled_until__gt=at)
    )
    lasts = ~Q(status__in=[Status.SCHEDULED, *CLOSED]) | Q(
        status__in=sorted(CLOSED), resolved_at__gt=at
    )
    planned = Incident.objects.kept().filter(kind=Kind.MAINTENANCE)
    return planned.filter(is_due | (lasts & Q(begun)))


def components_under_maintenance(at: datetime | None = None) -> set[str]:
    """Return the ids of the components that planned work touches. One query."""
    running = maintenances_at(at or timezone.now())
    touched = ComponentImpact.objects.filter(incident__in=running)
    touched = touched.exclude(state=ComponentStateName.OPERATIONAL)
    return set(touched.values_list("component_id", flat=True))


def monitors_under_maintenance(at: datetime | None = None) -> set[str]:
    """Return the ids of the monitors that are named, or watch what is touched. Three queries."""
    at = at or timezone.now()
    named = IncidentMonitor.objects.filter(incident__in=maintenances_at(at))
    watching = MonitorLink.objects.filter(component_id__in=components_under_maintenance(at))
    return {
        *named.values_list("monitor_id", flat=True),
        *watching.values_list("monitor_id", flat=True),
    }


def is_quiet(monitor: Monitor, *, at: datetime | None = None) -> bool:
    """Whether a failure of the monitor is expected."""
    return monitor.pk in monitors_under_maintenance(at)
