from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from atender.own_key import refuse_missing_secrets
from atender.tenants.provisioning import prepare_database


class Command(BaseCommand):
    help = "Bring the shared schema and every tenant's to the migrations of this release."

    def handle(self, *_args: Any, **_options: Any) -> None:
        refuse_missing_secrets()
        counts = prepare_database()
        if not (counts["tenants"] or settings.DEMO):
            self.stdout.write("The database is prepared; create_tenant makes the first tenant.")
        elif counts["migrated"]:
            self.stdout.write(f"{counts['migrated']} of {counts['tenants']} tenants were migrated.")
