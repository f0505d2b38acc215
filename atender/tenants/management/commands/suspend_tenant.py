from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from atender.refusals import Refused
from atender.tenants.provisioning import suspend_tenant, tenant_named


class Command(BaseCommand):
    help = "Stop serving a tenant's hosts; its data stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("schema")
        parser.add_argument("--resume", action="store_true", help="serve them again")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            tenant = tenant_named(options["schema"])
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        suspend_tenant(tenant, is_suspended=not options["resume"])
        state = "is served again" if options["resume"] else "is suspended: its hosts answer 404"
        self.stdout.write(f"{tenant.name} {state}.")
