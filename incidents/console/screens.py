"""Where one is led from an incident's screens."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from incidents.models import Incident


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
