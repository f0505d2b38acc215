"""Beside an incident that nobody has: whom to page for it."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from alerts.by_hand.summoning import summon
from alerts.console.whom import chosen, whom_choices
from atender.console.doors import WRITE
from atender.refusals import Refused
from atender.roles import Ability, may
from atender.staff.session import actor_of
from incidents.console.doors import of_incident
from incidents.console.screens import to_workspace
from incidents.models import Incident, Kind
from incidents.models.vocabulary import ResponderStatus


def render_summons(request: HttpRequest, incident: Incident) -> str:
    is_nobodys = incident.responder_status == ResponderStatus.TRIGGERED
    if incident.kind != Kind.INCIDENT or not is_nobodys or not may(request.user, Ability.DRAFT):
        return ""
    choices = whom_choices()
    if not choices:
        return ""
    context = {"incident": incident, "choices": choices}
    return render_to_string("alerts/summons.html", context, request=request)


@of_incident(Ability.DRAFT, WRITE)
def page_for(request: HttpRequest, incident: Incident) -> HttpResponse:
    whom = chosen(request.POST.get("whom", ""))
    try:
        summon(incident, by=actor_of(request), **whom)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        name = next(record.name for record in whom.values() if record)
        messages.success(request, f"{name} is being called.")
    return to_workspace(incident)


page_view = admin.site.admin_view(page_for)
