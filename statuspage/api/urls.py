from django.urls import path

from statuspage.api.uptime import ComponentUptime

urlpatterns = [
    path("components/<ulid:component_id>/uptime", ComponentUptime.as_view()),
]
