from typing import Any

from django.core.management.base import BaseCommand

from atender.tenants.models import Tenant


class Command(BaseCommand):
    help = "List the tenants with their state and hosts."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for tenant in Tenant.objects.order_by("schema_name").prefetch_related("domains"):
            state = "suspended" if tenant.is_suspended else "active"
            hosts = " ".join(sorted(host.domain for host in tenant.domains.all()))
            self.stdout.write(f"{tenant.schema_name}\t{state}\t{tenant.name}\t{hosts}")
