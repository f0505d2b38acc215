from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from atender.console.theme import RecordAdmin
from atender.staff.roles import Ability
from incidents.console import importing
from incidents.models import ImportRun


@admin.register(ImportRun)
class ImportRunAdmin(RecordAdmin):
    """Imports of other status pages. Replaces the admin's screens with the console's own."""

    ability_to_view = Ability.MANAGE_PAGES

    def get_urls(self) -> list[URLPattern]:
        stop = self.admin_site.admin_view(importing.stop)
        urls: list[URLPattern] = super().get_urls()
        return [path("<ulid:pk>/stop/", stop, name="incidents_importrun_stop"), *urls]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return importing.imports(request)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return importing.imports(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return importing.import_run(request, object_id)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        return importing.import_run(request, object_id)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        return importing.import_run(request, object_id)
