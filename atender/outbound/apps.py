from importlib import import_module

from django.apps import AppConfig

from atender.console import navigation
from atender.roles import Ability


class OutboundConfig(AppConfig):
    name = "atender.outbound"
    label = "outbound"
    verbose_name = "Settings"

    def ready(self) -> None:
        import_module("atender.outbound.erasing")
        import_module("atender.outbound.receivers")
        import_module("atender.outbound.tasks")
        navigation.register(
            navigation.Entry(
                "Settings",
                "E-mail channel",
                "admin:outbound_mailchannel_changelist",
                "outgoing_mail",
                ability=Ability.ADMINISTER,
                order=92,
            )
        )
        navigation.register(
            navigation.Entry(
                "Settings",
                "How mails are signed",
                "admin:outbound_letterhead_changelist",
                "signature",
                ability=Ability.ADMINISTER,
                order=93,
            )
        )
