from django.urls import path

from alerts.console.summoning import page_view
from alerts.console.taking import take
from alerts.slack.views import take_command

urlpatterns = [
    path("take/<str:token>", take, name="alert_take"),
    path("page/<ulid:pk>/", page_view, name="alert_page_for"),
    path("slack", take_command, name="slack_command"),
]
