from django.apps import AppConfig


class LimitsConfig(AppConfig):
    name = "atender.limits"
    label = "limits"
