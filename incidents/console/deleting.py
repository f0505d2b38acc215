"""Deleting asks once, and says what will happen to whom."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from atender.console.screens import screen
from atender.roles import Ability
from atender.staff.session import actor_of
from incidents import lifecycle, timeline
from incidents.console.choosing import impacts_of
from incidents.console.doors import of_incident
from incidents.console.screens import to_workspace
from incidents.forgetting import reported_beside
from incidents.models import Incident, IncidentUpdate


@of_incident(Ability.DELETE)
def delete_update(request: HttpRequest, incident: Incident, update: IncidentUpdate) -> HttpResponse:
    if request.method == "POST":
        timeline.delete_update(update, by=actor_of(request))
        messages.success(request, "The text is deleted; the timeline says that one was.")
        return to_workspace(incident)
    return screen(
        request,
        "incidents/console/delete_update.html",
        title="Delete the text of this update?",
        incident=incident,
        update=update,
        shown_on=list(incident.pages.all()),
    )


@of_incident(Ability.DELETE)
def delete_incident(request: HttpRequest, incident: Incident) -> HttpResponse:
    if request.method == "POST":
        lifecycle.delete_incident(incident, by=actor_of(request))
        messages.success(request, f"“{incident.title}” is deleted; the audit log keeps its title.")
        return redirect("admin:index")
    impacts = impacts_of(incident)
    reported = reported_beside(incident)
    remembered = [one.component.name for one in impacts if one.component_id in reported]
    forgotten = [one.component.name for one in impacts if one.component_id not in reported]
    return screen(
        request,
        "incidents/console/delete_incident.html",
        title="Delete this incident?",
        incident=incident,
        impacts=impacts,
        forgotten=", ".join(forgotten),
        remembered=", ".join(remembered),
        shown_on=list(incident.pages.all()),
        updates=incident.updates.kept().count(),
    )
