from importlib import import_module

from django.apps import AppConfig


class MonitorsConfig(AppConfig):
    name = "monitors"

    def ready(self) -> None:
        import_module("monitors.console.places")
        import_module("monitors.receivers")
        import_module("monitors.tasks")
