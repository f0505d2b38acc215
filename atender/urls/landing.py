"""The demo's base address."""

from django.urls import include, path

from atender.demo.views import landing
from atender.urls.health import healthz

urlpatterns = [
    path("", landing, name="landing"),
    path("help-desk/", include("assist.demo.help_desk_urls")),
    path("healthz", healthz),
]
