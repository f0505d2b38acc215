"""The side panel inside another vendor's help desk: a frame whose address is its authority.

No cookie and no session is read or set. The forms carry a token for this address only, and their
answers go to whoever has the address; it opens nothing else of the console.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from assist.conversations.opening import pages_of
from assist.models import Conversation, ConversationSource
from assist.sidekick.answers import guarded, not_modified, tag_of
from assist.sidekick.cards import shown_cards, stamp_of
from assist.sidekick.deeds import DEEDS, SAID
from assist.sidekick.signing import BadTicket, Ticket, form_token, is_form_token, read_ticket
from assist.stack.suggesting import Suggestion, reply_for_editor
from atender.ids import ULID
from atender.refusals import Refused
from atender.staff.zones import usual_zone
from incidents.models import Incident

STALE_FORM = (
    "This form is not this panel's, or its address has changed. Nothing was done: try again."
)
UNKNOWN = "That incident is gone from the pages of this conversation. Nothing was done."
NO_SOURCE = "The source that this panel belongs to is not here; it may have been deleted."
NOT_HERE_YET = "Your help desk has not handed in this conversation yet."


@dataclass
class Panel:
    """One showing of the panel: who asks, beside which conversation."""

    ticket: Ticket

    @cached_property
    def conversation(self) -> Conversation | None:
        rows = Conversation.objects.seen_from(self.ticket.source.page_ids)
        return rows.filter(external_id=self.ticket.conversation).first()

    @cached_property
    def stamp(self) -> str:
        return stamp_of(self.conversation) if self.conversation else "none"

    def incident(self, pk: str) -> Incident:
        """One that the conversation's pages show; raises Refused."""
        if self.conversation is None:
            raise Refused(NOT_HERE_YET)
        shown = Incident.objects.kept().filter(publications__page__in=pages_of(self.conversation))
        found = shown.filter(pk=pk).first() if ULID.fullmatch(pk) else None
        if found is None:
            raise Refused(UNKNOWN)
        return found


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def panel(request: HttpRequest, source_id: str) -> HttpResponse:
    source = ConversationSource.objects.filter(pk=source_id).first()
    if source is None:
        return guarded(_refused(NO_SOURCE, status=404))
    try:
        ticket = read_ticket(source, request.GET.dict(), at=timezone.now())
    except BadTicket as refusal:
        return guarded(_refused(str(refusal), status=403), source.frame_origins)
    shown = Panel(ticket)
    answer = _act(request, shown) if request.method == "POST" else _show(request, shown)
    return guarded(answer, source.frame_origins)


def _refused(sentence: str, *, status: int) -> HttpResponse:
    text = render_to_string("sidekick/refused.html", {"sentence": sentence})
    return HttpResponse(text, status=status)


def _act(request: HttpRequest, shown: Panel) -> HttpResponse:
    deed = DEEDS.get(request.POST.get("deed", ""))
    if deed is None or not is_form_token(request.POST.get("form", ""), shown.ticket):
        return _render(request, shown, said=STALE_FORM, status=403)
    try:
        incident = shown.incident(request.POST.get("incident", ""))
        assert shown.conversation is not None
        done = deed(shown.conversation, incident, shown.ticket.actor)
    except Refused as refusal:
        return _render(request, shown, said=refusal.sentence, status=422)
    if "HX-Request" in request.headers:
        return _render(request, Panel(shown.ticket), said=SAID[done])
    return redirect(f"{request.path}?{shown.ticket.query}&said={done}")


def _show(request: HttpRequest, shown: Panel) -> HttpResponse:
    wanted = request.GET.get("reply", "")
    if wanted:
        return _propose(request, shown, wanted)
    tag = _tag(shown)
    unchanged = not_modified(request, tag)
    if unchanged is not None:
        return unchanged
    answer = _render(request, shown, said=SAID.get(request.GET.get("said", "")))
    answer["ETag"] = tag
    return answer


def _tag(shown: Panel) -> str:
    return tag_of(shown.stamp, shown.ticket.query)


def _propose(request: HttpRequest, shown: Panel, incident_id: str) -> HttpResponse:
    """Suggest a reply, to be put into the help desk's editor or copied; never sent from here."""
    try:
        incident = shown.incident(incident_id)
        assert shown.conversation is not None
        suggestion = reply_for_editor(shown.conversation, incident)
    except Refused as refusal:
        return _render(request, shown, said=refusal.sentence, status=422)
    return _render(request, shown, reply=suggestion, replied=incident.pk)


def _render(
    request: HttpRequest,
    shown: Panel,
    *,
    said: str | None = None,
    reply: Suggestion | None = None,
    replied: str = "",
    status: int = 200,
) -> HttpResponse:
    conversation, ticket = shown.conversation, shown.ticket
    cards = (
        shown_cards(conversation, pages_of(conversation), sees_internal=False)
        if conversation
        else []
    )
    context: dict[str, Any] = {
        "conversation": conversation,
        "cards": cards,
        "stamp": tag_of(shown.stamp),
        "tag": _tag(shown),
        "act": f"{request.path}?{ticket.query}",
        "form": form_token(ticket),
        "ticket": ticket,
        "reply": reply,
        "replied": replied,
        "said": said,
        "may_act": True,
    }
    is_part = "HX-Request" in request.headers
    # A frame has no signed-in person whose time zone could be used.
    with timezone.override(ZoneInfo(usual_zone())):
        text = render_to_string(_template(is_part), context)
    # A refusal is shown in place: htmx would not show a part with an error's status.
    return HttpResponse(text, status=200 if is_part else status)


def _template(is_part: bool) -> str:
    return "sidekick/panel_parts.html" if is_part else "sidekick/panel.html"
