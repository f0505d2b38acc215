from importlib import import_module

from django.apps import AppConfig

from atender.startup import read_once


class AssistConfig(AppConfig):
    name = "assist"

    def ready(self) -> None:
        import_module("assist.console.deeds")
        import_module("assist.console.guiding")
        import_module("assist.console.incident_report")
        import_module("assist.console.places")
        import_module("assist.console.receipt")
        import_module("assist.console.waves")
        import_module("assist.conversations.erasing")
        import_module("assist.receivers")
        import_module("assist.tasks")
        read_once(self._read_the_model)

    @staticmethod
    def _read_the_model() -> None:
        """The first match reads lexicon, model and language profiles: about half a second."""
        import_module("assist.matching").match("is it down?", ())
