from importlib import import_module

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "atender.api"
    label = "api"
    verbose_name = "Settings"

    def ready(self) -> None:
        import_module("atender.api.erasing")
        import_module("atender.api.tasks")
