"""The verbs of monitors and services."""

from django.db import transaction

from atender.refusals import Refused
from atender.texts import clean_line
from monitors.models import Monitor, Service


@transaction.atomic
def add_service(name: str, *, description: str = "") -> Service:
    line = clean_line(name, field="name", noun="A service's name", longest=120)
    if Service.objects.filter(name=line).exists():
        raise Refused(f"There is a service '{line}' already; choose another name.", field="name")
    return Service.objects.create(name=line, description=description)


@transaction.atomic
def add_monitor(name: str, *, service: Service | None = None) -> Monitor:
    line = clean_line(name, field="name", noun="A monitor's name", longest=120)
    return Monitor.objects.create(name=line, service=service)
