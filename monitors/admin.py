"""Monitors and services in the console."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator

from atender.console.deleting import DeletableRecord
from atender.console.theme import NumberInput, Select, TextInput, display
from atender.refusals import Refused
from atender.staff.roles import Ability
from atender.staff.session import person_of
from monitors import catalogue
from monitors.console.runbooks import RunbookAdmin
from monitors.models import Monitor, Service
from monitors.watching import Watch, checked

PLAIN = ("kind", "url", "interval_s", "timeout_s", "retries", "regions")


class RegionsField(forms.CharField):
    """Names of regions, separated by commas."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return [name for name in (part.strip() for part in super().clean(value).split(",")) if name]


class MonitorForm(forms.ModelForm[Monitor]):
    service = forms.ModelChoiceField(
        queryset=Service.objects.all(), required=False, widget=Select, empty_label="none"
    )
    regions = RegionsField(
        required=False,
        widget=TextInput,
        help_text="Separated by commas, such as eu-west, us-east. Empty: wherever there is one.",
    )

    class Meta:
        model = Monitor
        fields = ("name", "service", *PLAIN)
        widgets = dict.fromkeys(("interval_s", "timeout_s", "retries"), NumberInput)
        help_texts = {
            "name": "Shown to the public where an incident names the monitor.",
            "url": "What is called: a web address, or host:port. Empty for a heartbeat.",
            "retries": "Before it counts as failed.",
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        _say(self, lambda: catalogue.monitor_name(given.get("name") or ""))
        watch = {name: given[name] for name in PLAIN if given.get(name) is not None}
        _say(self, lambda: checked(Watch(**watch)))
        return given


class ServiceForm(forms.ModelForm[Service]):
    class Meta:
        model = Service
        fields = ("name", "description")

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        itself = None if self.instance._state.adding else self.instance
        _say(self, lambda: catalogue.free_service_name(name, itself))
        return name


def _say(form: forms.ModelForm[Any], check: Callable[[], object]) -> None:
    """Show a verb's refusal beside its field, unless that has something to say already."""
    try:
        check()
    except Refused as refusal:
        if refusal.field not in form.errors:
            form.add_error(refusal.field, refusal.sentence)


@admin.register(Monitor)
class MonitorAdmin(RunbookAdmin, DeletableRecord):
    ability_to_add = Ability.MANAGE_MONITORS
    ability_to_change = Ability.MANAGE_MONITORS
    form = MonitorForm
    fields = ["name", "service", "kind", "url", "interval_s", "timeout_s", "retries", "regions"]
    list_display = ["called", "kind", "service", "every"]
    list_filter = ["kind", "service"]
    search_fields = ["name", "url"]
    list_select_related = ["service"]

    @display(description="Monitor", ordering="name", header=True)
    def called(self, monitor: Monitor) -> list[str]:
        return [monitor.name, Truncator(monitor.url).chars(60)]

    @display(description="Checked every", ordering="interval_s")
    def every(self, monitor: Monitor) -> str:
        return f"{monitor.interval_s:,} s"

    def save_model(
        self, request: HttpRequest, obj: Monitor, form: MonitorForm, change: bool
    ) -> None:
        by, given = person_of(request).actor, form.cleaned_data
        if change:
            changes = {name: given[name] for name in form.changed_data}
            if changes:
                catalogue.change_monitor(obj, by=by, **changes)
            return
        watch = Watch(**{name: given[name] for name in PLAIN})
        added = catalogue.add_monitor(given["name"], by=by, service=given["service"], watch=watch)
        obj.pk = added.pk

    def consequences(self, request: HttpRequest, obj: Monitor) -> list[str]:
        return [
            "It is not checked any more, and what it said of components counts no longer.",
            "Incidents that name it go on naming it.",
            "There is no way back; a new monitor starts without a history.",
        ]

    def delete_model(self, request: HttpRequest, obj: Monitor) -> None:
        catalogue.delete_monitor(obj, by=person_of(request).actor)


@admin.register(Service)
class ServiceAdmin(RunbookAdmin, DeletableRecord):
    """Groups of monitors, by which responders think of what broke."""

    ability_to_add = Ability.MANAGE_MONITORS
    ability_to_change = Ability.MANAGE_MONITORS
    form = ServiceForm
    fields = ["name", "description"]
    list_display = ["called", "holds"]
    search_fields = ["name", "description"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Service]:
        services: QuerySet[Service] = super().get_queryset(request)
        return services.annotate(size=Count("monitors", filter=Q(monitors__deleted_at=None)))

    @display(description="Service", ordering="name", header=True)
    def called(self, service: Service) -> list[str]:
        return [service.name, service.description]

    @display(description="Monitors", ordering="size")
    def holds(self, service: Service) -> int:
        size: int = service.size  # type: ignore[attr-defined]
        return size

    def save_model(
        self, request: HttpRequest, obj: Service, form: ServiceForm, change: bool
    ) -> None:
        by, given = person_of(request).actor, form.cleaned_data
        if not change:
            facts = {"description": given["description"]}
            obj.pk = catalogue.add_service(given["name"], by=by, **facts).pk
        elif form.changed_data:
            changes = {name: given[name] for name in form.changed_data}
            catalogue.change_service(obj, by=by, **changes)

    def consequences(self, request: HttpRequest, obj: Service) -> list[str]:
        names = [monitor.name for monitor in obj.monitors.all()]
        left = f"These monitors stay, without a service: {', '.join(names)}." if names else ""
        said = ["Incidents and changes that name it go on naming it.", "There is no way back."]
        return [sentence for sentence in (left, *said) if sentence]

    def delete_model(self, request: HttpRequest, obj: Service) -> None:
        catalogue.delete_service(obj, by=person_of(request).actor)
