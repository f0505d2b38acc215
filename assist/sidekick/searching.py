"""The desk's search: every word begins one of a message, of the address or of the channel's id.

Words that stand in few messages are looked up first. Those that stand in many are met soon by
whoever goes through the conversations from the newest on, so that no long list is ever made.
"""

import re

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q, QuerySet

from assist.models import Conversation, Message
from assist.models.lexemes import MARKS, UNSPACED, Lexemes

FEW = 10_000
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
    named = here.order_by().values("pk")
    if said[: FEW + 1].count() <= FEW and named[: FEW + 1].count() <= FEW:
        return rows.filter(pk__in=said.union(named))
    looked_at = rows.alias(lexemes=Lexemes(*NAMES))
    return looked_at.filter(Q(lexemes=query) | Exists(said.filter(conversation=OuterRef("pk"))))


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
