from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from atender.actors import OPERATOR
from atender.own_key import refuse_missing_secrets
from atender.refusals import Refused
from atender.roles import Role
from atender.staff.invitations import invite, link_of
from atender.tenants.context import in_tenant
from atender.tenants.provisioning import tenant_named


class Command(BaseCommand):
    help = "Invite a person to a tenant's console by mail, and print the link."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("schema", help="the tenant's schema")
        parser.add_argument("email")
        parser.add_argument("--role", choices=Role.values, default=Role.ADMIN)

    def handle(self, *_args: Any, **options: Any) -> None:
        refuse_missing_secrets()
        try:
            tenant = tenant_named(options["schema"])
            with in_tenant(tenant.schema_name):
                _, token = invite(options["email"], role=options["role"], by=OPERATOR)
                link = link_of(token)
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"Invited. The link works once, for seven days:\n{link}")
