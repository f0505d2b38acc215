from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from atender.console.seen import SeenField
from atender.console.theme import NOTHING, RecordAdmin, Select, TextArea, TextInput, display
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of
from incidents.console.choosing import components_in_order
from incidents.models import Component, Page, Template, TemplateKind
from incidents.texts import templates
from incidents.texts.placeholders import KNOWN, braced
from incidents.texts.wording import shortened
from incidents.words import severity_tag, status_tag

# Where the verb's names for things differ from the form's.
FIELDS = {"component_ids": "components", "status_page_ids": "pages"}


def placeholders_help() -> SafeString:
    entries = format_html_join(
        "", "<li><code>{}</code> {}</li>", ((braced(name), what) for name, what in KNOWN.items())
    )
    return format_html(
        "Filled in when somebody chooses the template, as far as the incident knows; what is "
        'missing is marked and never posted. <ul class="placeholders">{}</ul>',
        entries,
    )


class TemplateForm(forms.ModelForm[Template]):
    components = forms.ModelMultipleChoiceField(
        queryset=Component.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Ticked in the form of a new incident, beside what is ticked there already.",
    )

    pages = forms.ModelMultipleChoiceField(
        label="Publish on",
        queryset=Page.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Ticked instead of the usual page, unless somebody chose otherwise. None leaves "
        "it to the person.",
    )

    seen = SeenField()

    class Meta:
        model = Template
        fields = ("name", "kind", "title", "body", "severity", "status", "components", "pages")
        widgets = {
            "name": TextInput,
            "kind": Select,
            "title": TextInput,
            "body": TextArea(attrs={"rows": 6}),
            "severity": Select,
            "status": Select,
        }
        help_texts = {
            "name": "By which staff choose it.",
            "title": "For a new incident; may hold placeholders such as {{component}}.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial["seen"] = templates.seen_of(self.instance)
        if "components" in self.fields:
            self.fields["components"].queryset = components_in_order()  # type: ignore[attr-defined]
        if "body" in self.fields:
            self.fields["body"].help_text = placeholders_help()
        for name in ("severity", "status"):
            if name in self.fields:
                choices = list(self.fields[name].choices)[1:]  # type: ignore[attr-defined]
                blank = ("", "left to the person, or as it is")
                self.fields[name].choices = [blank, *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        texts = {name: given.get(name, getattr(self.instance, name)) for name in templates.FIELDS}
        kind = given.get("kind") or self.instance.kind
        trial = Template(pk=self.instance.pk, kind=kind, **texts)
        try:
            chosen = {name: list(given.get(name, ())) for name in ("components", "pages")}
            templates.check_template(trial, **chosen)
        except Refused as refusal:
            field = FIELDS.get(refusal.field or "", refusal.field)
            self.add_error(field if field in self.fields else None, refusal.sentence)
        return given


@admin.register(Template)
class TemplateAdmin(RecordAdmin):
    """Texts prepared on a calm day."""

    ability_to_add = Ability.EDIT
    ability_to_change = Ability.EDIT
    ability_to_delete = Ability.EDIT
    form = TemplateForm
    list_display = ["name", "use", "says", "severity_shown", "status_shown"]
    list_filter = ["kind"]
    search_fields = ["name", "title", "body"]

    def get_fields(self, request: HttpRequest, obj: Template | None = None) -> list[str]:
        if obj is None:
            return ["kind", "name", "title", "body", "severity", "status", "components", "pages"]
        if obj.kind == TemplateKind.UPDATE:
            return ["name", "body", "severity", "status"]
        return ["name", "title", "body", "severity", "status", "components", "pages"]

    @display(description="For", ordering="kind")
    def use(self, template: Template) -> str:
        return template.get_kind_display()

    @display(description="Says")
    def says(self, template: Template) -> str:
        return shortened(template.title or template.body, 80)

    @display(description="Severity", ordering="severity")
    def severity_shown(self, template: Template) -> SafeString | str:
        return severity_tag(template.severity) if template.severity else NOTHING

    @display(description="Status", ordering="status")
    def status_shown(self, template: Template) -> SafeString | str:
        return status_tag(template.status) if template.status else NOTHING

    def save_model(
        self, request: HttpRequest, obj: Template, form: TemplateForm, change: bool
    ) -> None:
        by, given = actor_of(request), form.cleaned_data
        seen = given.pop("seen", None)
        if change:
            changes = {name: given[name] for name in form.changed_data if name in given}
            if changes:
                templates.change_template(obj, by=by, seen=seen, **changes)
            return
        obj.pk = templates.add_template(by=by, **given).pk
        obj._state.adding = False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Do nothing: the verb has already stored the components."""

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        assert isinstance(obj, Template)
        templates.delete_template(obj, by=actor_of(request))
