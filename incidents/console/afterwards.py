"""What is left to do after incidents: post-mortems to write, follow-ups to finish."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from incidents.afterwards.due import due_now
from incidents.afterwards.post_mortems import outdated_quotes
from incidents.models import FollowUp, Incident, Kind, PostMortem

MOST_SHOWN = 5


def render_card(request: HttpRequest, incident: Incident) -> str:
    """The way to an incident's post-mortem, once it is over."""
    post_mortem = PostMortem.objects.filter(incident=incident).first()
    if incident.kind != Kind.INCIDENT or (post_mortem is None and not incident.is_closed):
        return ""
    context: dict[str, Any] = {"incident": incident, "post_mortem": post_mortem}
    if post_mortem is None:
        context["is_due"] = due_now(timezone.now()).filter(pk=incident.pk).exists()
    else:
        mine = FollowUp.objects.filter(post_mortem=post_mortem)
        context["open"] = mine.open().count()
        context["overdue"] = mine.overdue(timezone.localdate()).count()
        if post_mortem.is_published:
            context["outdated"] = outdated_quotes(post_mortem)
    return render_to_string("incidents/console/post_mortem_card.html", context, request=request)


def render_now(request: HttpRequest, _subject: None) -> str:
    """Post-mortems that are due and follow-ups that are late; nothing where there is neither."""
    today = timezone.localdate()
    due = list(due_now(timezone.now())[:MOST_SHOWN])
    late = FollowUp.objects.overdue(today).select_related("post_mortem__incident")
    overdue = [
        (each, (today - each.due_date).days)
        for each in late.order_by("due_date", "id")[:MOST_SHOWN]
        if each.due_date
    ]
    if not due and not overdue:
        return ""
    context = {"due": due, "overdue": overdue, "more": late.count() - len(overdue)}
    return render_to_string("incidents/console/now_after.html", context, request=request)


def count_overdue(_request: HttpRequest) -> str:
    """The side bar's number; none shown where nothing is late."""
    count = FollowUp.objects.overdue(timezone.localdate()).count()
    return str(count) if count else ""
