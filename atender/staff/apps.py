from importlib import import_module

from django.apps import AppConfig

from atender.console import navigation


class StaffConfig(AppConfig):
    name = "atender.staff"
    label = "staff"
    verbose_name = "Settings"

    def ready(self) -> None:
        import_module("atender.staff.receivers")
        people = navigation.Entry(
            "Settings", "Who has access", "admin:staff_user_changelist", "group", order=90
        )
        navigation.register(people)
