from importlib import import_module

from django.contrib.admin.apps import AdminConfig
from unfold.apps import BasicAppConfig

from atender.console import panels


class UnfoldConfig(BasicAppConfig):
    """The theme's templates and static files, without its own site in place of ours.

    The first of all apps, so that it teaches the frameworks our sentences before any form is made.
    """

    def ready(self) -> None:
        super().ready()
        sentences = import_module("atender.sentences")
        sentences.teach_forms()
        sentences.teach_bodies()


class ConsoleConfig(AdminConfig):
    default_site = "atender.console.site.ConsoleSite"

    def ready(self) -> None:
        super().ready()
        panels.register("now.side", import_module("atender.console.queue").queue_panel, order=90)
