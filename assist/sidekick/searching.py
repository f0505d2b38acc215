"""The desk's search: every word begins one of a message, of the address or of the channel's id.

Words that stand in few messages are looked up first. Those that stand in many are met soon by
whoever goes through the conversations from the newest on, so that no long list is ever made.
"""

import re
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q, QuerySet

from assist.models import Conversation, Message
from assist.models.lexemes import MARKS, UNSPACED, Lexemes

FEW = 2_000
# How many characters before a word are shown with it.
LEAD = 24
NAMES = ("customer_address", "external_id")
PIECES = re.compile(f"{UNSPACED}+|[^{UNSPACED[1:-1]}]+")


def found(rows: QuerySet[Conversation], words: str) -> QuerySet[Conversation]:
    """Those in which the words stand; none where the words hold nothing to look for."""
    asked = asked_of(words)
    if not asked:
        return rows.none()
    query = SearchQuery(asked, config="simple", search_type="raw")
    # Without an order: nothing has to be read to its end before it is counted.
    said = Message.objects.filter(words=query).order_by().values("conversation_id")
    here = Conversation.objects.alias(lexemes=Lexemes(*NAMES)).filter(lexemes=query)
    told = _few(said.values_list("conversation_id", flat=True))
    called = _few(here.order_by().values_list("pk", flat=True))
    if told is not None and called is not None:
        return rows.filter(pk__in={*told, *called})
    in_words = Exists(said.filter(conversation=OuterRef("pk"))) if told is None else Q(pk__in=told)
    in_name = Q(lexemes=query) if called is None else Q(pk__in=called)
    return rows.alias(lexemes=Lexemes(*NAMES)).filter(in_name | in_words)


def _few(ids: QuerySet[Any, str]) -> list[str] | None:
    """Look them up once for all that is asked of the list; None where they are many."""
    kept = list(ids[: FEW + 1])
    return kept if len(kept) <= FEW else None


def said_with(words: str) -> QuerySet[Message]:
    """The messages of the row at hand in which all the words stand, newest first."""
    query = SearchQuery(asked_of(words), config="simple", search_type="raw")
    said = Message.objects.filter(conversation=OuterRef("pk"), words=query)
    return said.order_by("-created_at", "-id")


def around(text: str, words: str, *, longest: int) -> str:
    """The piece of a text in which the first of the words stands that is found as it was typed."""
    text = " ".join(text.split())
    asked = [word for word in re.split(MARKS, words) if word]
    places = [found.start() for word in asked if (found := _as_a_word(word, text))]
    start = max(min(places, default=0) - LEAD, 0)
    return ("…" if start else "") + text[start : start + longest]


def _as_a_word(word: str, text: str) -> re.Match[str] | None:
    edge = "" if re.match(UNSPACED, word) else r"\b"
    return re.search(edge + re.escape(word), text, re.IGNORECASE)


def asked_of(words: str) -> str:
    """What PostgreSQL is asked: each word as a beginning, unspaced characters in their order."""
    terms: list[str] = []
    for word in re.split(MARKS, words.replace("\0", " ")):
        for piece in PIECES.findall(word):
            if re.match(UNSPACED, piece):
                terms.append("(" + " <-> ".join(f"'{each}'" for each in piece) + ")")
            else:
                terms.append(f"'{piece}':*")
    return " & ".join(terms)
