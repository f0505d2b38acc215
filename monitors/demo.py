"""What the demo's companies watch."""

from datetime import datetime

from atender.tenants.models import Tenant
from monitors.catalogue import add_monitor, add_service
from monitors.models import Service

WATCHED: dict[str, dict[str, tuple[str, ...]]] = {
    "acme": {
        "Platform": ("API probe", "Sign-in probe", "Webhook round trip"),
        "Shop": ("Checkout journey", "Search latency"),
    },
    "globex": {"Tracking": ("Tracking API probe", "Label printing probe")},
}


def seed(tenant: Tenant, *, now: datetime) -> None:
    if Service.objects.exists():
        return
    for service, monitors in WATCHED[tenant.schema_name].items():
        group = add_service(service)
        for name in monitors:
            add_monitor(name, service=group)
