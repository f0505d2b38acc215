"""How the desk answers: with a page, with its parts, or with 304."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from assist.conversations.answering import LONGEST_REPLY
from assist.conversations.opening import pages_of
from assist.models import Conversation, Wave
from assist.sidekick.answers import asks_again, not_modified, tag_of
from assist.sidekick.cards import shown_cards, stamp_of
from assist.sidekick.deeds import SAID
from assist.sidekick.listing import (
    EVERYTHING,
    SHOWS,
    Wish,
    list_stamp,
    page_of,
    read_list,
    read_wish,
)
from assist.sidekick.ongoing import SHOWN, Ongoing, read_ongoing
from assist.sidekick.thread import depth_of, read_thread
from assist.stack.suggesting import reply_for_editor
from assist.waves.showing import DISMISSED, dismissed_in, open_waves, stamp_of_waves
from atender.ids import ULID, new_ulid
from atender.refusals import Refused
from atender.roles import Ability, may
from incidents.models import Incident

GONE = "That incident is gone. Nothing was done."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a form has done, for the page that answers it.

    `leads_to` is an address where what was done goes on; `gone` a wave that can be taken back.
    """

    said: str = ""
    draft: str = ""
    was_sent: bool = False
    leads_to: str = ""
    gone: Wave | None = None


def incident_named(pk: str) -> Incident:
    """The incident with an id; raises Refused."""
    found = Incident.objects.kept().filter(pk=pk).first() if ULID.fullmatch(pk) else None
    if found is None:
        raise Refused(GONE)
    return found


def answer(request: HttpRequest, conversation: Conversation | None) -> HttpResponse:
    wish = read_wish(request.GET)
    rows, ongoing = page_of(wish), read_ongoing()
    tag = _tag(request, conversation, wish, rows, ongoing)
    unchanged = not_modified(request, tag)
    if unchanged is not None:
        return unchanged
    said = "" if asks_again(request) else SAID.get(request.GET.get("said", ""), "")
    gone = next(iter(dismissed_in(request.GET)), None) if said else None
    listed = _list_of(wish, rows, ongoing)
    response = _render(request, conversation, listed, Outcome(said, gone=gone), tag=tag)
    response["ETag"] = tag
    return response


FORGOTTEN = "There is no conversation with this id; it may have been forgotten."


def conversation_now(pk: str) -> Conversation:
    """Return it as it stands; a 404 once it is gone, even since this request began."""
    conversation = Conversation.objects.filter(pk=pk).first()
    if conversation is None:
        raise Http404(FORGOTTEN)
    return conversation


def done(
    request: HttpRequest,
    conversation: Conversation | None,
    said: str,
    *,
    draft: str = "",
    leads_to: str = "",
    gone: Wave | None = None,
) -> HttpResponse:
    """Answer a form: with what stands in the page now, or with the way back to it."""
    wish = read_wish(request.GET)
    if "HX-Request" in request.headers or said not in SAID:
        if conversation is not None:
            conversation = conversation_now(conversation.pk)
        listed = _list_of(wish, page_of(wish), read_ongoing())
        outcome = Outcome(SAID.get(said, said), draft, said == "sent", leads_to, gone)
        status = 200 if said in SAID else 422
        return _render(request, conversation, listed, outcome, status=status)
    if leads_to:
        return redirect(leads_to)
    back = reverse("sidekick")
    if conversation is not None:
        back = reverse("sidekick_conversation", args=[conversation.pk])
    more = f"&{DISMISSED}={gone.pk}" if gone else ""
    return redirect(f"{back}?{wish.query}&said={said}{more}")


def _tag(
    request: HttpRequest,
    conversation: Conversation | None,
    wish: Wish,
    rows: QuerySet[Conversation],
    ongoing: list[Ongoing],
) -> str:
    """Return the tag of the whole desk, computed before rendering so that it is never too new."""
    beside = stamp_of(conversation) if conversation else ""
    above = [each.stamp for each in ongoing], stamp_of_waves()
    may_do = [may(request.user, ability) for ability in (Ability.ASSIST, Ability.DRAFT)]
    return tag_of(wish, may_do, _depth(request), list_stamp(rows), above, beside)


def _depth(request: HttpRequest) -> int:
    """How many messages stand in the page; its forms and its asking anew need not say so."""
    # Not taken apart as an address: what was made up need not be one.
    query = request.headers.get("HX-Current-URL", "").partition("?")[2].partition("#")[0]
    shown = parse_qs(query)
    return depth_of(request.GET.get("messages") or shown.get("messages", [""])[-1])


def _render(
    request: HttpRequest,
    conversation: Conversation | None,
    listed: Mapping[str, Any],
    outcome: Outcome,
    *,
    tag: str = "",
    status: int = 200,
) -> HttpResponse:
    is_part = "HX-Request" in request.headers
    context: dict[str, Any] = {
        **listed,
        "is_demo": settings.DEMO,
        "chosen": conversation,
        "said": outcome.said,
        "was_sent": outcome.was_sent,
        "leads_to": outcome.leads_to,
        "gone": outcome.gone,
        "tag": tag,
        "may_act": may(request.user, Ability.ASSIST),
        "may_draft": may(request.user, Ability.DRAFT),
    }
    if conversation is not None:
        context |= _beside(request, conversation, outcome.draft, listed["query"])
    name = "sidekick/desk_parts.html" if is_part else "sidekick/desk.html"
    # A refusal is shown in place: htmx would not show a part with an error's status.
    response = render(request, name, context, status=200 if is_part else status)
    if outcome.was_sent:
        response["HX-Trigger"] = "sent"
    return response


def _list_of(
    wish: Wish, rows: QuerySet[Conversation], ongoing: Sequence[Ongoing]
) -> dict[str, Any]:
    """Return what the templates of the list, and of what is above it, are given."""
    listed, waves = read_list(rows, wish.words), open_waves()
    return {
        "wish": wish,
        "query": f"?{wish.query}" if wish.query else "",
        "shows": [(name, words, wish.narrowed(name)) for name, words in SHOWS.items()],
        "newest": wish.narrowed(wish.show) or f"show={wish.show}",
        "everything": wish.narrowed(EVERYTHING),
        "about": Incident.objects.filter(pk=wish.about).first() if wish.about else None,
        "listed": listed,
        "list_stamp": tag_of(
            wish, [(r.pk, r.version, r.percent, r.is_linked, r.about) for r in listed.rows]
        ),
        "ongoing": ongoing[:SHOWN],
        "ongoing_more": len(ongoing[SHOWN:]),
        "ongoing_stamp": tag_of([each.stamp for each in ongoing]),
        "waves": waves,
        "waves_stamp": tag_of(
            [(seen.wave.pk, seen.wave.last_at, seen.customers) for seen in waves]
        ),
    }


def _beside(
    request: HttpRequest, conversation: Conversation, draft: str, query: str
) -> dict[str, Any]:
    cards = shown_cards(conversation, pages_of(conversation), sees_internal=True)
    depth = _depth(request)
    return {
        "cards": cards,
        "others": _others(cards),
        "thread": read_thread(conversation, cards, depth=depth),
        "stamp": tag_of(stamp_of(conversation), depth),
        "depth": depth,
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
        return reply_for_editor(conversation, incident_named(wanted)).text
    except Refused:
        return ""
