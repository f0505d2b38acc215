"""The desk at /sidekick/: conversations, one thread with its editor, and the panel beside it.

Everything is a plain page with plain forms. Where scripts run, the same addresses answer with the
parts that stand in the page, and nothing at all (304) while these are as they were.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assist.conversations.answering import LONGEST_REPLY, mark_seen, send_reply
from assist.conversations.opening import change_conversation, pages_of
from assist.conversations.suggesting import suggested_reply
from assist.models import Conversation
from assist.sidekick.answers import asks_again, guarded, not_modified, tag_of
from assist.sidekick.cards import shown_cards, stamp_of
from assist.sidekick.deeds import DEEDS, SAID
from assist.sidekick.listing import SHOWS, Wish, list_stamp, read_list, read_wish
from assist.sidekick.thread import read_thread
from atender.ids import ULID, new_ulid
from atender.refusals import Refused
from atender.staff.roles import Ability, may
from incidents.console.doors import actor_of, require
from incidents.models import Incident

GONE = "That incident is gone. Nothing was done."
View = Callable[Concatenate[HttpRequest, Conversation, ...], HttpResponse]


def for_staff(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open a view to signed-in staff, with the desk's policy."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = admin.site.admin_view(view)(request, *args, **kwargs)
        return guarded(response)

    return answer


def of_conversation(ability: Ability) -> Callable[[View], Callable[..., HttpResponse]]:
    def door(view: View) -> Callable[..., HttpResponse]:
        @wraps(view)
        def entered(request: HttpRequest, pk: str) -> HttpResponse:
            conversation = Conversation.objects.filter(pk=pk).first()
            if conversation is None:
                raise Http404("There is no conversation with this id; it may have been forgotten.")
            require(request, ability)
            return view(request, conversation)

        return entered

    return door


@require_safe
def conversations(request: HttpRequest) -> HttpResponse:
    require(request, Ability.READ)
    return _answer(request, None)


@require_safe
@of_conversation(Ability.READ)
def conversation(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    return _answer(request, conversation)


@require_safe
@of_conversation(Ability.READ)
def suggestion(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    """Word a reply for the editor; nothing is kept or sent."""
    try:
        incident = _incident(request.GET.get("incident", ""))
        said = suggested_reply(conversation, incident)
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
        )
    except Refused as refusal:
        return _done(request, conversation, refusal.sentence, draft=text)
    return _done(request, conversation, "sent")


@require_POST
@of_conversation(Ability.ASSIST)
def act(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    """Do what a card's button says; a refusal is said in place."""
    deed = DEEDS.get(request.POST.get("deed", ""))
    if deed is None:
        raise Http404("There is no such thing to do.")
    try:
        incident = _incident(request.POST.get("incident", ""))
        done = deed(conversation, incident, actor_of(request))
    except Refused as refusal:
        return _done(request, conversation, refusal.sentence)
    return _done(request, conversation, done)


@require_POST
@of_conversation(Ability.ASSIST)
def seen(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    mark_seen(conversation, until=conversation.last_message_at)
    return _done(request, conversation, "seen")


@require_POST
@of_conversation(Ability.ASSIST)
def close(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    is_open = request.POST.get("open") == "1"
    change_conversation(conversation, is_open=is_open)
    return _done(request, conversation, "opened" if is_open else "closed")


def _incident(pk: str) -> Incident:
    found = Incident.objects.kept().filter(pk=pk).first() if ULID.fullmatch(pk) else None
    if found is None:
        raise Refused(GONE)
    return found


def _done(
    request: HttpRequest, conversation: Conversation, said: str, *, draft: str = ""
) -> HttpResponse:
    """Answer a form: with what stands in the page now, or with the way back to it."""
    wish = read_wish(request.GET)
    if "HX-Request" in request.headers or said not in SAID:
        conversation.refresh_from_db()
        sentence = SAID.get(said, said)
        return _render(
            request,
            conversation,
            wish,
            sentence,
            draft=draft,
            was_sent=said == "sent",
            status=200 if said in SAID else 422,
        )
    back = reverse("sidekick_conversation", args=[conversation.pk])
    return redirect(f"{back}?{wish.query}&said={said}")


def _answer(request: HttpRequest, conversation: Conversation | None) -> HttpResponse:
    wish = read_wish(request.GET)
    tag = _tag(request, conversation, wish)
    unchanged = not_modified(request, tag)
    if unchanged is not None:
        return unchanged
    said = "" if asks_again(request) else SAID.get(request.GET.get("said", ""), "")
    response = _render(request, conversation, wish, said, tag=tag)
    response["ETag"] = tag
    return response


def _tag(request: HttpRequest, conversation: Conversation | None, wish: Wish) -> str:
    """What the whole desk shows; worked out before it is shown, so that it is never too new."""
    beside = stamp_of(conversation) if conversation else ""
    return tag_of(wish, may(request.user, Ability.ASSIST), list_stamp(wish), beside)


def _render(
    request: HttpRequest,
    conversation: Conversation | None,
    wish: Wish,
    said: str,
    *,
    draft: str = "",
    was_sent: bool = False,
    tag: str = "",
    status: int = 200,
) -> HttpResponse:
    listed = read_list(wish)
    is_part = "HX-Request" in request.headers
    context: dict[str, Any] = {
        "wish": wish,
        "shows": SHOWS,
        "listed": listed,
        "list_stamp": tag_of(listed.rows, wish, [(r.pk, r.version) for r in listed.rows]),
        "chosen": conversation,
        "said": said,
        "was_sent": was_sent,
        "tag": tag,
        "may_act": may(request.user, Ability.ASSIST),
        "query": f"?{wish.query}" if wish.query else "",
    }
    if conversation is not None:
        context |= _beside(request, conversation, draft, context["query"])
    name = "sidekick/desk_parts.html" if is_part else "sidekick/desk.html"
    # A refusal is shown in place; a part that is not taken would say nothing.
    response = render(request, name, context, status=200 if is_part else status)
    if was_sent:
        response["HX-Trigger"] = "sent"
    return response


def _beside(
    request: HttpRequest, conversation: Conversation, draft: str, query: str
) -> dict[str, Any]:
    cards = shown_cards(conversation, pages_of(conversation), sees_internal=True)
    stamp = stamp_of(conversation)
    return {
        "cards": cards,
        "others": _others(cards),
        "thread": read_thread(conversation, cards),
        "stamp": tag_of(stamp),
        "act": reverse("sidekick_act", args=[conversation.pk]) + query,
        "draft": draft or _inserted(request, conversation),
        "submission": new_ulid(),
        "longest": LONGEST_REPLY,
    }


def _others(cards: list[Any]) -> list[Incident]:
    """What is active and has no card here, for staff who know better than the matcher."""
    shown = [each.incident.pk for each in cards]
    return list(Incident.objects.active().exclude(pk__in=shown).order_by("-id")[:20])


def _inserted(request: HttpRequest, conversation: Conversation) -> str:
    """What the plain link *Insert reply* puts into the editor of the page that it leads to."""
    wanted = request.GET.get("insert", "")
    if not wanted or request.method != "GET":
        return ""
    try:
        return suggested_reply(conversation, _incident(wanted)).text
    except Refused:
        return ""
