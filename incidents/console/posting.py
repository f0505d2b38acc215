"""What staff do to an incident from its workspace: post, undo, take."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from atender.console.doors import WRITE, require
from atender.console.times import clock
from atender.ids import ULID, new_ulid
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of
from atender.texts import clean_text
from incidents import lifecycle, timeline
from incidents.console.composer import ComposerForm
from incidents.console.doors import of_incident
from incidents.console.holding import may_undo
from incidents.console.screens import back, to_workspace
from incidents.console.workspace import show_workspace
from incidents.drafts.keeping import being_posted
from incidents.meanwhile import SpokenMeanwhile
from incidents.models import Incident, IncidentUpdate, Kind
from incidents.nudges.still_working import say_still_working
from incidents.texts.wording import jargon_advice
from incidents.transitions import AlreadyClosed

TYPED = (
    "“Still working on it” has words of its own. Post what you typed with a button beside it, or "
    "clear the text first."
)


@of_incident(Ability.POST_UPDATE, WRITE)
def post(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Post what the composer says; a second click of the same composer shows the first result."""
    began = timezone.now()
    form = ComposerForm(request.POST, incident=incident)
    if not form.is_valid():
        return show_workspace(request, incident, form, status=422)
    try:
        with being_posted(form.cleaned_data["submission_id"]):
            update = lifecycle.post_update(
                incident,
                by=actor_of(request),
                saying=form.saying(),
                submission_id=form.cleaned_data["submission_id"],
                seen=form.cleaned_data["seen"],
            )
    except AlreadyClosed as closed:
        return _already_closed(request, incident, form, closed)
    except SpokenMeanwhile as meanwhile:
        form.refuse(meanwhile)
        current = Incident.objects.get(pk=incident.pk)
        return show_workspace(request, current, form, seen=meanwhile.newer.pk, status=409)
    except Refused as refusal:
        form.refuse(refusal)
        return show_workspace(request, incident, form, status=422)
    if update.withdrawn_at:
        messages.warning(request, "This was taken back before; it was not posted again.")
        return to_workspace(incident, f"?restore={update.pk}")
    said = form.said()[1]
    # What was typed may be longer than any text that is posted.
    typed = clean_text(said, field="body", longest=len(said))
    if update.created_at < began and update.body != typed:
        return _posted_otherwise(request, incident, update)
    if advice := jargon_advice(update.public_body):
        messages.warning(request, f"It is posted. {advice}")
    return to_workspace(incident)


def _posted_otherwise(
    request: HttpRequest, incident: Incident, update: IncidentUpdate
) -> HttpResponse:
    """Handle a form that already posted something else, itself or by the clock; keep its text."""
    messages.warning(
        request,
        f"This was posted before, at {clock(update.created_at)}, in other words. What you wrote "
        "now is still below: post it as well if it holds.",
    )
    words = {**request.POST.dict(), "submission_id": new_ulid(), "seen": ""}
    form = ComposerForm(initial=words, incident=Incident.objects.get(pk=incident.pk))
    return show_workspace(request, form.incident, form, status=409)


@of_incident(Ability.POST_UPDATE, WRITE)
def still_working(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Say in one click that the work goes on; a text that was typed is never thrown away."""
    form = ComposerForm(request.POST, incident=incident)
    form.is_valid()
    if request.POST.get("body", "").strip():
        form.add_error("body", TYPED)
        return show_workspace(request, incident, form, status=422)
    submission_id = form.cleaned_data.get("submission_id")
    try:
        with being_posted(submission_id):
            say_still_working(
                incident,
                by=actor_of(request),
                hold=timedelta(seconds=settings.CONSOLE_HOLD_S),
                submission_id=submission_id,
            )
    except Refused as refusal:
        messages.info(request, refusal.sentence)
    return to_workspace(incident)


def _already_closed(
    request: HttpRequest, incident: Incident, form: ComposerForm, refusal: Refused
) -> HttpResponse:
    incident = Incident.objects.get(pk=incident.pk)
    closing = incident.updates.transitions().filter(changes_status=True).last()
    by = f" by {closing.by_name}" if closing and closing.by_name else ""
    at = f" at {clock(incident.resolved_at)}" if incident.resolved_at else ""
    sentence = (
        f"It is {incident.get_status_display().lower()} already{by}{at}; nothing was sent again."
    )
    if not form.cleaned_data["body"].strip():
        messages.info(request, sentence)
        return to_workspace(incident)
    again = ComposerForm(form.data, incident=incident)
    again.is_valid()
    again.add_error("body", f"{sentence} Your text is kept: post it without changing the status.")
    return show_workspace(request, incident, again, status=409)


@require_http_methods(list(WRITE))
def undo(request: HttpRequest, pk: str, update_id: str) -> HttpResponse:
    """Take back what is held. Undone twice, it stays undone."""
    update = _any_update(pk, update_id)
    require(request, Ability.POST_UPDATE)
    if not may_undo(request, update):
        raise PermissionDenied("Only the author or an editor takes an update back.")
    incident = update.incident
    if update.withdrawn_at is None:
        try:
            incident = timeline.withdraw_update(update, by=actor_of(request))
        except Refused as refusal:
            messages.error(request, refusal.sentence)
            return to_workspace(incident)
    if incident.deleted_at:
        messages.success(request, "Taken back: nobody was told, and the incident is gone.")
        room = "maintenance" if incident.kind == Kind.MAINTENANCE else "incident"
        return redirect(f"{reverse(f'admin:incidents_{room}_add')}?again={incident.pk}")
    messages.success(request, "Taken back: nobody was told. Your text is in the composer again.")
    return to_workspace(incident, f"?restore={update.pk}")


def _any_update(pk: str, update_id: str) -> IncidentUpdate:
    """An update that may have been taken back already, the whole incident with it."""
    found = IncidentUpdate.objects.select_related("incident").filter(
        pk=update_id, incident_id=pk, deleted_at=None
    )
    update = found.first() if ULID.fullmatch(pk) else None
    if update is None or (update.incident.deleted_at and not update.withdrawn_at):
        raise Http404("There is no update with this id; it may have been deleted.")
    return update


@of_incident(Ability.ACKNOWLEDGE, WRITE)
def acknowledge(request: HttpRequest, incident: Incident) -> HttpResponse:
    actor = actor_of(request)
    incident = lifecycle.acknowledge(incident, by=actor)
    if incident.acknowledged_by_id != actor.id:
        who = incident.acknowledged_by_name or "Nobody"
        messages.info(request, f"{who} has it; ask before you both work on it.")
    return back(request, incident)
