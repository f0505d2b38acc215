"""The desk at /sidekick/: conversations, one thread with its editor, and the panel beside it.

Everything is a plain page with plain forms. To a script, the same addresses answer with the parts
of the page, and with 304 while these are unchanged.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from assist.conversations.answering import mark_seen, send_reply
from assist.conversations.opening import change_conversation
from assist.models import Conversation
from assist.sidekick.answers import guarded
from assist.sidekick.deeds import DEEDS
from assist.sidekick.showing import FORGOTTEN, answer, conversation_now, done, incident_named
from assist.stack.suggesting import reply_for_editor
from atender.console.doors import require
from atender.ids import ULID, new_ulid
from atender.locking import Gone
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of

View = Callable[Concatenate[HttpRequest, Conversation, ...], HttpResponse]


def for_staff(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open a view to signed-in staff, with the desk's policy."""

    @wraps(view)
    def guarded_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = admin.site.admin_view(view)(request, *args, **kwargs)
        return guarded(response)

    return guarded_view


def of_conversation(ability: Ability) -> Callable[[View], Callable[..., HttpResponse]]:
    def door(view: View) -> Callable[..., HttpResponse]:
        @wraps(view)
        def entered(request: HttpRequest, pk: str) -> HttpResponse:
            conversation = conversation_now(pk)
            require(request, ability)
            try:
                return view(request, conversation)
            except Gone as gone:
                raise Http404(FORGOTTEN) from gone

        return entered

    return door


@require_safe
def conversations(request: HttpRequest) -> HttpResponse:
    require(request, Ability.READ)
    return answer(request, None)


@require_safe
@of_conversation(Ability.READ)
def conversation(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    return answer(request, conversation)


@require_safe
@of_conversation(Ability.READ)
def suggestion(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    """Word a reply for the editor; nothing is kept or sent."""
    try:
        incident = incident_named(request.GET.get("incident", ""))
        said = reply_for_editor(conversation, incident)
    except Refused as refusal:
        return JsonResponse({"refusal": refusal.sentence}, status=422)
    return JsonResponse({"text": said.text, "language": said.language})


@require_POST
@of_conversation(Ability.ASSIST)
def reply(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    text = request.POST.get("text", "")
    submission = request.POST.get("submission", "").upper()
    try:
        send_reply(
            conversation,
            text,
            by=actor_of(request),
            submission_id=submission if ULID.fullmatch(submission) else new_ulid(),
            seen=request.POST.get("seen", ""),
        )
    except Refused as refusal:
        return done(request, conversation, refusal.sentence, draft=text)
    return done(request, conversation, "sent")


@require_POST
@of_conversation(Ability.ASSIST)
def act(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    """Do what a card's button says; a refusal is said in place."""
    deed = DEEDS.get(request.POST.get("deed", ""))
    if deed is None:
        raise Http404("There is no such thing to do.")
    try:
        incident = incident_named(request.POST.get("incident", ""))
        said = deed(conversation, incident, actor_of(request))
    except Refused as refusal:
        return done(request, conversation, refusal.sentence)
    return done(request, conversation, said)


@require_POST
@of_conversation(Ability.ASSIST)
def seen(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    mark_seen(conversation, until=conversation.last_message_at)
    return done(request, conversation, "seen")


@require_POST
@of_conversation(Ability.ASSIST)
def close(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    is_open = request.POST.get("open") == "1"
    change_conversation(conversation, is_open=is_open)
    return done(request, conversation, "opened" if is_open else "closed")
