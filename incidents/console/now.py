"""What is wrong now: the console's first screen."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Min, OrderBy, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from atender.console import panels
from atender.ids import new_ulid
from incidents.console.choosing import components_in_order, named_components
from incidents.models import Component, ComponentState, Incident, Page
from incidents.models.vocabulary import ComponentStateName, Kind, Severity, Status
from incidents.nudges.silence import Silence

LOUDNESS = (Severity.CRITICAL, Severity.MAJOR, Severity.MINOR, Severity.MAINTENANCE, None)


@dataclass(frozen=True, slots=True)
class Line:
    """An incident on the first screen, and whether the public waits: for a promise, or at all."""

    incident: Incident
    is_internal: bool
    components: str
    is_late: bool
    is_silent: bool
    # Makes a second click on "still working on it" count as the first.
    submission_id: str


def open_lines() -> list[Line]:
    """Open incidents, public before internal, the loudest first; two queries."""
    # The sort is stable: the loudest first, and of equals the newest.
    return sorted(_lines(Kind.INCIDENT, "-started_at"), key=loudness)


def planned_lines() -> list[Line]:
    """Planned work: what runs, then what comes, soonest first; of a series its next one alone."""
    by_time = _lines(Kind.MAINTENANCE, F("scheduled_for").asc(nulls_last=True))
    lines, seen = [], set()
    for line in sorted(by_time, key=lambda line: line.incident.status == Status.SCHEDULED):
        series = line.incident.series_id
        if series is None or series not in seen:
            lines.append(line)
        seen.add(series)
    return lines


def _lines(kind: Kind, *order: str | OrderBy) -> list[Line]:
    shown_at = Min("publications__published_at")
    incidents = Incident.objects.open().filter(kind=kind).annotate(shown_at=shown_at)
    now = timezone.now()
    ordered = incidents.prefetch_related(named_components()).order_by(*order)
    return [_line(incident, now) for incident in ordered]


def loudness(line: Line) -> tuple[bool, int]:
    return line.is_internal, LOUDNESS.index(line.incident.severity)


def _line(incident: Incident, now: datetime) -> Line:
    promised = incident.next_update_by
    shown_at: datetime | None = incident.shown_at  # type: ignore[attr-defined]
    return Line(
        incident=incident,
        is_internal=shown_at is None,
        components=", ".join(impact.component.name for impact in incident.impacts.all()),
        is_late=promised is not None and promised < now,
        is_silent=shown_at is not None and Silence.of(incident, shown_at).is_too_long(now),
        submission_id=new_ulid(),
    )


def render_now(request: HttpRequest, _subject: None) -> str:
    lines = open_lines()
    context = {
        "lines": lines,
        "maintenances": planned_lines(),
        "last": None if lines else last_resolved(),
        "acts": panels.render("now.head", request),
        "default_page": Page.objects.filter(is_default=True).first(),
    }
    return render_to_string("incidents/console/now.html", context, request=request)


def last_resolved() -> Incident | None:
    resolved = Incident.objects.closed().filter(status=Status.RESOLVED)
    return resolved.order_by("-resolved_at").first()


def render_components(request: HttpRequest, _subject: None) -> str:
    """Render the components' states; those that are not operational by name."""
    total = Component.objects.count()
    context = {"total": total, "unwell": unwell() if total else ()}
    return render_to_string("incidents/console/now_components.html", context, request=request)


def unwell() -> list[tuple[Component, ComponentState]]:
    """Components that are not operational in the console, where every incident counts."""
    states = ComponentState.objects.filter(page=None).exclude(state=ComponentStateName.OPERATIONAL)
    by_component = {state.component_id: state for state in states}
    chosen: QuerySet[Component] = components_in_order().filter(pk__in=by_component)
    return [(component, by_component[component.pk]) for component in chosen]


def count_open(_request: HttpRequest) -> str:
    """The side bar's number: open incidents, none shown where there is none."""
    count = Incident.objects.active().filter(kind=Kind.INCIDENT).count()
    return str(count) if count else ""


def count_running(_request: HttpRequest) -> str:
    """The side bar's number of maintenances that run; none shown where there is none."""
    count = Incident.objects.active().filter(kind=Kind.MAINTENANCE).count()
    return str(count) if count else ""
