from importlib import import_module

from django.apps import AppConfig

from atender.console import navigation
from atender.staff.roles import Ability


class StatuspageConfig(AppConfig):
    name = "statuspage"

    def ready(self) -> None:
        import_module("statuspage.deeds")
        import_module("statuspage.erasing")
        import_module("statuspage.receivers")
        import_module("statuspage.tasks")
        import_module("statuspage.panels")
        import_module("statuspage.ready")
        navigation.register(
            navigation.Entry(
                "Status pages",
                "Look and words",
                "admin:statuspage_branding_changelist",
                "palette",
                order=22,
                ability=Ability.MANAGE_PAGES,
            )
        )
        navigation.register(
            navigation.Entry(
                "Status pages",
                "Domains",
                "admin:statuspage_customdomain_changelist",
                "language",
                order=23,
                ability=Ability.MANAGE_PAGES,
            )
        )
        navigation.register(
            navigation.Entry(
                "Status pages",
                "Who may read",
                "admin:statuspage_access_changelist",
                "lock",
                order=24,
                ability=Ability.MANAGE_PAGES,
            )
        )
        navigation.register(
            navigation.Entry(
                "Status pages",
                "Wordings",
                "admin:statuspage_wording_changelist",
                "translate",
                order=23,
                ability=Ability.MANAGE_PAGES,
            )
        )
