"""Addresses that other products' documents teach; docs/compatibility.md lists them."""

from django.urls import path

from incidents.api.dialects import kener, siteqwality

urlpatterns = [
    path("api/incidents", kener.IncidentList.as_view()),
    path("api/incidents/<ulid:incident_id>/updates", kener.UpdateList.as_view()),
    path("incident", siteqwality.IncidentList.as_view()),
    path("status_page/<ulid:page_id>/incident", siteqwality.PageIncidentList.as_view()),
]
