"""How quickly components answered of late, for pages that show it.

From the sums of hours that are over, so that a page costs the same however often something is
checked. Where several monitors or regions measure a component, an hour is the middle of theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low

from django.db.models import Aggregate, IntegerField

from incidents.models import Component
from monitors.models import CheckHour, MonitorKind
from statuspage.models import Branding

HOURS = 24
HOUR = timedelta(hours=1)
# An hour's width, and the heights between which the line runs.
STEP, LOWEST, HIGHEST = 10, 30, 2
# What customers wait for; of a certificate or a vendor's page nobody feels how long it took.
FELT = (MonitorKind.HTTP, MonitorKind.AGENT, MonitorKind.TCP)


class Middle(Aggregate):
    template = "percentile_disc(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = IntegerField()


@dataclass(frozen=True, slots=True)
class Latency:
    """The last day of a component: an SVG path of its hours, and what it says in numbers."""

    path: str
    usual_ms: int
    slowest_ms: int


def read_latencies(branding: Branding, *, now: datetime) -> Mapping[str, Latency]:
    """Return what is to be shown, by component. One query, none where nothing is shown."""
    if not branding.latency_of:
        return {}
    end = now.replace(minute=0, second=0, microsecond=0)
    start = end - HOURS * HOUR
    of, hours = "monitor__component_links__component", CheckHour.objects
    rows = (
        hours.filter(
            **{f"{of}__in": branding.latency_of},
            monitor__kind__in=FELT,
            monitor__deleted_at=None,
            began_at__gte=start,
            began_at__lt=end,
            median_ms__isnull=False,
        )
        .values_list(of, "began_at")
        .annotate(ms=Middle("median_ms"))
        .order_by(of, "began_at")
    )
    found: dict[str, dict[int, int]] = {}
    for component_id, began_at, ms in rows:
        found.setdefault(str(component_id), {})[(began_at - start) // HOUR] = ms
    return {component_id: draw(by_hour) for component_id, by_hour in found.items()}


def draw(by_hour: Mapping[int, int]) -> Latency:
    """Lay out a day's middles by the hour; an hour without an answer interrupts the line."""
    slowest = max(by_hour.values())
    steps: list[str] = []
    for hour, ms in sorted(by_hour.items()):
        y = round(LOWEST - ms / max(slowest, 1) * (LOWEST - HIGHEST))
        # A line of no length is a dot, for an hour that stands alone.
        steps.append(f"L{hour * STEP} {y}" if hour - 1 in by_hour else f"M{hour * STEP} {y}h0")
    return Latency("".join(steps), median_low(by_hour.values()), slowest)


def measured(branding: Branding) -> list[Component]:
    """The page's components of which a latency is known that customers feel."""
    listed = Component.objects.filter(
        page_entries__page=branding.page_id,
        monitor_links__monitor__kind__in=FELT,
        monitor_links__monitor__deleted_at=None,
    )
    return list(listed.distinct())
