from django.urls import path

from alerts.console.recovery import hold_view
from alerts.console.summoning import page_view
from alerts.console.taking import take
from alerts.slack.views import take_command

urlpatterns = [
    path("take/<str:token>", take, name="alert_take"),
    path("page/<ulid:pk>/", page_view, name="alert_page_for"),
    path("hold/<ulid:pk>/", hold_view, name="alert_incident_hold"),
    path("slack", take_command, name="slack_command"),
]
