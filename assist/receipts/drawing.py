"""Draws up a receipt an hour after the end, when mails have gone out and readers have left.

One that is drawn up before, by hand or to be shared, says what was known by then; it is drawn up
once more when the hour is over.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from assist.models import AssistSettings, Conversation, Receipt
from assist.receipts.figures import Figures
from assist.reports.talked import count_talk_of
from assist.reports.told import count_told_of
from atender.actors import Actor
from atender.due.work import cancel, schedule
from atender.ids import ulid_at
from atender.refusals import Refused
from incidents.models import Incident, Kind
from incidents.recording import record
from incidents.signals import Action, Change
from statuspage.edge.readership import read_readership, weeks_before, whole_hours

DRAWING = "assist.receipt"
AFTER = timedelta(hours=1)
MOST_PERCENT, MOST_MINUTES = 100, 480
WRONG_SHARE = f"A share is 0 to {MOST_PERCENT} percent, a whole number."
WRONG_MINUTES = f"A ticket takes 1 to {MOST_MINUTES} minutes, a whole number."


class NotOver(Refused):
    """A receipt is of an incident that is over, not of what is open, deleted or planned."""


def hear(change: Change) -> None:
    """Schedule a receipt when the incident ends, and withdraw it when it re-opens."""
    if change.incident.kind != Kind.INCIDENT:
        return
    if change.action == Action.RESOLVED:
        schedule(DRAWING, change.incident.pk, at=final_at(change.incident) or change.at)
    elif change.action == Action.REOPENED:
        cancel(DRAWING, change.incident.pk)
        Receipt.objects.filter(incident=change.incident).update(figures=None, drawn_at=None)


def final_at(incident: Incident) -> datetime | None:
    """When it is drawn up by itself, and stays; None while the incident goes on."""
    return incident.resolved_at + AFTER if incident.resolved_at else None


def work_out(incident: Incident) -> Figures:
    """Count what a closed incident has meant, as far as is known now. Some twenty small queries."""
    start, end = incident.started_at, incident.resolved_at
    assert end is not None, "a receipt is of what is over"
    choices = AssistSettings.objects.first() or AssistSettings()
    pages = list(incident.publications.values_list("page_id", flat=True))
    read = read_readership(pages, start, end)
    told, talk = count_told_of(incident.pk), count_talk_of(incident.pk)
    usual = _usual_conversations(start, end)
    return Figures(
        lasted_s=max(round((end - start).total_seconds()), 0),
        views=read.views,
        programs=read.programs,
        usual_views=read.usual,
        mails=told["mails"],
        calls=told["calls"],
        answers=talk["answered"],
        conversations=_conversations(*whole_hours(start, end)),
        usual_conversations=usual,
        share_percent=choices.ticket_share_percent,
        minutes=choices.ticket_minutes,
        linked=talk["linked"],
    )


@transaction.atomic
def draw_up(incident: Incident, *, at: datetime | None = None) -> Receipt:
    """Work it out and store it in place of an older one, whose conversations stay counted.

    Raises NotOver.
    """
    incident = lock(incident)
    receipt, _ = Receipt.objects.get_or_create(incident=incident)
    figures = work_out(incident)
    if receipt.figures:
        figures = figures.since(Figures.read(receipt.figures))
    receipt.figures = figures.kept()
    receipt.drawn_at = at or timezone.now()
    receipt.save(update_fields=["figures", "drawn_at"])
    return receipt


def lock(incident: Incident) -> Incident:
    """Hold the incident, before its receipt as whoever re-opens it does. Raises NotOver."""
    over = Incident.objects.closed().filter(kind=Kind.INCIDENT, pk=incident.pk)
    held = over.select_for_update(of=("self",)).first()
    if held is None:
        raise NotOver("A receipt is drawn up when the incident is over.")
    return held


@transaction.atomic
def change_estimate(
    *, share_percent: int, minutes: int, by: Actor, at: datetime | None = None
) -> None:
    """Say which share of readers would have written, and how long each takes. Raises Refused."""
    at = at or timezone.now()
    if not 0 <= share_percent <= MOST_PERCENT:
        raise Refused(WRONG_SHARE, field="share_percent")
    if not 1 <= minutes <= MOST_MINUTES:
        raise Refused(WRONG_MINUTES, field="minutes")
    chosen = {"ticket_share_percent": share_percent, "ticket_minutes": minutes}
    AssistSettings.objects.update_or_create(only=True, defaults=chosen)
    record("receipts.estimated", ulid_at(at), by=by, at=at, **chosen)


def _usual_conversations(start: datetime, end: datetime) -> float | None:
    """The mean of the same hours of those of four weeks before that are still kept."""
    first, last = whole_hours(start, end)
    known = Conversation.objects.order_by("created_at").values_list("created_at", flat=True).first()
    counts = [_conversations(first - s, last - s) for s in weeks_before(first, known)]
    return sum(counts) / len(counts) if counts else None


def _conversations(first: datetime, last: datetime) -> int:
    return Conversation.objects.filter(created_at__gte=first, created_at__lt=last).count()
