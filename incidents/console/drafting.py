"""Drafts in the console: kept, given a time, gone on with, thrown away."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from atender.console.doors import FORM, READ, WRITE, require
from atender.console.screens import screen
from atender.console.times import clock
from atender.refusals import Refused
from atender.roles import Ability, may
from atender.staff.session import actor_of
from incidents.console.composer import ComposerForm, as_kept
from incidents.console.continuing import GONE
from incidents.console.doors import of_incident
from incidents.console.drafts_shown import drafts_for
from incidents.console.later import SCHEDULE
from incidents.console.opening import show_opening
from incidents.console.opening_form import OpeningForm
from incidents.console.screens import to_workspace
from incidents.console.workspace import show_workspace
from incidents.drafts.keeping import discard_draft, save_draft
from incidents.models import Draft, Incident


@of_incident(Ability.POST_UPDATE, WRITE)
def keep_update(request: HttpRequest, incident: Incident) -> HttpResponse:
    form = ComposerForm(as_kept(request.POST), incident=incident)
    if form.is_valid() and _kept(request, form, incident):
        return to_workspace(incident)
    return show_workspace(request, incident, form, status=422)


@require_http_methods(list(WRITE))
def keep_opening(request: HttpRequest) -> HttpResponse:
    require(request, Ability.DRAFT)
    form = OpeningForm(request.POST, may_publish=may(request.user, Ability.PUBLISH))
    is_timed = request.POST.get("keep") == SCHEDULE
    is_fit = form.is_valid() or (not is_timed and form.may_wait())
    if is_fit and _kept(request, form, None):
        return redirect("admin:index")
    return show_opening(request, form)


def _kept(
    request: HttpRequest, form: ComposerForm | OpeningForm, incident: Incident | None
) -> bool:
    """Keep what a form says, with its time if that is asked for; False where that is refused."""
    is_timed = request.POST.get("keep") == SCHEDULE
    if is_timed and form.needs_time():
        return False
    try:
        draft = save_draft(
            form.written(),
            by=actor_of(request),
            incident=incident,
            publish_at=form.cleaned_data["publish_at"] if is_timed else None,
            draft_id=form.cleaned_data["submission_id"],
            version=form.cleaned_data["version"],
        )
    except Refused as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _words(draft))
    return True


def _words(draft: Draft) -> str:
    if draft.publish_at is None:
        return "Kept as a draft. Nobody but staff sees it."
    return (
        f"It is published at {clock(draft.publish_at)}. Until then it can be changed or discarded."
    )


@require_http_methods(list(FORM))
def discard(request: HttpRequest, pk: str) -> HttpResponse:
    """Throw a draft away; asks once, since the text cannot be recovered."""
    draft = Draft.objects.select_related("incident").filter(pk=pk).first()
    if draft is None and request.method != "POST":
        raise Http404(GONE)
    require(request, Ability.DRAFT)
    if draft is None:
        messages.info(request, GONE)
        return redirect("admin:index")
    if not may_discard(request, draft):
        raise PermissionDenied("Only the author or an editor throws a draft away.")
    if request.method == "POST":
        return _discarded(request, draft)
    return screen(
        request, "incidents/console/discard_draft.html", title="Discard this draft?", draft=draft
    )


def _discarded(request: HttpRequest, draft: Draft) -> HttpResponse:
    try:
        discard_draft(draft, by=actor_of(request))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "The draft is discarded.")
    incident = draft.incident
    if incident is None or incident.deleted_at:
        return redirect("admin:index")
    return to_workspace(incident)


def may_discard(request: HttpRequest, draft: Draft) -> bool:
    return may(request.user, Ability.EDIT) or draft.by == actor_of(request)


@require_http_methods(list(READ))
def all_drafts(request: HttpRequest) -> HttpResponse:
    require(request, Ability.READ)
    lines = drafts_for(request, Draft.objects.all())
    return screen(request, "incidents/console/drafts.html", title="Drafts", lines=lines)
