from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from atender.console.signs import tag
from atender.console.theme import NOTHING, RecordAdmin, display
from atender.console.times import moment
from incidents.models import FollowUp

PARAMETER = "which"


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    words: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Question":
        asked = request.GET.get(PARAMETER, "")
        return next((question for question in QUESTIONS if question.name == asked), QUESTIONS[0])


QUESTIONS = (
    Question("open", "Open"),
    Question("overdue", "Overdue"),
    Question("done", "Done"),
    Question("all", "All"),
)


class Which(SimpleListFilter):
    """Filters by whether follow-ups are done; shows the open ones unless another choice is made."""

    title = "which"
    parameter_name = PARAMETER

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(question.name, question.words) for question in QUESTIONS]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        which = Question.of(request).name
        if which == "overdue":
            return queryset.overdue(timezone.localdate())
        if which == "done":
            return queryset.exclude(done_at=None)
        return queryset if which == "all" else queryset.open()


@admin.register(FollowUp)
class FollowUpAdmin(RecordAdmin):
    """The list of follow-ups. A single one is read and changed beside its post-mortem."""

    list_display = ["what", "whose", "due", "state"]
    list_filter = [Which]
    list_before_template = "incidents/console/questions.html"
    ordering = [F("done_at").desc(nulls_first=True), F("due_date").asc(nulls_last=True), "id"]
    search_fields = ["title", "owner_name", "post_mortem__incident__title"]
    search_help_text = "Words of a follow-up, its owner or its incident"

    def get_queryset(self, request: HttpRequest) -> QuerySet[FollowUp]:
        return FollowUp.objects.kept().select_related("post_mortem__incident")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        context = {"questions": QUESTIONS, "asked": Question.of(request), **(extra_context or {})}
        response: TemplateResponse = super().changelist_view(request, context)
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        follow_up = self.get_object(request, object_id)
        if follow_up is None:
            raise Http404("There is no follow-up with this id; it may be gone.")
        answer = redirect("admin:incidents_incident_post_mortem", follow_up.post_mortem.incident_id)
        answer["Location"] += "#follow-ups"
        return answer

    @display(description="What is to be done", header=True)
    def what(self, follow_up: FollowUp) -> list[str]:
        return [follow_up.title, follow_up.post_mortem.incident.title]

    @display(description="Owner", ordering="owner_name")
    def whose(self, follow_up: FollowUp) -> str:
        return follow_up.owner_name or "nobody yet"

    @display(description="Due", ordering="due_date")
    def due(self, follow_up: FollowUp) -> SafeString | str:
        if follow_up.due_date is None:
            return NOTHING
        words = f"{follow_up.due_date.day} {follow_up.due_date:%b %Y}"
        if follow_up.is_overdue(timezone.localdate()):
            return format_html('<span class="late">{}</span>', words)
        return words

    @display(description="State", ordering="done_at")
    def state(self, follow_up: FollowUp) -> SafeString:
        if follow_up.done_at is None:
            return tag("open")
        return format_html("{} {}", tag("done", "ok"), moment(follow_up.done_at))


_: type[ModelAdmin[FollowUp]] = FollowUpAdmin
