"""What somebody typed after the slash command. No ORM, no clock."""

import re
from dataclasses import dataclass

from incidents.models.vocabulary import Severity, Status

SEVERITIES = (Severity.MINOR, Severity.MAJOR, Severity.CRITICAL)
STATUSES = (Status.INVESTIGATING, Status.IDENTIFIED, Status.MONITORING, Status.RESOLVED)
VERBS = {
    "": "help",
    "help": "help",
    "list": "list",
    "open": "open",
    "new": "open",
    "update": "update",
    "post": "update",
    "resolve": "resolve",
    "ack": "ack",
    "acknowledge": "ack",
    "take": "ack",
}
REFERENCE_LENGTH = 6
# Crockford's alphabet, as in all our ids; with a digit or in capitals it is hardly a word.
REFERENCE = re.compile(r"(?=.*[0-9]|[A-Z]+$)[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{6}")
# Slack writes these three as entities, and nothing else.
ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


@dataclass(frozen=True, slots=True)
class Wish:
    """`verb` is one of the table's, or what was typed where it is none."""

    verb: str
    rest: str = ""
    is_known: bool = True


def read(text: str) -> Wish:
    verb, rest = split_word(plain(text))
    known = VERBS.get(verb.lower())
    return Wish(known, rest) if known else Wish(verb, rest, is_known=False)


def plain(text: str) -> str:
    for entity, character in ENTITIES:
        text = text.replace(entity, character)
    return text.strip()


def split_word(text: str) -> tuple[str, str]:
    """The first word, and what follows with its line breaks."""
    first, *rest = text.split(maxsplit=1) or [""]
    return first, rest[0] if rest else ""


def take_word(text: str, words: tuple[str, ...]) -> tuple[str | None, str]:
    """Take one of these words off the beginning, if it stands there and more follows or not."""
    first, rest = split_word(text)
    found = next((word for word in words if word == first.lower()), None)
    return (found, rest) if found else (None, text)


def reference_of(record_id: str) -> str:
    """How a record is called in a chat: the end of its id, which is the random part."""
    return record_id[-REFERENCE_LENGTH:]


def looks_like_reference(word: str) -> bool:
    return REFERENCE.fullmatch(word) is not None
