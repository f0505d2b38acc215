from importlib import import_module

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "incidents"

    def ready(self) -> None:
        import_module("incidents.receivers")
        import_module("incidents.tasks")
        import_module("incidents.importing.tasks")
        import_module("incidents.console.places")
        import_module("incidents.console.key_pages")
        import_module("incidents.api.monitor_fields")
