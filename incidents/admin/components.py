from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from atender.console.theme import RecordAdmin, Select, display
from atender.staff.roles import Ability
from incidents import arranging, catalogue
from incidents.console.choosing import components_in_order
from incidents.console.doors import actor_of
from incidents.models import Component, ComponentGroup, ComponentReport, Page
from incidents.models.vocabulary import ComponentStateName
from incidents.templatetags.incident_words import state_tag

CHANGEABLE = ("name", "description", "group", "position", "follows_monitors")


class ComponentForm(forms.ModelForm[Component]):
    pages = forms.ModelMultipleChoiceField(
        label="Shown on",
        queryset=Page.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reported = forms.ChoiceField(
        label="State apart from incidents",
        choices=ComponentStateName.choices,
        widget=Select,
        initial=ComponentStateName.OPERATIONAL,
        help_text="What staff say of it. An open incident that affects it comes first.",
    )

    class Meta:
        model = Component
        fields = CHANGEABLE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        component = self.instance
        if component._state.adding:
            self.initial["pages"] = list(Page.objects.filter(is_default=True))
            self.initial["position"] = Component.objects.count()
        else:
            self.initial["pages"] = list(component.pages.all())
            said = component.reports.filter(source=ComponentReport.STAFF).first()
            self.initial["reported"] = said.state if said else ComponentStateName.OPERATIONAL


@admin.register(Component)
class ComponentAdmin(RecordAdmin):
    """What customers know by name: in which order, on which pages, in which state."""

    ability_to_add = Ability.MANAGE_PAGES
    ability_to_change = Ability.MANAGE_PAGES
    form = ComponentForm
    fields = [*CHANGEABLE[:4], "pages", "reported", "follows_monitors"]
    list_display = ["name", "group", "state", "shown_on", "place"]
    list_filter = ["group", "pages"]
    search_fields = ["name", "description"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Component]:
        return components_in_order().prefetch_related("pages", "states")

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return [F("group__position").asc(nulls_last=True), "group__name", "position", "name"]

    @display(description="State now")
    def state(self, component: Component) -> SafeString:
        now = [state.state for state in component.states.all() if state.page_id is None]
        return state_tag(now[0] if now else ComponentStateName.OPERATIONAL)

    @display(description="Shown on")
    def shown_on(self, component: Component) -> str:
        return ", ".join(page.name for page in component.pages.all()) or "no page"

    @display(description="Place", ordering="position")
    def place(self, component: Component) -> int:
        return component.position

    def save_model(
        self, request: HttpRequest, obj: Component, form: ComponentForm, change: bool
    ) -> None:
        by, given = actor_of(request), form.cleaned_data
        if change:
            changes = {name: given[name] for name in CHANGEABLE if name in form.changed_data}
            if changes:
                catalogue.change_component(obj, by=by, **changes)
        else:
            obj.pk = self._add(obj, form, request).pk
        component = Component.objects.get(pk=obj.pk)
        if not change or {"pages", "position", "group"} & set(form.changed_data):
            arranging.show_component(component, pages=list(given["pages"]), by=by)
        if "reported" in form.changed_data:
            catalogue.report_state(component, state=given["reported"], by=by)

    def _add(self, obj: Component, form: ComponentForm, request: HttpRequest) -> Component:
        given, by = form.cleaned_data, actor_of(request)
        names = ("description", "group", "position")
        facts = {name: given[name] for name in names}
        component = catalogue.add_component(given["name"], by=by, pages=(), **facts)
        if given["follows_monitors"]:
            catalogue.change_component(component, by=by, follows_monitors=True)
        obj._state.adding = False
        return component


@admin.register(ComponentGroup)
class ComponentGroupAdmin(RecordAdmin):
    ability_to_add = Ability.MANAGE_PAGES
    ability_to_change = Ability.MANAGE_PAGES
    fields = ["name", "position"]
    list_display = ["name", "holds", "position"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ComponentGroup]:
        groups: QuerySet[ComponentGroup] = super().get_queryset(request)
        return groups.prefetch_related("components")

    @display(description="Components")
    def holds(self, group: ComponentGroup) -> str:
        return ", ".join(component.name for component in group.components.all()) or "none yet"

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"position": ComponentGroup.objects.count()}

    def save_model(
        self,
        request: HttpRequest,
        obj: ComponentGroup,
        form: forms.ModelForm[ComponentGroup],
        change: bool,
    ) -> None:
        by, given = actor_of(request), form.cleaned_data
        name, position = given["name"], given["position"]
        if change:
            arranging.change_group(obj, name=name, position=position, by=by)
        else:
            obj.pk = catalogue.add_group(name, position=position, by=by).pk
