"""How long the public has been waiting for an update, as the workspace shows it."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from incidents.models import Incident, Kind
from incidents.nudges.nudging import shown_since
from incidents.nudges.silence import Silence
from incidents.promises.keeping import promises_of
from incidents.promises.outcomes import Outcome, tally


def render_waiting(request: HttpRequest, incident: Incident) -> str:
    """That the public has heard nothing for too long, and who was reminded; else nothing."""
    now = timezone.now()
    shown = None if incident.is_closed else shown_since(incident)
    if shown is None:
        return ""
    silence = Silence.of(incident, shown)
    is_silent = incident.kind == Kind.INCIDENT and silence.is_too_long(now)
    promised = incident.next_update_by
    nudge = incident.nudges.filter(about__in=filter(None, (promised, silence.since))).first()
    if not is_silent and nudge is None:
        return ""
    context = {"silent": now - silence.since if is_silent else None, "nudge": nudge}
    return render_to_string("incidents/console/waiting.html", context, request=request)


def render_promises(request: HttpRequest, incident: Incident) -> str:
    """How many promised updates came in time; nothing where none fell due."""
    now = timezone.now()
    promises = promises_of(incident, now=now)
    if tally(promises).rate is None:
        return ""
    missed = [promise.late_by(now) for promise in promises if promise.outcome == Outcome.MISSED]
    context = {"tally": tally(promises), "missed": missed}
    return render_to_string("incidents/console/promises.html", context, request=request)
