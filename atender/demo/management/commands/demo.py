import sys
from typing import Any

from django.core.management.base import BaseCommand

from atender.supervisor.demo import main


class Command(BaseCommand):
    help = "Run the demo in the foreground: PostgreSQL, web, workers and clock, until stopped."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        sys.exit(main())
