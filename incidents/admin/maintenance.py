from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.safestring import SafeString

from atender.console.theme import NOTHING, RecordAdmin, display
from atender.console.times import moment
from atender.roles import Ability
from atender.staff.models import User
from incidents.admin.questions import Question, QuestionFilter
from incidents.console.choosing import named_components
from incidents.console.deleting import delete_incident
from incidents.console.doors import incident_or_404
from incidents.console.planned.planning import planning
from incidents.console.planned.series import series_screen
from incidents.console.planned.urls import series_urls, window_urls
from incidents.console.screens import to_workspace
from incidents.models import Incident, Kind, Maintenance, MaintenanceSeries, Publication
from incidents.models.incidents import IncidentQuerySet
from incidents.models.vocabulary import CLOSED, Status
from incidents.recurrence import recurrence_words
from incidents.words import status_tag, window_words


def _open(rows: IncidentQuerySet, _user: User) -> QuerySet[Incident]:
    return rows.exclude(status__in=CLOSED)


def _running(rows: IncidentQuerySet, user: User) -> QuerySet[Incident]:
    return _open(rows, user).exclude(status=Status.SCHEDULED)


def _upcoming(rows: IncidentQuerySet, user: User) -> QuerySet[Incident]:
    return _open(rows, user).filter(status=Status.SCHEDULED)


def _past(rows: IncidentQuerySet, _user: User) -> QuerySet[Incident]:
    return rows.filter(status__in=CLOSED)


QUESTIONS = (
    Question("open", "Running and upcoming", _open),
    Question("running", "Running", _running),
    Question("upcoming", "Upcoming", _upcoming),
    Question("past", "Past", _past),
)


class StageFilter(QuestionFilter):
    questions: Sequence[Question] = QUESTIONS


@admin.register(Maintenance)
class MaintenanceAdmin(RecordAdmin):
    """Planned work, running or next first. A single one opens in the incidents' workspace."""

    ability_to_add = Ability.DRAFT
    ability_to_delete = Ability.DELETE
    add_words = "Plan maintenance"
    counted = ("window", "windows")
    empty_words = "Planned work is announced, starts and completes by itself at its times."
    list_display = ["headline", "status_shown", "window", "repeats"]
    list_filter = [StageFilter]
    list_before_template = "incidents/console/planned/questions.html"
    search_fields = ["title", "updates__body"]
    search_help_text = "Words of a title or an update"

    def get_urls(self) -> list[URLPattern]:
        return [*window_urls(self.admin_site), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Incident]:
        shown = Publication.objects.filter(incident=OuterRef("pk"))
        rows = Maintenance.objects.filter(kind=Kind.MAINTENANCE, deleted_at=None)
        rows = rows.annotate(is_shown=Exists(shown)).select_related("series")
        return rows.prefetch_related(named_components())

    def get_ordering(self, request: HttpRequest) -> list[str]:
        """Soonest first while it lies ahead; newest first once it is over."""
        is_past = Question.of(request, QUESTIONS).narrow == _past
        return ["-scheduled_for" if is_past else "scheduled_for"]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        context = {
            "questions": QUESTIONS,
            "asked": Question.of(request, QUESTIONS),
            **(extra_context or {}),
        }
        response: TemplateResponse = super().changelist_view(request, context)
        return response

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return planning(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return to_workspace(incident_or_404(object_id))

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        return delete_incident(request, object_id)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        return self.change_view(request, object_id)

    @display(description="Maintenance", ordering="title", header=True)
    def headline(self, incident: Incident) -> list[str]:
        facts = [impact.component.name for impact in incident.impacts.all()]
        if not incident.is_shown:  # type: ignore[attr-defined]
            facts.insert(0, "internal")
        return [incident.title, ", ".join(facts)]

    @display(description="Status", ordering="status")
    def status_shown(self, incident: Incident) -> SafeString:
        return status_tag(incident.status)

    @display(description="Window", ordering="scheduled_for")
    def window(self, incident: Incident) -> SafeString | str:
        return window_words(incident)

    @display(description="Comes again")
    def repeats(self, incident: Incident) -> str:
        return recurrence_words(incident.series.recurrence) if incident.series else "once"


@admin.register(MaintenanceSeries)
class MaintenanceSeriesAdmin(RecordAdmin):
    """Series of planned work."""

    list_display = ["title", "recurs", "next_time", "ended"]
    list_before_template = "incidents/console/planned/questions.html"
    search_fields = ["title"]

    def get_urls(self) -> list[URLPattern]:
        return [*series_urls(self.admin_site), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[MaintenanceSeries]:
        waiting = Q(occurrences__status=Status.SCHEDULED, occurrences__deleted_at=None)
        next_at = Min("occurrences__scheduled_for", filter=waiting)
        return MaintenanceSeries.objects.annotate(next_at=next_at).order_by(
            F("ended_at").asc(nulls_first=True), F("next_at").asc(nulls_last=True)
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        context = {"questions": QUESTIONS, "asked": None, **(extra_context or {})}
        response: TemplateResponse = super().changelist_view(request, context)
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return series_screen(request, object_id)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        return series_screen(request, object_id)

    @display(description="Comes")
    def recurs(self, series: MaintenanceSeries) -> str:
        return recurrence_words(series.recurrence)

    @display(description="Next", ordering="next_at")
    def next_time(self, series: MaintenanceSeries) -> SafeString | str:
        at: datetime | None = series.next_at  # type: ignore[attr-defined]
        return moment(at) if at else NOTHING

    @display(description="Ended", ordering="ended_at")
    def ended(self, series: MaintenanceSeries) -> SafeString | str:
        return moment(series.ended_at) if series.ended_at else "no"
