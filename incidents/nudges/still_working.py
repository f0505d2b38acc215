"""“Still working on it”: the update that says just that, so that nobody waits in vain."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from atender.actors import Actor
from atender.refusals import Conflict
from incidents.lifecycle import lock, post_update
from incidents.models import Incident, IncidentUpdate, Template, TemplateKind
from incidents.models.vocabulary import Status
from incidents.nudges.silence import interval_for
from incidents.texts.placeholders import unfilled
from incidents.texts.shipped import STILL_WORKING
from incidents.texts.templates import circumstances_of, worded
from incidents.transitions import Saying

# Where the tenant has no template of that name, or one that cannot be filled in.
WORDS: dict[str, str] = {
    Status.INVESTIGATING: "We are still looking for the cause and have nothing new to report yet.",
    Status.IDENTIFIED: "We know the cause and are still working on the repair.",
    Status.MONITORING: "The repair is in place, and we are still watching it.",
    Status.IN_PROGRESS: "The work is still going on.",
    Status.VERIFYING: "The work is done, and we are still checking it.",
}


def can_be_said(incident: Incident) -> bool:
    return incident.status in WORDS


def still_working(incident: Incident, *, now: datetime, hold: timedelta = timedelta(0)) -> Saying:
    """What “still working on it” says now, and when it promises the next word."""
    promised = now + interval_for(incident.severity)
    # A whole minute reads as it is meant, and is never earlier than the cadence.
    promised = promised.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return Saying(
        body=_words(incident, promised, now),
        next_update_by=promised,
        hold=hold,
        only_from=frozenset({incident.status}),
    )


def _words(incident: Incident, promised: datetime, now: datetime) -> str:
    template = Template.objects.filter(kind=TemplateKind.UPDATE, name__iexact=STILL_WORKING).first()
    if template is not None:
        known = circumstances_of(incident, next_update_by=promised)
        body = worded(template, known, now=now).body
        if body and not unfilled(body):
            return body
    return WORDS[incident.status]


@transaction.atomic
def say_still_working(
    incident: Incident,
    *,
    by: Actor,
    hold: timedelta = timedelta(0),
    submission_id: str | None = None,
) -> IncidentUpdate:
    """Post that the work goes on, and renew the promise of the next update. Raises Refused."""
    incident = lock(incident)
    if not can_be_said(incident):
        raise Conflict(
            f"It is {incident.get_status_display().lower()}; nobody is working on it now.",
            field="status",
        )
    saying = still_working(incident, now=timezone.now(), hold=hold)
    return post_update(incident, by=by, saying=saying, submission_id=submission_id)
