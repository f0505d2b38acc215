from typing import Any

from django.core.management.base import BaseCommand

from atender.demo.seeding import seed_demo


class Command(BaseCommand):
    help = "Make the demo's two companies with their data, once, and write demo.json."

    def handle(self, *_args: Any, **_options: Any) -> None:
        seed_demo()
