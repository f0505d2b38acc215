"""The runbooks of what an incident names, beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from atender.markdown import render_markdown
from incidents.models import Component, Incident
from monitors.console.runbooks import runbook_url
from monitors.models import Monitor, Service
from monitors.runbooks import runbooks_of


@dataclass(frozen=True, slots=True)
class Guide:
    """A runbook as it stands beside an incident."""

    name: str
    html: SafeString
    url: str


def render_guides(request: HttpRequest, incident: Incident) -> str:
    """Render the runbooks and name the parts without one; empty if the incident names no part."""
    back = reverse("admin:incidents_incident_change", args=[incident.pk])
    return guides_of(request, subjects_of(incident), back=back, is_closed=incident.is_closed)


# How many parts without a runbook are named; an outage may affect thousands.
MOST_MISSING = 8


def guides_of(
    request: HttpRequest,
    subjects: Sequence[Model],
    *,
    back: str,
    is_closed: bool,
    anchor: str = "runbooks",
) -> str:
    """The runbooks of subjects, on a screen to which their editor leads back.

    `anchor` tells several of them on one screen apart.
    """
    if not subjects:
        return ""
    runbooks = runbooks_of(subject.pk for subject in subjects)
    guides, missing = [], []
    for subject in subjects:
        name, address = str(subject), runbook_url(subject)
        if subject.pk in runbooks:
            guides.append(Guide(name, render_markdown(runbooks[subject.pk].text), address))
        else:
            missing.append((name, address))
    context = {
        "guides": guides,
        "missing": missing[:MOST_MISSING],
        "more": max(len(missing) - MOST_MISSING, 0),
        "back": back,
        "is_closed": is_closed,
        "anchor": anchor,
    }
    return render_to_string("incidents/console/guides.html", context, request=request)


def subjects_of(incident: Incident) -> list[Model]:
    """What may have a runbook: its components, services and monitors. Three queries."""
    components = Component.objects.filter(impacts__incident=incident).distinct()
    monitors = list(Monitor.objects.filter(pk__in=incident.monitors.values("pk")))
    service_ids = {monitor.service_id for monitor in monitors} | {incident.service_id}
    services = Service.objects.filter(pk__in=[pk for pk in service_ids if pk])
    return list(chain(components, services, monitors))
