from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import pluralize
from django.utils.safestring import SafeString

from atender.actors import Actor
from atender.console.deleting import DeletableRecord
from atender.console.seen import SeenField
from atender.console.theme import Select, display
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of
from incidents.admin.moving import MovableRecord
from incidents.catalogue import arranging
from incidents.catalogue import components as catalogue
from incidents.catalogue.describing import COLUMNS, Description, describe_component
from incidents.console.choosing import components_in_order
from incidents.models import Component, ComponentGroup, Incident, Page
from incidents.models.vocabulary import ComponentStateName
from incidents.words import state_tag
from monitors.console.runbooks import RunbookAdmin
from monitors.models import Monitor


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
    seen = SeenField()

    class Meta:
        model = Component
        fields = COLUMNS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        component = self.instance
        if component._state.adding:
            self.initial["pages"] = list(Page.objects.filter(is_default=True))
            self.initial["position"] = Component.objects.count()
        else:
            stands = Description.of(component)
            self.initial["pages"], self.initial["monitors"] = stands.pages, stands.monitors
            self.initial["reported"], self.initial["seen"] = stands.reported, stands.seen

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        itself = None if self.instance._state.adding else self.instance
        if "name" in given and "group" in given:
            try:
                name = catalogue.free_component_name(given["name"], given["group"], itself)
                given["name"] = name
            except Refused as refusal:
                self.add_error("name", refusal.sentence)
        return given

    @property
    def described(self) -> Description:
        given = self.cleaned_data
        return Description(
            **{name: given[name] for name in COLUMNS},
            pages=frozenset(given["pages"]),
            reported=given["reported"],
            monitors=frozenset(given["monitors"]),
        )


@admin.register(Component)
class ComponentAdmin(MovableRecord, RunbookAdmin, DeletableRecord):
    """What customers know by name: in which order, on which pages, in which state."""

    ability_to_add = Ability.MANAGE_PAGES
    ability_to_change = Ability.MANAGE_PAGES
    form = ComponentForm
    change_form_outer_before_template = "incidents/console/component_head.html"
    fields = [*COLUMNS[:4], "pages", "reported", "monitors", "follows_monitors"]
    list_display = ["name", "group", "state", "shown_on"]
    sortable_by = ()
    empty_words = "Add what customers know by name, so that incidents can say what they affect."
    list_filter = ["group", "pages"]
    search_fields = ["name", "description"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Component]:
        return components_in_order().prefetch_related("pages", "states")

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return [F("group__position").asc(nulls_last=True), "group__name", "position", "name"]

    def get_fields(self, request: HttpRequest, obj: Component | None = None) -> list[str]:
        if self.has_change_permission(request, obj):
            return self.fields
        return [*COLUMNS[:4], "shown_on", "said", "watched_by", "follows_monitors"]

    @display(description="State now")
    def state(self, component: Component) -> SafeString:
        now = [state.state for state in component.states.all() if state.page_id is None]
        return state_tag(now[0] if now else ComponentStateName.OPERATIONAL)

    @display(description="Shown on")
    def shown_on(self, component: Component) -> str:
        return ", ".join(page.name for page in component.pages.all()) or "no page"

    @display(description="State apart from incidents")
    def said(self, component: Component) -> SafeString:
        return state_tag(Description.of(component).reported)

    @display(description="Watched by")
    def watched_by(self, component: Component) -> str:
        watching = Monitor.objects.filter(component_links__component=component)
        return ", ".join(monitor.name for monitor in watching) or "no monitor"

    def save_model(
        self, request: HttpRequest, obj: Component, form: ComponentForm, change: bool
    ) -> None:
        by, wanted = actor_of(request), form.described
        if change:
            describe_component(obj, wanted, seen=form.cleaned_data["seen"], by=by)
            return
        own = {name: getattr(wanted, name) for name in ("description", "group", "position")}
        component = catalogue.add_component(wanted.name, by=by, pages=(), **own)
        describe_component(component, wanted, by=by)
        obj.pk, obj._state.adding = component.pk, False

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
    seen = SeenField()

    class Meta:
        model = ComponentGroup
        fields = ("name", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial["seen"] = arranging.seen_group(self.instance)

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
            arranging.change_group(obj, name=name, position=position, seen=given["seen"], by=by)
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
