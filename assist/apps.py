from importlib import import_module

from django.apps import AppConfig
from django.conf import settings

from atender.console import navigation
from atender.staff.roles import Ability
from atender.startup import read_once


class AssistConfig(AppConfig):
    name = "assist"

    def ready(self) -> None:
        import_module("assist.console.deeds")
        import_module("assist.console.guiding")
        import_module("assist.console.incident_report")
        import_module("assist.console.receipt")
        import_module("assist.console.waves")
        import_module("assist.conversations.erasing")
        import_module("assist.receivers")
        import_module("assist.tasks")
        navigation.register(
            navigation.Entry(
                "Assist", "Try a message", "assist_try_a_message", "psychology_alt", order=60
            )
        )
        navigation.register(
            navigation.Entry("Incidents", "Reports", "assist_reports", "bar_chart", order=18)
        )
        navigation.register(
            navigation.Entry(
                "Assist", "Fire drill", "assist_drills", "local_fire_department", order=66
            )
        )
        navigation.register(
            navigation.Entry("Assist", "Conversation sources", "assist_sources", "cable", order=62)
        )
        navigation.register(
            navigation.Entry("Assist", "Sidekick", "sidekick", "support_agent", order=59)
        )
        navigation.register(
            navigation.Entry(
                "Settings",
                "Language model",
                "admin:assist_languagemodel_changelist",
                "neurology",
                ability=Ability.ADMINISTER,
                order=94,
            )
        )
        navigation.register(
            navigation.Entry(
                "Settings",
                "Embedding model",
                "admin:assist_embeddingmodel_changelist",
                "scatter_plot",
                ability=Ability.ADMINISTER,
                order=95,
            )
        )
        navigation.register(
            navigation.Entry(
                "Assist",
                "Customer chat",
                "assist_demo_chat",
                "forum",
                order=69,
                is_shown=lambda: bool(settings.DEMO),
            )
        )
        read_once(self._read_the_model)

    @staticmethod
    def _read_the_model() -> None:
        """The first match reads lexicon, model and language profiles: about half a second."""
        import_module("assist.matching").match("is it down?", ())
