"""Which language the current thread uses for a page's readers, and in whose wording.

A tenant's own wording lies over the catalogue only while one thread renders something of one page:
it is read from the tenant's schema each time, cached nowhere, and gone at the end of the block.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from gettext import NullTranslations, c2py
from typing import Any, Self

from django.utils import translation
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeData, SafeString
from django.utils.translation import trans_real

from atender.languages.catalogues import plural_rule
from atender.tenants.context import current_schema
from statuspage.language.choosing import choose_language
from statuspage.language.standard import CONTEXT_ENDS
from statuspage.models import Branding, Wording


class OwnWords(str):
    """A tenant's text, which templates must not trust as they trust the catalogues.

    It escapes itself wherever it becomes HTML. If its placeholders do not fit the values, the
    standard text is used instead.
    """

    standard: str

    def __new__(cls, text: str, standard: str) -> Self:
        made = super().__new__(cls, text)
        made.standard = standard.rpartition(CONTEXT_ENDS)[2]
        return made

    def __html__(self) -> SafeString:
        return SafeString(escape(str.__str__(self)))

    def __str__(self) -> str:
        return self

    def __mod__(self, values: Any) -> str:
        try:
            return self._filled(values)
        except (KeyError, TypeError, ValueError):
            return str(self.standard % values)

    def _filled(self, values: Any) -> str:
        if not isinstance(values, Mapping):
            return OwnWords(super().__mod__(values), self.standard)
        # What is filled in is HTML already, so that the whole has to be.
        if any(isinstance(value, SafeData) for value in values.values()):
            ready = {name: conditional_escape(value) for name, value in values.items()}
            return SafeString(escape(str.__str__(self)).__mod__(ready))
        return OwnWords(super().__mod__(values), self.standard)


class OwnCatalogue(NullTranslations):
    """A page's own words, and behind them the catalogue of the language."""

    def __init__(
        self,
        language: str,
        own: Mapping[tuple[str, int], str],
        of: tuple[str, str, str] | None = None,
    ) -> None:
        super().__init__()
        self.of = of
        self.own = own
        self.standard: Any = trans_real.translation(language)

    def language(self) -> str:
        return str(self.standard.language())

    def to_language(self) -> str:
        return str(self.standard.to_language())

    def gettext(self, message: str) -> str:
        standard = str(self.standard.gettext(message))
        own = self.own.get((message, 0))
        return standard if own is None else OwnWords(own, standard)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        standard = str(self.standard.ngettext(msgid1, msgid2, n))
        own = self.own.get((msgid1, _form_of(self.language())(n))) if self.own else None
        return standard if own is None else OwnWords(own, standard)


@cache
def _form_of(language: str) -> Any:
    return c2py(plural_rule(language)[1])


@contextmanager
def speaking(page_id: str, language: str) -> Iterator[None]:
    """Within the block, use a language in a page's wording. One query.

    Nested in a block for the same page and language, it makes no query.
    """
    of = (current_schema(), page_id, language)
    spoken = _spoken()
    if not (isinstance(spoken, OwnCatalogue) and spoken.of == of):
        rows = Wording.objects.filter(page_id=page_id, language=language)
        said = rows.values_list("key", "form", "text")
        spoken = OwnCatalogue(language, {(key, form): text for key, form, text in said}, of)
    with _taken_up(spoken):
        yield


@contextmanager
def speaking_in(language: str, words: Mapping[str, str]) -> Iterator[None]:
    """Speak a language, and for some keys in these words. No query."""
    with _taken_up(OwnCatalogue(language, {(key, 0): text for key, text in words.items()})):
        yield


def own_words(keys: Collection[str]) -> dict[str, str]:
    """Return those of the texts for which the active wording has its own words."""
    spoken = _spoken()
    own = spoken.own if isinstance(spoken, OwnCatalogue) else {}
    return {key: own[key, 0] for key in keys if (key, 0) in own}


def _spoken() -> NullTranslations | None:
    # By Django's own functions a thread takes up a language, not a catalogue.
    active: Any = trans_real._active  # type: ignore[attr-defined]
    spoken: NullTranslations | None = getattr(active, "value", None)
    return spoken


@contextmanager
def _taken_up(catalogue: NullTranslations) -> Iterator[None]:
    active: Any = trans_real._active  # type: ignore[attr-defined]
    before = _spoken()
    active.value = catalogue
    try:
        yield
    finally:
        if before is None:
            translation.deactivate()
        else:
            active.value = before


def direction() -> str:
    """Return the writing direction of the active language."""
    return "rtl" if translation.get_language_bidi() else "ltr"


def language_of(branding: Branding, wanted: str) -> str:
    """Return the language a reader wants where the page speaks it, else the page's first."""
    return choose_language(wanted, branding.languages)
