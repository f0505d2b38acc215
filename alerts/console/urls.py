from django.urls import path

from alerts.console.taking import take
from alerts.slack.views import take_command

urlpatterns = [
    path("take/<str:token>", take, name="alert_take"),
    path("slack", take_command, name="slack_command"),
]
