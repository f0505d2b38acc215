from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from atender.own_key import refuse_missing_secrets
from atender.refusals import Refused
from atender.tenants.context import in_tenant
from atender.tenants.links import url_of
from atender.tenants.models import Domain, Tenant
from atender.tenants.provisioning import create_tenant
from atender.tenants.signals import admin_named


class Command(BaseCommand):
    help = "Make a tenant: schema, console, default page, and an invitation for its first admin."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("schema", help="small letters, digits and underscores")
        parser.add_argument("--name", required=True, help="the company's name")
        parser.add_argument("--email", required=True, help="address of the first admin")
        parser.add_argument("--console-host", default="")
        parser.add_argument("--page-host", default="")

    def handle(self, *_args: Any, **options: Any) -> None:
        refuse_missing_secrets()
        try:
            with transaction.atomic():
                tenant = create_tenant(
                    options["schema"],
                    name=options["name"],
                    console_host=options["console_host"],
                    page_host=options["page_host"],
                )
                with in_tenant(tenant.schema_name):
                    answers = admin_named.send(Tenant, email=options["email"])
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        for host in Domain.objects.filter(tenant=tenant).order_by("kind", "domain"):
            self.stdout.write(f"{host.get_kind_display()}: {url_of(host.domain)}")
        for line in filter(None, (line for _receiver, line in answers)):
            self.stdout.write(line)
