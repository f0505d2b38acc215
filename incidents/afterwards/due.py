"""A major or critical incident is owed a post-mortem; after five days somebody is reminded."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse

from atender.actors import ActorKind
from atender.due.work import schedule
from atender.outbound.letters import post
from atender.staff.models import User
from atender.tenants.links import console_url
from incidents.models import Incident, Kind, Severity

REMINDER = "incidents.post_mortem"
DUE_AFTER = timedelta(days=5)
# Older ones will never be written and would only be in the way.
SHOWN_FOR = timedelta(days=30)
OWED_BY = (Severity.MAJOR, Severity.CRITICAL)

LETTER = """\
“{title}” was resolved on {day}, and nobody has started its post-mortem.

The draft is filled in from the record. What is left is why it happened and what changes:

{url}

You get this because you had the incident or resolved it. It is the only reminder.
"""


def promise_reminder(incident: Incident, *, at: datetime) -> None:
    """Schedule the reminder for five days after the resolution; an old one reminds nobody."""
    assert incident.resolved_at is not None
    due_at = incident.resolved_at + DUE_AFTER
    if incident.kind == Kind.INCIDENT and due_at > at:
        schedule(REMINDER, incident.id, at=due_at)


def owed() -> QuerySet[Incident]:
    """Closed major and critical incidents without even a draft of a post-mortem."""
    return Incident.objects.closed().filter(
        kind=Kind.INCIDENT, severity__in=OWED_BY, post_mortem=None
    )


def due_now(now: datetime) -> QuerySet[Incident]:
    """Those whose post-mortem is overdue, the oldest first."""
    since, until = now - SHOWN_FOR, now - DUE_AFTER
    return owed().filter(resolved_at__gt=since, resolved_at__lte=until).order_by("resolved_at")


def remind(incident_id: str) -> int:
    """Write to those who handled or resolved it and still have access; returns how many."""
    incident = owed().filter(pk=incident_id).first()
    if incident is None or incident.resolved_at is None:
        return 0
    people = User.objects.active().filter(pk__in=_concerned(incident))
    path = reverse("admin:incidents_incident_post_mortem", args=[incident.pk])
    text = LETTER.format(
        title=incident.title, day=f"{incident.resolved_at:%Y-%m-%d}", url=console_url(path)
    )
    for person in people:
        post(person.email, subject=f"Post-mortem due: {incident.title}", text=text)
    return len(people)


def _concerned(incident: Incident) -> set[str]:
    closing = incident.updates.transitions().filter(changes_status=True).last()
    ids = {incident.acknowledged_by_id}
    if closing is not None and closing.by_kind == ActorKind.PERSON:
        ids.add(closing.by_id)
    return ids - {""}
