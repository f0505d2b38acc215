from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from atender.demo.static_files import collect_if_changed


class Command(BaseCommand):
    help = "Bring the demo's database, static files and example data up to date."

    def handle(self, *_args: Any, **_options: Any) -> None:
        collect_if_changed()
        call_command("prepare", stdout=self.stdout)
        call_command("seed_demo", stdout=self.stdout)
