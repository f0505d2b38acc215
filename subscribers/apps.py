from importlib import import_module

from django.apps import AppConfig


class SubscribersConfig(AppConfig):
    name = "subscribers"

    def ready(self) -> None:
        import_module("subscribers.console.deeds")
        import_module("subscribers.erasing")
        import_module("subscribers.receivers")
        import_module("subscribers.tasks")
        import_module("subscribers.panels")
        import_module("subscribers.reported")
