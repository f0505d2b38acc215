from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "monitors.rounds"
    label = "rounds"
