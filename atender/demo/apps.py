from django.apps import AppConfig

from atender.console import navigation
from atender.demo.shaky.moods import is_there
from atender.outbound.maildir import is_in_use


class DemoConfig(AppConfig):
    name = "atender.demo"
    label = "demo"

    def ready(self) -> None:
        navigation.register(
            navigation.Entry("Settings", "Mailbox", "mailbox", "mail", order=99, is_shown=is_in_use)
        )
        navigation.register(
            navigation.Entry(
                "Settings", "Shaky service", "shaky", "bolt", order=98, is_shown=is_there
            )
        )
