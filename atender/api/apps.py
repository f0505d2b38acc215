from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "atender.api"
    label = "api"
    verbose_name = "Settings"
