"""The window of planned work, at the top of its workspace."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from atender.ids import new_ulid
from incidents.maintenance import is_waiting, next_step_at, reminder_at
from incidents.models import Incident, Kind
from incidents.recurrence import recurrence_words


def render_window(request: HttpRequest, incident: Incident) -> str:
    """Render what happens next and the buttons that change it; empty for an incident."""
    if incident.kind != Kind.MAINTENANCE:
        return ""
    now, next_at = timezone.now(), next_step_at(incident)
    end = incident.scheduled_until
    context = {
        "incident": incident,
        "waits": is_waiting(incident),
        "next_at": next_at,
        "is_overdue": not incident.is_closed and next_at is None and end is not None and end <= now,
        "reminder_at": reminder_at(incident),
        "submission_id": new_ulid(),
        "recurs": recurrence_words(incident.series.recurrence) if incident.series else "",
    }
    return render_to_string("incidents/console/planned/card.html", context, request=request)
