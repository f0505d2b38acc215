from django.apps import AppConfig


class GenerationsConfig(AppConfig):
    name = "atender.generations"
    label = "generations"
