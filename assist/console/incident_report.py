"""The report of one incident: a card beside it."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from assist.reports.of_incident import report_of
from atender.console import panels
from incidents.models import Incident, Kind


def render_report(request: HttpRequest, incident: Incident) -> str:
    if incident.kind != Kind.INCIDENT:
        return ""
    context = {"incident": incident, "report": report_of(incident, now=timezone.now())}
    return render_to_string("assist/console/incident_report.html", context, request=request)


panels.register("incident.side", render_report, order=30)
