"""The desk's list of conversations: filtered, searched, paged, at a constant number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Left
from django.utils import timezone

from assist.highlighting import highlighted
from assist.models import Card, CardState, Conversation, ConversationLink, HandledBy, Message
from assist.sidekick.cards import percent_of
from assist.sidekick.searching import around, asked_of, found, said_with
from assist.sidekick.thread import or_nothing
from atender.actors import ActorKind
from atender.ids import ULID
from incidents.models import Incident

PAGE = 50
EXCERPT = 160
LONGEST_LOOKED_AT = 5000
LONGEST_SEARCH = 100
# What a search looks through unless it is narrowed.
EVERYTHING = "all"
WAITING = "waiting"
SINCE = Coalesce("waiting_since", "last_customer_at")
SHOWS = {
    "people": "For people",
    WAITING: "Waiting",
    "match": "Possible match",
    "stack": "Agent stack",
    "closed": "Closed",
    EVERYTHING: "Everything",
}
OPEN_CARDS = Card.objects.filter(
    conversation=OuterRef("pk"),
    state=CardState.SHOWN,
    incident__in=Incident.objects.active(),
)
LIKELIEST = OPEN_CARDS.order_by("-confidence", "id")
LINKS = ConversationLink.objects.filter(conversation=OuterRef("pk")).exclude(
    by_kind=ActorKind.SCHEDULE, proof=""
)


@dataclass(frozen=True, slots=True)
class Wish:
    """Which part of the list is asked for; invalid values mean the defaults."""

    show: str = "people"
    words: str = ""
    after: str = ""
    # The id of the incident that it is to be about.
    about: str = ""

    def narrowed(self, show: str) -> str:
        """The query of the same search among others, from its beginning."""
        return Wish(show, self.words, about=self.about).query

    @property
    def query(self) -> str:
        asked = {"show": self.show, "about": self.about, "q": self.words, "after": self.after}
        given = {name: value for name, value in asked.items() if value}
        return urlencode({} if given == {"show": "people"} else given)


def read_wish(asked: Mapping[str, str]) -> Wish:
    show, after, about = (asked.get(name, "") for name in ("show", "after", "about"))
    words = asked.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    usual = EVERYTHING if words or _id_in(about) else "people"
    return Wish(show if show in SHOWS else usual, words, _id_in(after), _id_in(about))


def _id_in(text: str) -> str:
    return text.upper() if ULID.fullmatch(text.upper()) else ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list, and the id after which the next begins."""

    rows: list[Any]
    next_after: str
    waiting: int


def conversations_for(wish: Wish) -> QuerySet[Conversation]:
    rows = _shown(wish.show)
    rows = found(rows, wish.words) if wish.words else rows
    if wish.about:
        links = ConversationLink.objects.filter(conversation=OuterRef("pk"), incident=wish.about)
        rows = rows.filter(Exists(links) | Exists(OPEN_CARDS.filter(incident=wish.about)))
    if wish.show == WAITING:
        # Who waits longest comes first.
        return rows.alias(since=SINCE).order_by("since", "id")
    return rows.order_by("-last_message_at", "-id")


def _shown(show: str) -> QuerySet[Conversation]:
    everything = Conversation.objects.all()
    open_ones = everything.filter(is_open=True)
    match show:
        case "waiting":
            return everything.waiting()
        case "match":
            return open_ones.filter(Exists(OPEN_CARDS))
        case "stack":
            return open_ones.filter(handled_by=HandledBy.AI)
        case "closed":
            return everything.filter(is_open=False)
        case "all":
            return everything
    return open_ones.filter(handled_by=HandledBy.HUMAN)


def read_list(rows: QuerySet[Conversation], words: str = "") -> Listed:
    """Read a `page_of` the list; where words were searched for, with what they stand in."""
    last = Message.objects.filter(conversation=OuterRef("pk")).order_by("-created_at", "-id")
    rows = rows.annotate(
        excerpt=Subquery(last.annotate(start=Left("text", EXCERPT)).values("start")[:1]),
        last_author=Subquery(last.values("author")[:1]),
        confidence=Subquery(LIKELIEST.values("confidence")[:1]),
        matched=Subquery(LIKELIEST.values("incident__title")[:1]),
        linked=Subquery(LINKS.order_by("-id").values("incident__title")[:1]),
    )
    if asked_of(words):
        hit = said_with(words).annotate(start=Left("text", LONGEST_LOOKED_AT))
        rows = rows.annotate(hit=Subquery(hit.values("start")[:1]))
    shown: list[Any] = list(rows[: PAGE + 1])
    today = timezone.localdate()
    for row in shown:
        row.excerpt = row.excerpt if row.excerpt is None else or_nothing(row.excerpt)
        if getattr(row, "hit", None):
            piece = around(row.hit, words, longest=EXCERPT)
            row.excerpt = highlighted(piece, [words, *words.split()])
        row.percent = row.confidence and percent_of(row.confidence)
        row.is_linked = row.linked is not None
        row.about = row.linked if row.is_linked else row.matched
        row.dated_at = (row.waiting_since if row.is_waiting else None) or row.last_message_at
        row.is_of_today = timezone.localdate(row.dated_at) == today
    more = shown[PAGE - 1].pk if len(shown) > PAGE else ""
    return Listed(shown[:PAGE], more, Conversation.objects.waiting().count())


def page_of(wish: Wish) -> QuerySet[Conversation]:
    """The rows from which a page of the list begins; what is searched for is looked up here."""
    rows = conversations_for(wish)
    if not wish.after:
        return rows
    last = Conversation.objects.filter(pk=wish.after)
    if wish.show == WAITING:
        since = Subquery(last.values(since=SINCE))
        return rows.filter(Q(since__gt=since) | Q(since=since, pk__gt=wish.after))
    said = Subquery(last.values("last_message_at"))
    return rows.filter(Q(last_message_at__lt=said) | Q(last_message_at=said, pk__lt=wish.after))


def list_stamp(rows: QuerySet[Conversation]) -> str:
    """Return a text that changes whenever this page of the list would; two queries.

    Matches also change with what is active, which the stamps of `ongoing.py` tell.
    """
    seen = rows.values_list("pk", "version")[: PAGE + 1]
    return f"{list(seen)}{Conversation.objects.waiting().count()}"
