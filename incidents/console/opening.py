"""New incident: one page that reads as three steps."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from atender.console.doors import FORM, require, sent
from atender.console.screens import screen
from atender.ids import ULID
from atender.refusals import Refused
from atender.roles import Ability, may
from atender.staff.session import actor_of
from incidents.console.continuing import opening_from
from incidents.console.foreseeing import Foreseen
from incidents.console.hints import title_advice
from incidents.console.opening_form import OpeningForm, as_it_was
from incidents.console.screens import to_workspace
from incidents.drafts.keeping import being_posted
from incidents.lifecycle import open_incident
from incidents.models import Incident
from incidents.texts.wording import jargon_advice


@require_http_methods(list(FORM))
def opening(request: HttpRequest) -> HttpResponse:
    require(request, Ability.DRAFT)
    form = OpeningForm(
        sent(request),
        initial=_taken_back(request) or opening_from(request),
        may_publish=may(request.user, Ability.PUBLISH),
    )
    if request.method == "POST" and form.is_valid():
        try:
            incident = _open(form, request)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _opened(request, incident)
    return show_opening(request, form)


def show_opening(
    request: HttpRequest, form: OpeningForm, foreseen: Foreseen | None = None
) -> HttpResponse:
    return screen(
        request,
        "incidents/console/opening.html",
        title="New incident",
        form=form,
        hold_s=settings.CONSOLE_HOLD_S,
        foreseen=foreseen,
        **title_advice(request, form.title_draft()),
        status=422 if form.errors else 200,
    )


def _open(form: OpeningForm, request: HttpRequest) -> Incident:
    title, _ = form.said()
    submission_id = form.cleaned_data["submission_id"]
    with being_posted(submission_id):
        return open_incident(
            title,
            by=actor_of(request),
            severity=form.chosen_severity(),
            first=form.saying(),
            facts=form.facts(),
            started_at=form.cleaned_data["started_at"],
            ended_at=form.cleaned_data["resolved_at"],
            submission_id=submission_id,
        )


def _opened(request: HttpRequest, incident: Incident) -> HttpResponse:
    if incident.deleted_at is None:
        first = incident.updates.order_by("id").first()
        said = first.public_body if first else ""
        if advice := jargon_advice(f"{incident.title}\n{said}"):
            messages.warning(request, f"It is open. {advice}")
        return to_workspace(incident)
    messages.warning(request, "This incident was taken back before; nothing was opened again.")
    again = OpeningForm(initial=as_it_was(incident), may_publish=may(request.user, Ability.PUBLISH))
    return show_opening(request, again)


def _taken_back(request: HttpRequest) -> dict[str, object]:
    """The values of the incident named in `?again=`, if it was taken back."""
    pk = request.GET.get("again", "")
    if not ULID.fullmatch(pk):
        return {}
    gone = Incident.objects.filter(pk=pk, updates__withdrawn_at__isnull=False).first()
    return as_it_was(gone) if gone and gone.deleted_at else {}
