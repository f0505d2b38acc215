from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme

from incidents.models import Incident


def screen(
    request: HttpRequest, template: str, *, title: str, status: int = 200, **context: Any
) -> TemplateResponse:
    """Answer with one of the console's own screens."""
    everywhere = admin.site.each_context(request)
    return TemplateResponse(
        request, template, {**everywhere, "title": title, **context}, status=status
    )


def to_workspace(incident: Incident, query: str = "") -> HttpResponse:
    answer = redirect("admin:incidents_incident_change", incident.pk)
    answer["Location"] += query
    return answer


def back(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Return to where the button was: the path in `next`, or the incident."""
    path = request.POST.get("next", "")
    if path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return redirect(path)
    return to_workspace(incident)
