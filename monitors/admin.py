"""Monitors and services in the console."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from atender.console.deleting import DeletableRecord
from atender.console.seen import SeenField
from atender.console.theme import display
from atender.roles import Ability
from atender.staff.session import actor_of
from monitors import catalogue
from monitors.configs.watching import Watch
from monitors.console.monitor_form import SHARED, MonitorForm, fieldsets, say
from monitors.console.runbooks import RunbookAdmin
from monitors.console.watched import WatchedRecord
from monitors.models import Monitor, Service
from monitors.seeing import seen_service
from monitors.words import held_until, ms, verdict_tag


class ServiceForm(forms.ModelForm[Service]):
    seen = SeenField()

    class Meta:
        model = Service
        fields = ("name", "description")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial["seen"] = seen_service(self.instance)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        itself = None if self.instance._state.adding else self.instance
        say(self, lambda: catalogue.free_service_name(name, itself))
        return name


@admin.register(Monitor)
class MonitorAdmin(WatchedRecord, RunbookAdmin, DeletableRecord):
    ability_to_add = Ability.MANAGE_MONITORS
    ability_to_change = Ability.MANAGE_MONITORS
    form = MonitorForm
    fieldsets = tuple(fieldsets())
    empty_words = "A monitor watches something of yours, and says at once when it fails."
    list_display = ["called", "stands", "since", "latency", "service", "every"]
    list_filter = ["verdict", "kind", "service"]
    search_fields = ["name", "url"]
    list_select_related = ["service"]

    @display(description="Monitor", ordering="name", header=True)
    def called(self, monitor: Monitor) -> list[str]:
        if monitor.lacks_address:
            return [monitor.name, "has no address yet"]
        return [monitor.name, Truncator(monitor.url or monitor.get_kind_display()).chars(60)]

    @display(description="Verdict", ordering="verdict")
    def stands(self, monitor: Monitor) -> SafeString:
        tag = verdict_tag(monitor.verdict)
        if monitor.held_since is None:
            return tag
        return format_html('{} <span class="meta">held until {}</span>', tag, held_until(monitor))

    @display(description="Since", ordering="verdict_since")
    def since(self, monitor: Monitor) -> datetime | None:
        return monitor.verdict_since

    @display(description="Latency", ordering="latency_ms")
    def latency(self, monitor: Monitor) -> str | None:
        return None if monitor.latency_ms is None else ms(monitor.latency_ms)

    @display(description="Checked every", ordering="interval_s")
    def every(self, monitor: Monitor) -> str:
        return "not checked" if monitor.lacks_address else f"{monitor.interval_s:,} s"

    def save_model(self, request: HttpRequest, obj: Monitor, form: Any, change: bool) -> None:
        by, given = actor_of(request), form.cleaned_data
        if change:
            if changes := form.changes():
                catalogue.change_monitor(obj, by=by, seen=given["seen"], **changes)
            return
        watch = Watch(**{name: given[name] for name in SHARED}, config=form.config())
        added = catalogue.add_monitor(given["name"], by=by, service=given["service"], watch=watch)
        obj.pk = added.pk

    def consequences(self, request: HttpRequest, obj: Monitor) -> list[str]:
        return [
            "It is not checked any more, and what it said of components counts no longer.",
            "Incidents that name it go on naming it.",
            "There is no way back; a new monitor starts without a history.",
        ]

    def delete_model(self, request: HttpRequest, obj: Monitor) -> None:
        catalogue.delete_monitor(obj, by=actor_of(request))


@admin.register(Service)
class ServiceAdmin(RunbookAdmin, DeletableRecord):
    """Groups of monitors, by which responders think of what broke."""

    ability_to_add = Ability.MANAGE_MONITORS
    ability_to_change = Ability.MANAGE_MONITORS
    form = ServiceForm
    fields = ["name", "description"]
    empty_words = "Monitors that fail together belong to a service: one incident, one runbook."
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
        by, given = actor_of(request), form.cleaned_data
        if not change:
            facts = {"description": given["description"]}
            obj.pk = catalogue.add_service(given["name"], by=by, **facts).pk
            return
        seen = given.pop("seen")
        if changes := {name: given[name] for name in form.changed_data if name in given}:
            catalogue.change_service(obj, by=by, seen=seen, **changes)

    def consequences(self, request: HttpRequest, obj: Service) -> list[str]:
        names = [monitor.name for monitor in obj.monitors.all()]
        left = f"These monitors stay, without a service: {', '.join(names)}." if names else ""
        said = ["Incidents and changes that name it go on naming it.", "There is no way back."]
        return [sentence for sentence in (left, *said) if sentence]

    def delete_model(self, request: HttpRequest, obj: Service) -> None:
        catalogue.delete_service(obj, by=actor_of(request))
