from django import forms
from django.contrib import admin
from django.http import HttpRequest

from atender.console.theme import RecordAdmin
from atender.staff.roles import Ability
from monitors import catalogue
from monitors.models import Monitor, Service


@admin.register(Monitor)
class MonitorAdmin(RecordAdmin):
    ability_to_add = Ability.MANAGE_MONITORS
    fields = ["name", "service"]
    list_display = ["name", "service", "created_at"]
    list_filter = ["service"]
    search_fields = ["name"]
    list_select_related = ["service"]

    def save_model(
        self, request: HttpRequest, obj: Monitor, form: forms.ModelForm[Monitor], change: bool
    ) -> None:
        given = form.cleaned_data
        obj.pk = catalogue.add_monitor(given["name"], service=given["service"]).pk


@admin.register(Service)
class ServiceAdmin(RecordAdmin):
    ability_to_add = Ability.MANAGE_MONITORS
    fields = ["name", "description"]
    list_display = ["name", "description", "created_at"]
    search_fields = ["name"]

    def save_model(
        self, request: HttpRequest, obj: Service, form: forms.ModelForm[Service], change: bool
    ) -> None:
        given = form.cleaned_data
        obj.pk = catalogue.add_service(given["name"], description=given["description"]).pk
