"""The catalogues of translations: one file a language, sorted, and compiled beside it.

They carry no dates and no line numbers, so that two people's changes seldom meet. The compiled
files are kept in the repository: running the product needs no compiler.
"""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from babel.core import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from atender.languages.extraction import Marked

SOURCE = "en"
HEADER = """\
# {name}
# The msgids are the English texts; a test holds that each is here and the .mo file up to date.
# {state}"""
ORIGINAL = "English is what the texts are written in: an empty translation is the text itself."
UNREVIEWED = "Not yet reviewed by a native speaker."
# The rules for whole numbers; the CLDR's count fractions too, which we never do.
PLURALS = {
    "ar": (
        6,
        "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)",
    ),
    "fr": (2, "(n > 1)"),
    "ja": (1, "0"),
    "pl": (3, "(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2)"),
    "pt": (2, "(n > 1)"),
    "zh": (1, "0"),
}
ONE_AND_MORE = (2, "(n != 1)")


class Catalogue(Catalog):
    """A catalogue whose head says nothing that changes with every run."""

    def _get_mime_headers(self) -> list[tuple[str, str]]:
        count, rule = plural_rule(str(self.locale))
        return [
            ("Language", str(self.locale)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", f"nplurals={count}; plural={rule};"),
        ]

    mime_headers = property(_get_mime_headers)

    @property
    def num_plurals(self) -> int:
        # The library's own table knows one form of Turkish.
        return plural_rule(str(self.locale))[0]


def plural_rule(code: str) -> tuple[int, str]:
    """How many forms a counted text has, and which is for `n`."""
    return PLURALS.get(code, ONE_AND_MORE)


def file_of(folder: Path, code: str) -> Path:
    return folder / code / "LC_MESSAGES" / "django.po"


def read(file: Path, code: str) -> Catalog:
    """Return a catalogue as it is kept, an empty one where there is none."""
    if not file.exists():
        return Catalog(locale=code)
    return read_po(BytesIO(file.read_bytes()), locale=code)


def merged(kept: Catalog, code: str, marked: Iterable[Marked]) -> Catalogue:
    """Return a catalogue of exactly the marked texts, with the translations that are kept."""
    state = ORIGINAL if code == SOURCE else _state_of(kept)
    name = Locale.parse(code).get_display_name("en")
    count, _rule = plural_rule(code)
    head = HEADER.format(name=name, state=state)
    catalogue = Catalogue(locale=code, header_comment=head, fuzzy=False)
    for entry in marked:
        known = kept.get(entry.text, entry.context or None)
        is_counted = bool(entry.plural)
        catalogue.add(
            (entry.text, entry.plural) if is_counted else entry.text,
            _strings(known, count if is_counted else 0),
            flags=["python-format"] if "%(" in entry.text else [],
            context=entry.context or None,
        )
    return catalogue


def _state_of(kept: Catalog) -> str:
    """What the head says of who has read the translations; whoever reviews them changes it."""
    lines = kept.header_comment.splitlines()
    return lines[2].removeprefix("# ") if len(lines) == 3 else UNREVIEWED


def _strings(known: Message | None, count: int) -> str | tuple[str, ...]:
    string = (known.string if known else None) or ""
    strings = [string] if isinstance(string, str) else [form or "" for form in string]
    return tuple((strings + [""] * count)[:count]) if count else strings[0]


def is_translated(message: Message) -> bool:
    """Whether a text has a translation in every form."""
    string = message.string or ""
    return all([string] if isinstance(string, str) else string)


def po_text(catalogue: Catalogue) -> bytes:
    """Return the file that people edit: by msgid, one text a line."""
    into = BytesIO()
    write_po(into, catalogue, width=0, no_location=True, sort_output=True, ignore_obsolete=True)
    return into.getvalue()


def mo_text(catalogue: Catalogue) -> bytes:
    """Return the compiled file; a text without a translation is left out and so reads English."""
    into = BytesIO()
    write_mo(into, catalogue)
    return into.getvalue()


def is_unreviewed(file: Path) -> bool:
    """Whether a catalogue's head says that no native speaker has read it."""
    return file.exists() and UNREVIEWED in file.read_text().partition('msgid ""')[0]
