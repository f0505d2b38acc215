from typing import Any

from django.dispatch import receiver

from atender.actors import OPERATOR
from atender.tenants.models import Tenant
from atender.tenants.signals import tenant_created
from incidents.pages import create_page
from incidents.shipped_templates import ship


@receiver(tenant_created)
def give_the_default_page(tenant: Tenant, page_host: str, **_: Any) -> None:
    create_page(
        "status", name=tenant.name, by=OPERATOR, tenant=tenant, host=page_host, is_default=True
    )


@receiver(tenant_created)
def give_the_shipped_templates(tenant: Tenant, **_: Any) -> None:
    ship()
