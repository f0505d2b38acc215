"""What staff do to planned work from its workspace: begin, extend, move, cancel, complete."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from atender.console.doors import WRITE, sent
from atender.console.screens import screen
from atender.console.seen import SeenField
from atender.console.times import clock
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of
from incidents.console.doors import of_incident
from incidents.console.foreseeing import foreseen
from incidents.console.planned.moments import ZonedForm, on_the_wall
from incidents.console.promising import MomentField
from incidents.console.screens import to_workspace
from incidents.console.submissions import SubmittedForm
from incidents.models import Incident
from incidents.models.vocabulary import Status
from incidents.planned import planning
from incidents.planned.seeing import seen_window
from incidents.transitions import Saying

LONGEST_STEP_MIN = 24 * 60


class WordsForm(SubmittedForm):
    """What is said with a step, and whether anybody is mailed."""

    body = forms.CharField(label="What customers should know", required=False)
    is_silent = forms.BooleanField(label="Silently", required=False)

    def saying(self) -> Saying:
        return Saying(
            body=self.cleaned_data.get("body", ""),
            notifies=False if self.cleaned_data.get("is_silent") else None,
            hold=timedelta(seconds=settings.CONSOLE_HOLD_S),
        )


class StepForm(WordsForm):
    minutes = forms.IntegerField(required=False, min_value=1, max_value=LONGEST_STEP_MIN)


class WindowForm(WordsForm, ZonedForm):
    """Where the window moves; of one that runs, only the end."""

    starts = MomentField(label="Starts")
    ends = MomentField(label="Ends", help_text="Empty: it lasts until somebody completes it.")
    seen = SeenField()

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        zone = incident.series.zone if incident.series else ZonedForm().zone
        kwargs["initial"] = {
            "starts": on_the_wall(incident.scheduled_for, zone),
            "ends": on_the_wall(incident.scheduled_until, zone),
            "time_zone": zone.key,
            "seen": seen_window(incident),
        }
        super().__init__(*args, **kwargs)
        self.waits = incident.status == Status.SCHEDULED
        self.button = "Move it" if self.waits else "Move the end"
        if not self.waits:
            del self.fields["starts"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.waits and not given.get("starts") and "starts" not in self.errors:
            self.add_error("starts", "Say when it starts.")
        return given

    def field_of(self, refusal: Refused) -> str | None:
        return {"scheduled_for": "starts", "scheduled_until": "ends"}.get(refusal.field or "")


@of_incident(Ability.POST_UPDATE, WRITE)
def start(request: HttpRequest, incident: Incident) -> HttpResponse:
    return _step(request, incident, planning.start_maintenance)


@of_incident(Ability.POST_UPDATE, WRITE)
def complete(request: HttpRequest, incident: Incident) -> HttpResponse:
    return _step(request, incident, planning.complete_maintenance)


@of_incident(Ability.POST_UPDATE, WRITE)
def extend(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Let it end so many minutes later."""
    form = StepForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["minutes"]:
        messages.error(request, "Say by how many minutes, from 1 to 1440.")
        return to_workspace(incident)
    length = timedelta(minutes=form.cleaned_data["minutes"])
    return _step(request, incident, planning.extend_window, length=length)


def _step(request: HttpRequest, incident: Incident, verb: Any, **how: Any) -> HttpResponse:
    """Take a step in one click; whoever is too late is told the present status."""
    form = StepForm(request.POST)
    form.is_valid()
    try:
        verb(
            incident,
            by=actor_of(request),
            saying=form.saying(),
            submission_id=form.cleaned_data["submission_id"],
            **how,
        )
    except Refused as refusal:
        messages.warning(request, refusal.sentence)
    return to_workspace(incident)


@of_incident(Ability.POST_UPDATE)
def move(request: HttpRequest, incident: Incident) -> HttpResponse:
    form = WindowForm(sent(request), incident=incident)
    if request.method == "POST" and form.is_valid():
        edges = {"end": form.cleaned_data["ends"]}
        if form.waits:
            edges["start"] = form.cleaned_data["starts"]
        try:
            planning.move_window(
                incident,
                by=actor_of(request),
                saying=form.saying(),
                submission_id=form.cleaned_data["submission_id"],
                seen=form.cleaned_data["seen"],
                **edges,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return to_workspace(incident)
    return screen(
        request,
        "incidents/console/planned/move.html",
        title="Move the window" if form.waits else "Move the end",
        incident=incident,
        form=form,
        reach=_reach(request, incident, Saying(next_update_by=incident.next_update_by, body=".")),
        status=422 if form.errors else 200,
    )


@of_incident(Ability.POST_UPDATE)
def cancel(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Cancelling asks once, and says who will be told."""
    form = WordsForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            planning.cancel_maintenance(
                incident,
                by=actor_of(request),
                saying=form.saying(),
                submission_id=form.cleaned_data["submission_id"],
            )
        except Refused as refusal:
            messages.warning(request, refusal.sentence)
        return to_workspace(incident)
    if incident.is_closed:
        at = f" since {clock(incident.resolved_at)}" if incident.resolved_at else ""
        messages.info(request, f"It is {incident.get_status_display().lower()} already{at}.")
        return to_workspace(incident)
    return screen(
        request,
        "incidents/console/planned/cancel.html",
        title="Cancel this maintenance?",
        incident=incident,
        form=form,
        shown_on=list(incident.pages.all()),
        reach=_reach(request, incident, Saying(status=Status.CANCELLED)),
    )


def _reach(request: HttpRequest, incident: Incident, saying: Saying) -> Any:
    """Render whom a step would notify, as the apps above report it."""
    seen = foreseen(
        request,
        incident,
        saying,
        pages=list(incident.pages.all()),
        component_ids=list(incident.impacts.values_list("component_id", flat=True)),
    )
    return seen.reach
