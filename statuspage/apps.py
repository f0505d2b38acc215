from importlib import import_module

from django.apps import AppConfig


class StatuspageConfig(AppConfig):
    name = "statuspage"

    def ready(self) -> None:
        import_module("statuspage.console.deeds")
        import_module("statuspage.erasing")
        import_module("statuspage.receivers")
        import_module("statuspage.tasks")
        import_module("statuspage.console.places")
        import_module("statuspage.visitors.ready")
