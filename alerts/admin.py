"""The console's list of alerts: what is calling somebody, who has it, and who is called next."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.safestring import SafeString

from alerts.console.alert import alert_screen, alert_urls
from alerts.console.raising import page_someone
from alerts.models import Alert, AlertStatus
from alerts.words import alert_severity_tag, alert_status_tag
from atender.console.theme import NOTHING, RecordAdmin, display
from atender.console.times import moment
from atender.roles import Ability
from atender.staff.session import person_of

QUESTIONS = (
    ("open", "Open"),
    ("unclaimed", "Nobody has it"),
    ("mine", "Mine"),
    ("all", "All"),
)


class WhichFilter(SimpleListFilter):
    title = "which"
    parameter_name = "which"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return QUESTIONS

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alert]) -> QuerySet[Alert]:
        asked = self.value() or "open"
        if asked == "unclaimed":
            return queryset.filter(status=AlertStatus.TRIGGERED)
        open_ones = queryset.exclude(status=AlertStatus.RESOLVED)
        if asked == "mine":
            return open_ones.filter(acknowledged_by_id=person_of(request).pk)
        return queryset if asked == "all" else open_ones


@admin.register(Alert)
class AlertAdmin(RecordAdmin):
    list_display = ["headline", "stands", "loudness", "who", "since", "next_call"]
    ability_to_add = Ability.ACKNOWLEDGE
    add_words = "Page someone"
    list_filter = [WhichFilter]
    list_before_template = "incidents/console/questions.html"
    search_fields = ["summary", "dedup_key"]
    search_help_text = "Words of a summary, or a key"
    list_select_related = ["service", "monitor", "incident", "escalation"]
    sortable_by = ()
    empty_words = "No alert has been raised; monitors, other systems and people raise them."
    unanswered_words = "No alert answers this question just now."

    def get_urls(self) -> list[URLPattern]:
        return [*alert_urls(self.admin_site), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        questions = [{"name": name, "words": words} for name, words in QUESTIONS]
        asked = request.GET.get("which", "")
        chosen = next((q for q in questions if q["name"] == asked), questions[0])
        context = {"questions": questions, "asked": chosen, **(extra_context or {})}
        response: TemplateResponse = super().changelist_view(request, context)
        return response

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return page_someone(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return alert_screen(request, object_id)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        return alert_screen(request, object_id)

    @display(description="Alert", header=True)
    def headline(self, alert: Alert) -> list[str]:
        subject = alert.service or alert.monitor
        return [alert.summary, str(subject) if subject else alert.get_source_display()]

    @display(description="Status")
    def stands(self, alert: Alert) -> SafeString:
        return alert_status_tag(alert.status)

    @display(description="Severity")
    def loudness(self, alert: Alert) -> SafeString:
        return alert_severity_tag(alert.severity)

    @display(description="Who has it")
    def who(self, alert: Alert) -> SafeString | str:
        return alert.acknowledged_by_name or ("nobody" if alert.is_open else NOTHING)

    @display(description="Since")
    def since(self, alert: Alert) -> SafeString:
        return moment(alert.triggered_at)

    @display(description="Next is called")
    def next_call(self, alert: Alert) -> SafeString | str:
        next_at = alert.escalation.next_at if alert.escalation else None
        return moment(next_at) if next_at and alert.status == AlertStatus.TRIGGERED else NOTHING
