from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from atender.console.deleting import DeletableRecord
from atender.console.theme import NOTHING, TextInput, display
from atender.console.times import moment
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of
from atender.tenants.links import console_url
from incidents.changes import Source, delete_change, draft_change, kept_for, record_change
from incidents.console.promising import MomentField
from incidents.models import Component, SystemChange

SHOWN = ["kind", "summary", "service", "components", "version", "url", "author", "happened_at"]


class ChangeForm(forms.ModelForm[SystemChange]):
    happened_at = MomentField(label="Happened at, UTC", help_text="Empty: now.")
    components = forms.ModelMultipleChoiceField(
        queryset=Component.objects.all(), widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = SystemChange
        fields = SHOWN

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "happened_at" in self.fields:
            self.fields["happened_at"].widget.attrs.update(TextInput().attrs)

    def words(self) -> dict[str, Any]:
        """What was written, as the verbs take it."""
        given = self.cleaned_data
        return {
            "kind": given.get("kind") or "",
            "source": Source(*(given.get(name) or "" for name in ("version", "url", "author"))),
            "happened_at": given.get("happened_at"),
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        try:
            draft_change(given.get("summary") or "", **self.words())
        except Refused as refusal:
            field = "author" if refusal.field == "by" else refusal.field
            if field not in self.errors:
                self.add_error(field, refusal.sentence)
        return given


@admin.register(SystemChange)
class SystemChangeAdmin(DeletableRecord):
    """What was deployed or configured, by whom; most of it posted by programs."""

    ability_to_add = Ability.POST_UPDATE
    form = ChangeForm
    fields = SHOWN
    empty_words = "Deployments and settings stand on the incidents that follow them."
    list_display = ["what", "kind", "of", "made_by", "happened"]
    list_filter = ["kind", "service"]
    list_before_template = "incidents/console/changes_intro.html"
    search_fields = ["summary", "version", "author"]
    date_hierarchy = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[SystemChange]:
        changes: QuerySet[SystemChange] = super().get_queryset(request)
        return changes.select_related("service").prefetch_related("components")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        context = {"changes_url": console_url("/api/v1/changes"), **(extra_context or {})}
        response: TemplateResponse = super().changelist_view(request, context)
        return response

    @display(description="Change", ordering="summary", header=True)
    def what(self, change: SystemChange) -> list[str]:
        return [change.summary, Truncator(change.version).chars(16)]

    @display(description="Of")
    def of(self, change: SystemChange) -> str:
        service = [change.service.name] if change.service else []
        return ", ".join([*service, *(c.name for c in change.components.all())]) or NOTHING

    @display(description="Made by", ordering="author")
    def made_by(self, change: SystemChange) -> str:
        return change.author or change.by_name

    @display(description="Happened", ordering="happened_at")
    def happened(self, change: SystemChange) -> SafeString:
        return moment(change.happened_at)

    def save_model(
        self, request: HttpRequest, obj: SystemChange, form: ChangeForm, change: bool
    ) -> None:
        given = form.cleaned_data
        facts = {name: given[name] for name in ("service", "components")}
        by = actor_of(request)
        obj.pk = record_change(given["summary"], by=by, **form.words(), **facts).pk

    def consequences(self, request: HttpRequest, obj: SystemChange) -> list[str]:
        return [
            "Incidents that began in the two hours after it show it no longer.",
            f"Changes are forgotten by themselves after {kept_for().days} days.",
        ]

    def delete_model(self, request: HttpRequest, obj: SystemChange) -> None:
        delete_change(obj, by=actor_of(request))
