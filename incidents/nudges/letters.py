"""What a nudge says to staff."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from atender.console.spans import length_words
from atender.outbound.letters import post
from atender.staff.models import User
from atender.staff.zones import with_zones
from atender.tenants.links import console_url, tenant_name
from incidents.models import Incident
from incidents.models.nudges import NudgeKind


@dataclass(frozen=True, slots=True)
class Telling:
    """A nudge as it is told: of what, when, and when it is told again if nothing is said."""

    kind: NudgeKind
    about: datetime
    now: datetime
    again_at: datetime | None


def post_letters(incident: Incident, people: Iterable[User], telling: Telling) -> None:
    """Have each person told, in their own zone, once the caller's transaction is through."""
    workspace = reverse("admin:incidents_incident_change", args=[incident.pk])
    context: dict[str, Any] = {
        "incident": incident,
        "telling": telling,
        "tenant": tenant_name(),
        "link": console_url(workspace),
        "span": length_words(abs(telling.now - telling.about)),
        "is_broken": telling.now > telling.about,
    }
    subject = subject_of(incident, telling)
    for person, zone in with_zones(people):
        context["has_it"] = person.pk == incident.acknowledged_by_id
        with timezone.override(zone):
            text = render_to_string(f"incidents/mail/{telling.kind.value}.txt", context)
        post(person.email, subject=subject, text=text)


def subject_of(incident: Incident, telling: Telling) -> str:
    span = length_words(abs(telling.now - telling.about))
    if telling.kind == NudgeKind.SILENCE:
        return f"[{tenant_name()}] Silent for {span}: {incident.title}"
    if telling.now > telling.about:
        return f"[{tenant_name()}] Update {span} late: {incident.title}"
    return f"[{tenant_name()}] Update due in {span}: {incident.title}"
