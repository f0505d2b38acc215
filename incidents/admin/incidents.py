from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.safestring import SafeString

from atender.console.theme import NOTHING, RecordAdmin, display
from atender.console.times import moment
from atender.roles import Ability
from incidents.admin.questions import QUESTIONS, Question, QuestionFilter
from incidents.console.choosing import named_components
from incidents.console.deleting import delete_incident
from incidents.console.opening import opening
from incidents.console.urls import console_urls
from incidents.console.workspace import workspace
from incidents.models import Incident, Kind, Publication
from incidents.words import severity_tag, status_tag


@admin.register(Incident)
class IncidentAdmin(RecordAdmin):
    """The list filters by question; one incident opens as a workspace, a new one as three steps."""

    ability_to_add = Ability.DRAFT
    ability_to_delete = Ability.DELETE
    list_display = ["headline", "status_shown", "severity_shown", "who", "started", "spoken"]
    list_filter = [QuestionFilter]
    list_before_template = "incidents/console/questions.html"
    search_fields = ["title", "updates__body"]
    search_help_text = "Words of a title or an update"
    ordering = ["-started_at"]
    sortable_by = ()
    add_words = "New incident"
    empty_words = "No incident has been recorded; when something breaks, open one."
    unanswered_words = "No incident answers this question just now."

    def get_urls(self) -> list[URLPattern]:
        return [*console_urls(self.admin_site), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Incident]:
        shown = Publication.objects.filter(incident=OuterRef("pk"))
        # Planned work has a list of its own.
        incidents = Incident.objects.kept().filter(kind=Kind.INCIDENT)
        incidents = incidents.annotate(is_shown=Exists(shown))
        return incidents.prefetch_related(named_components()).order_by("-started_at")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        context = {"questions": QUESTIONS, "asked": Question.of(request), **(extra_context or {})}
        response: TemplateResponse = super().changelist_view(request, context)
        return response

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return opening(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return workspace(request, object_id)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        return delete_incident(request, object_id)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        return workspace(request, object_id)

    @display(description="Incident", ordering="title", header=True)
    def headline(self, incident: Incident) -> list[str]:
        facts = [impact.component.name for impact in incident.impacts.all()]
        if not incident.is_shown:  # type: ignore[attr-defined]
            facts.insert(0, "internal")
        return [incident.title, ", ".join(facts)]

    @display(description="Status", ordering="status")
    def status_shown(self, incident: Incident) -> SafeString:
        return status_tag(incident.status)

    @display(description="Severity", ordering="severity")
    def severity_shown(self, incident: Incident) -> SafeString:
        return severity_tag(incident.severity)

    @display(description="Who has it")
    def who(self, incident: Incident) -> str:
        return incident.acknowledged_by_name or (NOTHING if incident.is_closed else "nobody")

    @display(description="Started", ordering="started_at")
    def started(self, incident: Incident) -> SafeString:
        return moment(incident.started_at)

    @display(description="Last public update", ordering="last_public_update_at")
    def spoken(self, incident: Incident) -> SafeString | str:
        at = incident.last_public_update_at
        return moment(at) if at and incident.is_shown else "none"  # type: ignore[attr-defined]


_: type[ModelAdmin[Incident]] = IncidentAdmin
