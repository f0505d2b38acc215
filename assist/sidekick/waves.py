"""What is done about a wave at the desk, without leaving it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from assist.models import Conversation, Wave
from assist.sidekick.showing import done
from assist.waves.deciding import dismiss_wave, open_from_wave, restore_wave
from atender.console.doors import require
from atender.ids import ULID
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of

ABILITIES = {"open": Ability.DRAFT, "dismiss": Ability.ASSIST, "restore": Ability.ASSIST}


@require_POST
def decide(request: HttpRequest, pk: str) -> HttpResponse:
    """Open an incident from it, dismiss it, or undo that; whoever reads a conversation goes on."""
    wave = get_object_or_404(Wave, pk=pk)
    deed = request.POST.get("deed", "")
    if deed not in ABILITIES:
        raise Http404("There is no such thing to do.")
    require(request, ABILITIES[deed])
    chosen = request.POST.get("conversation", "")
    rows = Conversation.objects.filter(pk=chosen) if ULID.fullmatch(chosen) else None
    conversation = rows.first() if rows is not None else None
    try:
        return _do(deed, wave, request, conversation)
    except Refused as refusal:
        return done(request, conversation, refusal.sentence)


def _do(
    deed: str, wave: Wave, request: HttpRequest, conversation: Conversation | None
) -> HttpResponse:
    by = actor_of(request)
    if deed == "open":
        incident = open_from_wave(wave, by=by)
        where = reverse("admin:incidents_incident_change", args=[incident.pk])
        return done(request, conversation, "wave-opened", leads_to=where)
    if deed == "restore":
        restore_wave(wave, by=by)
        return done(request, conversation, "wave-restored")
    return done(request, conversation, "wave-dismissed", gone=dismiss_wave(wave, by=by))
