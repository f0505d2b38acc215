from django.apps import AppConfig


class DueConfig(AppConfig):
    name = "atender.due"
    label = "due"
