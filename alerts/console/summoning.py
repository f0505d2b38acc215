"""Beside an incident that nobody has: whom to page for it."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from alerts.models import EscalationPolicy, NotificationGroup
from alerts.summoning import summon
from atender.ids import ULID
from atender.refusals import Refused
from atender.staff.roles import Ability, may
from incidents.console.doors import WRITE, actor_of, of_incident
from incidents.console.screens import to_workspace
from incidents.models import Incident, Kind
from incidents.models.vocabulary import ResponderStatus


def render_summons(request: HttpRequest, incident: Incident) -> str:
    is_nobodys = incident.responder_status == ResponderStatus.TRIGGERED
    if incident.kind != Kind.INCIDENT or not is_nobodys or not may(request.user, Ability.DRAFT):
        return ""
    groups, policies = NotificationGroup.objects.all(), EscalationPolicy.objects.all()
    if not groups and not policies:
        return ""
    context = {"incident": incident, "groups": groups, "policies": policies}
    return render_to_string("alerts/summons.html", context, request=request)


@of_incident(Ability.DRAFT, WRITE)
def page_for(request: HttpRequest, incident: Incident) -> HttpResponse:
    kind, _, pk = request.POST.get("whom", "").partition(":")
    chosen: dict[str, Any] = {"group": None, "policy": None}
    rows: Any = {"group": NotificationGroup.objects, "policy": EscalationPolicy.objects}.get(kind)
    if rows is not None and ULID.fullmatch(pk):
        chosen[kind] = rows.filter(pk=pk).first()
    try:
        summon(incident, by=actor_of(request), **chosen)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        name = next(record.name for record in chosen.values() if record)
        messages.success(request, f"{name} is being called.")
    return to_workspace(incident)


page_view = admin.site.admin_view(page_for)
