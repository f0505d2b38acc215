from typing import Any

from django.dispatch import receiver

from atender.tenants.signals import tenant_deleted
from monitors.rounds.models import Round


@receiver(tenant_deleted)
def end_its_rounds(schema: str, **_: Any) -> None:
    Round.objects.filter(schema=schema).delete()
