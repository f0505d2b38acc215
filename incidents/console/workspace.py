"""An incident's workspace: composer and timeline, facts beside them."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone

from atender.console.doors import READ
from atender.console.screens import screen
from atender.ids import ULID
from atender.roles import Ability, may
from atender.tenants.links import page_url
from incidents.console import composer, foreseeing, holding
from incidents.console.choosing import impacts_of
from incidents.console.composer import ComposerForm
from incidents.console.continuing import composer_from
from incidents.console.deeds import deeds_of
from incidents.console.doors import of_incident
from incidents.console.foreseeing import Foreseen
from incidents.console.story import tell
from incidents.maintenance import maintenance_began_at
from incidents.models import Incident, Kind, Page
from incidents.nudges.still_working import can_be_said, still_working
from incidents.places import public_path
from incidents.promises.ahead import promise_of
from incidents.texts.wording import jargon_advice, vague_title
from incidents.transitions import Saying
from monitors.models import Service

# A network cut tags hundreds.
MONITORS_SHOWN = 10


@of_incident(Ability.READ, READ)
def workspace(request: HttpRequest, incident: Incident) -> TemplateResponse:
    words = _taken_back(request, incident) or composer_from(request, incident)
    form = ComposerForm(incident=incident, initial=words)
    return show_workspace(request, incident, form)


def show_workspace(
    request: HttpRequest,
    incident: Incident,
    form: ComposerForm,
    *,
    status: int = 200,
    foreseen: Foreseen | None = None,
    seen: str = "",
) -> TemplateResponse:
    """Answer with the workspace; `seen` is the newest update that its reader will have read."""
    if foreseen is None and may(request.user, Ability.POST_UPDATE):
        foreseen = foreseeing.of_workspace(request, incident, foreseeing.as_shown(form))
    newest = holding.newest_update(incident)
    return screen(
        request,
        "incidents/console/workspace.html",
        title=str(Kind(incident.kind).label).capitalize(),
        status=status,
        incident=incident,
        composer=form,
        next_move=composer.next_move(incident),
        other_moves=composer.other_moves(incident),
        held=holding.held_for(request, incident),
        reassurance=_reassurance(incident),
        severity_help=composer.severity_help(incident),
        foreseen=foreseen,
        seen=seen or form["seen"].value() or (newest.pk if newest else ""),
        hold_s=settings.CONSOLE_HOLD_S,
        entries=tell(incident),
        deeds=deeds_of(incident),
        **_facts(incident),
    )


def _reassurance(incident: Incident) -> Saying | None:
    """What the button would say; none where nobody but staff would read it."""
    if not can_be_said(incident) or not incident.publications.exists():
        return None
    return still_working(incident, now=timezone.now())


def _facts(incident: Incident) -> dict[str, Any]:
    shown = list(incident.pages.all())
    is_planned = incident.kind == Kind.MAINTENANCE
    began_at = maintenance_began_at(incident) if is_planned else incident.started_at
    public = public_path(incident.kind, incident.pk)
    return {
        "impacts": impacts_of(incident),
        **_monitors_of(incident),
        "promise": promise_of(incident),
        "shown_on": [(page, page_url(page.pk, public)) for page in shown],
        "unshown": Page.objects.exclude(pk__in=[page.pk for page in shown]).exists(),
        "began_at": began_at,
        "has_services": Service.objects.exists(),
        "duration": (incident.resolved_at or timezone.now()) - began_at if began_at else None,
        "vague": "" if incident.is_closed else vague_title(incident.title),
        "jargon": "" if incident.is_closed else jargon_advice(incident.title),
    }


def _monitors_of(incident: Incident) -> dict[str, Any]:
    named = incident.monitors.order_by("name", "pk")
    shown = list(named[:MONITORS_SHOWN])
    is_cut = len(shown) == MONITORS_SHOWN
    more = named.count() - MONITORS_SHOWN if is_cut else 0
    return {"monitors": shown, "more_monitors": more}


def _taken_back(request: HttpRequest, incident: Incident) -> dict[str, Any]:
    """The composer's values from the update named in `?restore=`, if it was taken back."""
    pk = request.GET.get("restore", "")
    if not ULID.fullmatch(pk):
        return {}
    gone = incident.updates.filter(pk=pk, withdrawn_at__isnull=False).first()
    return composer.as_it_was(gone) if gone else {}
