from typing import Any

from django.core.management.base import BaseCommand

from atender.tenants.provisioning import prepare_database


class Command(BaseCommand):
    help = "Bring the shared schema and every tenant's to the migrations of this release."

    def handle(self, *_args: Any, **_options: Any) -> None:
        counts = prepare_database()
        if counts["migrated"]:
            self.stdout.write(f"{counts['migrated']} of {counts['tenants']} tenants were migrated.")
