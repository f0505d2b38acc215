from importlib import import_module

from django.apps import AppConfig
from django.urls import register_converter

from atender.ids import ULIDConverter
from atender.listening import listener
from atender.startup import before_serving
from atender.tenants.forking import watch_forks


class TenantsConfig(AppConfig):
    name = "atender.tenants"
    label = "tenants"

    def ready(self) -> None:
        register_converter(ULIDConverter, "ulid")
        watch_forks()
        directory = import_module("atender.tenants.directory").directory
        before_serving(lambda: directory.follow(listener))
        before_serving(import_module("atender.tenants.internal").internal.start)
