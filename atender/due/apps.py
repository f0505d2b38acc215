from importlib import import_module

from django.apps import AppConfig


class DueConfig(AppConfig):
    name = "atender.due"
    label = "due"

    def ready(self) -> None:
        import_module("atender.due.receivers")
