"""The demo's base address."""

from django.urls import path

from atender.demo.views import landing
from atender.urls.health import healthz

urlpatterns = [path("", landing, name="landing"), path("healthz", healthz)]
