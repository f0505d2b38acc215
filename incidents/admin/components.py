from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import pluralize
from django.utils.safestring import SafeString

from atender.actors import Actor
from atender.console.deleting import DeletableRecord
from atender.console.theme import Select, display
from atender.refusals import Refused
from atender.roles import Ability
from incidents.admin.moving import MovableRecord
from incidents.catalogue import arranging
from incidents.catalogue import components as catalogue
from incidents.catalogue.watching import watch_with
from incidents.console.choosing import components_in_order
from incidents.console.doors import actor_of
from incidents.models import Component, ComponentGroup, ComponentReport, Incident, Page
from incidents.models.vocabulary import ComponentStateName
from incidents.words import state_tag
from monitors.console.runbooks import RunbookAdmin
from monitors.models import Monitor

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

    monitors = forms.ModelMultipleChoiceField(
        label="Watched by",
        queryset=Monitor.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="An incident that names one of these monitors affects this component.",
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
            watching = Monitor.objects.filter(component_links__component=component)
            self.initial["monitors"] = list(watching)
            said = component.reports.filter(source=ComponentReport.STAFF).first()
            self.initial["reported"] = said.state if said else ComponentStateName.OPERATIONAL

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        itself = None if self.instance._state.adding else self.instance
        if "name" in given and "group" in given:
            try:
                catalogue.free_component_name(given["name"], given["group"], itself)
            except Refused as refusal:
                self.add_error("name", refusal.sentence)
        return given


@admin.register(Component)
class ComponentAdmin(MovableRecord, RunbookAdmin, DeletableRecord):
    """What customers know by name: in which order, on which pages, in which state."""

    ability_to_add = Ability.MANAGE_PAGES
    ability_to_change = Ability.MANAGE_PAGES
    form = ComponentForm
    change_form_outer_before_template = "incidents/console/component_head.html"
    fields = [*CHANGEABLE[:4], "pages", "reported", "monitors", "follows_monitors"]
    list_display = ["name", "group", "state", "shown_on"]
    sortable_by = ()
    empty_words = "Add what customers know by name, so that incidents can say what they affect."
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
        if not change or "pages" in form.changed_data:
            arranging.show_component(component, pages=list(given["pages"]), by=by)
        if "reported" in form.changed_data:
            catalogue.report_state(component, state=given["reported"], by=by)
        if "monitors" in form.changed_data:
            watch_with(component, list(given["monitors"]), by=by)

    def _add(self, obj: Component, form: ComponentForm, request: HttpRequest) -> Component:
        given, by = form.cleaned_data, actor_of(request)
        names = ("description", "group", "position")
        facts = {name: given[name] for name in names}
        component = catalogue.add_component(given["name"], by=by, pages=(), **facts)
        if given["follows_monitors"]:
            catalogue.change_component(component, by=by, follows_monitors=True)
        obj._state.adding = False
        return component

    def move(self, record: Component, steps: int, by: Actor) -> None:
        arranging.move_component(record, steps=steps, by=by)

    def consequences(self, request: HttpRequest, obj: Component) -> list[str]:
        pages = ", ".join(page.name for page in obj.pages.all())
        affected = Incident.objects.open().filter(impacts__component=obj).count()
        now = [f"{affected} open incident{pluralize(affected, ' affects,s affect')} it now."]
        return [
            f"It disappears from {pages} with its uptime." if pages else "No page shows it.",
            *(now if affected else ()),
            "Incidents that name it go on naming it, and keep what they did to it.",
            "Monitors that watch it stay, and watch it no longer.",
            "There is no way back; a component added again starts with an empty history.",
        ]

    def delete_model(self, request: HttpRequest, obj: Component) -> None:
        catalogue.delete_component(obj, by=actor_of(request))


class GroupForm(forms.ModelForm[ComponentGroup]):
    class Meta:
        model = ComponentGroup
        fields = ("name", "position")

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        itself = None if self.instance._state.adding else self.instance
        try:
            return arranging.free_group_name(name, itself)
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal


@admin.register(ComponentGroup)
class ComponentGroupAdmin(MovableRecord, DeletableRecord):
    ability_to_add = Ability.MANAGE_PAGES
    ability_to_change = Ability.MANAGE_PAGES
    fields = ["name", "position"]
    form = GroupForm
    list_display = ["name", "holds"]
    sortable_by = ()
    empty_words = "Groups are headings on the page; components stand without one until then."

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

    def move(self, record: ComponentGroup, steps: int, by: Actor) -> None:
        arranging.move_group(record, steps=steps, by=by)

    def consequences(self, request: HttpRequest, obj: ComponentGroup) -> list[str]:
        names = [component.name for component in obj.components.all()]
        if not names:
            return ["No component is in it."]
        return [f"Its components stay and stand without a group: {', '.join(names)}."]

    def delete_model(self, request: HttpRequest, obj: ComponentGroup) -> None:
        arranging.delete_group(obj, by=actor_of(request))
