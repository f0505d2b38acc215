from typing import Any

from django.dispatch import receiver

from atender.due.models import Due
from atender.tenants.signals import tenant_deleted


@receiver(tenant_deleted)
def forget_its_work(schema: str, **_: Any) -> None:
    Due.objects.filter(schema=schema).delete()
