from django.contrib import admin
from django.urls import URLPattern, path

from atender.console.own_screens import OwnScreens
from atender.roles import Ability
from incidents.console import importing
from incidents.models import ImportRun


@admin.register(ImportRun)
class ImportRunAdmin(OwnScreens):
    """Imports of other status pages."""

    ability_to_view = Ability.MANAGE_PAGES
    list_screen = importing.imports
    record_screen = importing.import_run

    def get_urls(self) -> list[URLPattern]:
        stop = self.admin_site.admin_view(importing.stop)
        urls: list[URLPattern] = super().get_urls()
        return [path("<ulid:pk>/stop/", stop, name="incidents_importrun_stop"), *urls]
