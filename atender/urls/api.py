"""The REST API, version 1. Every app brings its own resources."""

from django.urls import include, path
from drf_spectacular.views import SpectacularSwaggerSplitView

from atender.api.served import schema

resources = [
    path("", include("atender.api.urls")),
    path("", include("incidents.api.urls")),
    path("", include("monitors.api.urls")),
    path("", include("alerts.api.urls")),
    path("", include("statuspage.api.urls")),
    path("", include("subscribers.api.urls")),
    path("", include("assist.api.urls")),
]

urlpatterns = [
    path("api/v1/", include(resources)),
    path("api/schema/", schema, name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
]
