from importlib import import_module

from django.apps import AppConfig


class StatuspageConfig(AppConfig):
    name = "statuspage"

    def ready(self) -> None:
        import_module("statuspage.deeds")
        import_module("statuspage.erasing")
        import_module("statuspage.receivers")
        import_module("statuspage.tasks")
        import_module("statuspage.panels")
        import_module("statuspage.ready")
