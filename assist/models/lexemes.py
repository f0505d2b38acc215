"""How words of conversations are looked up: PostgreSQL's own full text, without an extension.

The same expression stands in the indexes and in the search. What PostgreSQL's parser would take
for addresses, paths or signs is taken apart at each mark, and scripts that are written
without spaces become one word a character: a search for several of them asks for their order.
Migrations name `Lexemes`, so that another expression is another class.
"""

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func

# What is longer is searched by its beginning; a text of any size would not fit PostgreSQL's limit.
LONGEST_SEARCHED = 10_000
# Marks of ASCII, Latin-1, general, Arabic and CJK punctuation, and spaces.
MARKS = (
    r"[!-/:-@[-`{-~\s"
    "\u00a1-\u00bf\u2010-\u205e\u060c\u061b\u061f\u3000-\u3020\u30fb\uff01-\uff0f\uff1a-\uff20]+"
)
# Kana, ideographs and Hangul.
UNSPACED = "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"


class Lexemes(Func):
    """The words of columns, as they are indexed."""

    arg_joiner = " || ' ' || "
    output_field = SearchVectorField()
    template = (
        f"to_tsvector('simple'::regconfig, regexp_replace(regexp_replace(left(%(expressions)s, "
        f"{LONGEST_SEARCHED}), '{MARKS}', ' ', 'g'), '({UNSPACED})', ' \\1 ', 'g'))"
    )
