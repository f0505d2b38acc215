from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from atender.refusals import Refused
from atender.tenants.provisioning import delete_tenant, tenant_named


class Command(BaseCommand):
    help = "Delete a tenant with all its data. There is no way back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("schema")
        parser.add_argument("--confirm", default="", help="the schema's name once more")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            tenant = tenant_named(options["schema"])
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        if options["confirm"] != tenant.schema_name:
            raise CommandError(
                f"This deletes {tenant.name} with every incident, subscriber and person. "
                f"To do it, add --confirm {tenant.schema_name}."
            )
        delete_tenant(tenant)
        self.stdout.write(f"{tenant.name} is deleted.")
