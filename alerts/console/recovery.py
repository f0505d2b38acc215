"""Beside an incident that monitors opened: whether they resolve it, or somebody does."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from alerts.outages.telling_customers import is_resolved_by_monitors
from atender.console.doors import WRITE
from atender.roles import Ability
from atender.staff.session import actor_of
from incidents.console.doors import of_incident
from incidents.console.screens import to_workspace
from incidents.correcting import change_incident
from incidents.models import Incident

ANSWERS = {"yes": True, "no": False}
UNKNOWN = "Say whether it stays open: yes or no."
NOT_THEIRS = "Monitors do not resolve it anyway: it is closed, or somebody opened it by hand."


def render_recovery(request: HttpRequest, incident: Incident) -> str:
    if not is_resolved_by_monitors(incident):
        return ""
    context = {
        "incident": incident,
        "is_failing": incident.alerts.open().of_failures().exists(),
        "is_public": incident.publications.exists(),
    }
    return render_to_string("alerts/recovery.html", context, request=request)


@of_incident(Ability.EDIT, WRITE)
def hold(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Hold it open, or let its monitors resolve it; a second click changes nothing."""
    is_held = ANSWERS.get(request.POST.get("is_held", ""))
    if is_held is None:
        messages.error(request, UNKNOWN)
    elif not is_resolved_by_monitors(incident):
        messages.info(request, NOT_THEIRS)
    elif incident.holds_auto_resolve != is_held:
        change_incident(incident, by=actor_of(request), holds_auto_resolve=is_held)
    return to_workspace(incident)


hold_view = admin.site.admin_view(hold)
