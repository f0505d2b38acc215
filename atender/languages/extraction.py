"""What is marked for translation, in Python by `gettext` and its kin, in templates by their tags.

Django's own command asks for the GNU tools; this reads the same marks with Python alone.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize


class Places(NamedTuple):
    """Which arguments of a marking function are the texts, counted from 1; 0 for none."""

    text: int = 1
    plural: int = 0
    context: int = 0


COUNTED, IN_CONTEXT = Places(1, 2), Places(2, 0, 1)
KEYWORDS = {
    "_": Places(),
    "gettext": Places(),
    "gettext_lazy": Places(),
    "gettext_noop": Places(),
    "ngettext": COUNTED,
    "ngettext_lazy": COUNTED,
    "pgettext": IN_CONTEXT,
    "pgettext_lazy": IN_CONTEXT,
    "npgettext": Places(2, 3, 1),
    "npgettext_lazy": Places(2, 3, 1),
}
NOT_OURS = {"tests", "docs", "migrations", ".venv", "training"}
TEMPLATES = {".html", ".txt"}
INDENTED = re.compile(r"^[ \t]+", re.MULTILINE)


class Marked(NamedTuple):
    """One text; with `plural` it is counted, with `context` it is told from its equals."""

    text: str
    plural: str = ""
    context: str = ""


def marked_in(root: Path) -> list[Marked]:
    """Return every text marked below a folder, once, in the order of the texts."""
    found: dict[tuple[str, str], Marked] = {}
    for path in _sources(root):
        for marked in _marked_in_file(path):
            known = found.setdefault((marked.context, marked.text), marked)
            if marked.plural and not known.plural:
                found[marked.context, marked.text] = marked
    return sorted(found.values())


def _sources(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        is_ours = not any(part in NOT_OURS or part.startswith(".") for part in parts)
        if is_ours and (
            path.suffix == ".py" or (path.suffix in TEMPLATES and "templates" in parts)
        ):
            yield path


def _marked_in_file(path: Path) -> Iterator[Marked]:
    source = path.read_text()
    if path.suffix != ".py":
        if "{% load" not in source:
            return
        # What is left around the marks has the indentation of HTML.
        source = INDENTED.sub("", templatize(source, origin=str(path)))
    for _line, function, texts, _comments in extract_python(
        BytesIO(source.encode()), dict.fromkeys(KEYWORDS), [], {}
    ):
        marked = _read(KEYWORDS[str(function)], texts)
        # A call with a variable marks nothing; what it translates is marked where it is written.
        if marked.text:
            yield marked


def _read(places: Places, texts: object) -> Marked:
    given = ["", *(texts if isinstance(texts, tuple | list) else [texts])]
    return Marked(*(str(given[place] or "") if place < len(given) else "" for place in places))
