from importlib import import_module

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "alerts"

    def ready(self) -> None:
        import_module("alerts.console.deeds")
        import_module("alerts.erasing")
        import_module("alerts.outages.explaining")
        import_module("alerts.receivers")
        import_module("alerts.tasks")
        import_module("alerts.api.monitor_fields")
        import_module("alerts.console.places")
