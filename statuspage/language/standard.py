"""The standard texts of pages and mails, read from the catalogues."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from hashlib import sha256

from babel.messages.catalog import Message
from django.conf import settings

from atender.languages.catalogues import SOURCE, file_of, plural_rule, read

# As gettext joins the two.
CONTEXT_ENDS = "\x04"
MAIL = "mail"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in a language; `forms` has one for each way in which the language counts."""

    key: str
    forms: tuple[str, ...]
    # What each form must hold, and what each may.
    required: tuple[frozenset[str], ...]
    allowed: frozenset[str]

    @property
    def ident(self) -> str:
        """A short name for addresses."""
        return sha256(self.key.encode()).hexdigest()[:12]

    @property
    def is_of_mails(self) -> bool:
        return self.key.startswith(MAIL + CONTEXT_ENDS)

    @property
    def original(self) -> str:
        """The English text."""
        return self.shown(self.key.rpartition(CONTEXT_ENDS)[2])

    @property
    def shown_forms(self) -> tuple[str, ...]:
        return tuple(self.shown(form) for form in self.forms)

    def shown(self, text: str) -> str:
        """Return a text of the catalogue as people read and write it."""
        return text.replace("%%", "%")

    def kept(self, text: str) -> str:
        """Return what people wrote as it is kept: what is no placeholder is no code either."""
        if not self.allowed:
            return text
        parts = re.split(f"({PLACEHOLDER.pattern})", text)
        return "".join(p if PLACEHOLDER.fullmatch(p) else p.replace("%", "%%") for p in parts)


@cache
def standard_texts(language: str) -> Mapping[str, Text]:
    """Return the texts in one of `settings.LANGUAGES` by key, in the order of the English."""
    assert language in dict(settings.LANGUAGES)
    catalogue = read(file_of(settings.LOCALE_PATHS[0], language), language)
    count, _rule = plural_rule(language)
    texts = [_text(message, count, language) for message in catalogue if message.id]
    return {text.key: text for text in sorted(texts, key=_by_words)}


def _by_words(text: Text) -> str:
    """What begins with a word comes before what begins with a placeholder."""
    return PLACEHOLDER.sub("~", text.original.lower())


def _text(message: Message, count: int, language: str) -> Text:
    ids, given = _each(message.id), _each(message.string)
    if language == SOURCE or not all(given):
        given = ids if len(ids) in (1, count) else (ids[-1],) * count
    context = f"{message.context}{CONTEXT_ENDS}" if message.context else ""
    return Text(
        key=context + ids[0],
        forms=given,
        required=tuple(placeholders(form) for form in given),
        allowed=frozenset().union(*map(placeholders, ids)),
    )


def _each(text: object) -> tuple[str, ...]:
    return tuple(map(str, text)) if isinstance(text, tuple | list) else (str(text),)


def placeholders(text: str) -> frozenset[str]:
    return frozenset(PLACEHOLDER.findall(text.replace("%%", "")))


@cache
def counts_of_form(language: str, form: int) -> str:
    """Say for which numbers a plural form is: `1`, `2, 3, 4 …`."""
    rule = c2py(plural_rule(language)[1])
    numbers = [n for n in range(200) if rule(n) == form]
    shown = ", ".join(map(str, numbers[:3]))
    return f"{shown} …" if len(numbers) > 3 else shown
