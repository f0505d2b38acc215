"""The catalogues hold what is marked, and what is compiled is what they say."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from atender.languages.catalogues import (
    SOURCE,
    file_of,
    is_translated,
    merged,
    mo_text,
    po_text,
    read,
)
from atender.languages.extraction import Marked, marked_in

PLACES = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%%")
COUNTED = ("%(n)s earlier update", "%(n)s earlier updates")
CODES = [code for code, _name in settings.LANGUAGES]
FOLDER = Path(settings.LOCALE_PATHS[0])


@pytest.fixture(scope="module")
def marked() -> list[Marked]:
    return marked_in(settings.BASE_DIR)


def test_there_are_fourteen() -> None:
    assert len(CODES) == 14
    assert {path.name for path in FOLDER.iterdir()} == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_catalogue_holds_what_is_marked_and_nothing_else(code: str, marked: list[Marked]) -> None:
    file = file_of(FOLDER, code)

    assert po_text(merged(read(file, code), code, marked)) == file.read_bytes(), "make messages"


@pytest.mark.parametrize("code", CODES)
def test_what_is_compiled_is_what_is_written(code: str, marked: list[Marked]) -> None:
    file = file_of(FOLDER, code)
    compiled = mo_text(merged(read(file, code), code, marked))

    assert compiled == file.with_suffix(".mo").read_bytes(), "make messages"


@pytest.mark.parametrize("code", [code for code in CODES if code != SOURCE])
def test_every_text_is_translated_in_every_form(code: str) -> None:
    catalogue = read(file_of(FOLDER, code), code)

    assert [message.id for message in catalogue if message.id and not is_translated(message)] == []


def forms(text: str | Sequence[str] | None) -> list[str]:
    """A text's forms, of which most have one."""
    return [text] if isinstance(text, str) else [*(text or ())]


@pytest.mark.parametrize("code", CODES)
def test_placeholders_survive_translation(code: str) -> None:
    for message in read(file_of(FOLDER, code), code):
        texts, strings = forms(message.id), forms(message.string)
        known = {name for text in texts for name in PLACES.findall(text)}
        for string in filter(None, strings if message.id else []):
            assert set(PLACES.findall(string)) <= known, message.id
            # A form for one or two may spell the number out.
            if isinstance(message.id, str):
                assert set(PLACES.findall(string)) == known, message.id


@pytest.mark.parametrize(
    ("code", "numbers", "places"),
    [
        ("pl", (1, 2, 5, 12, 22, 25), (0, 1, 2, 2, 1, 2)),
        ("ar", (0, 1, 2, 3, 10, 11, 99, 100, 102, 103), (0, 1, 2, 3, 3, 4, 4, 5, 5, 3)),
        ("fr", (0, 1, 2), (0, 0, 1)),
        ("ja", (0, 1, 2), (0, 0, 0)),
    ],
)
def test_numbers_take_the_form_of_their_language(
    code: str, numbers: tuple[int, ...], places: tuple[int, ...]
) -> None:
    known = forms(read(file_of(FOLDER, code), code)["%(n)s earlier update"].string)
    with translation.override(code):
        said = [translation.ngettext(*COUNTED, number) for number in numbers]

    assert said == [known[place] for place in places]


def test_marks_are_found_in_python_and_templates(tmp_path: Path) -> None:
    (tmp_path / "views.py").write_text(
        '_("One")\n_("Two " "halves")\n_(variable)\nngettext("%(n)s day", "%(n)s days", n)\n'
        'pgettext("verb", "Open")\ngettext_noop("Later")\n'
    )
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "page.html").write_text(
        '  {% load i18n %}<p title="it\'s">{% translate "Three" %}</p>\n'
        "{% blocktranslate count n=1 %}{{ n }} year{% plural %}{{ n }} years"
        "{% endblocktranslate %}\n"
    )
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_views.py").write_text('_("Not this")')

    assert marked_in(tmp_path) == [
        Marked("%(n)s day", "%(n)s days"),
        Marked("%(n)s year", "%(n)s years"),
        Marked("Later"),
        Marked("One"),
        Marked("Open", context="verb"),
        Marked("Three"),
        Marked("Two halves"),
    ]


def test_a_text_that_changes_loses_its_translation_and_the_others_keep_theirs(
    tmp_path: Path,
) -> None:
    file = tmp_path / "django.po"
    first = merged(read(file, "pl"), "pl", [Marked("Old"), Marked("%(n)s a", "%(n)s b")])
    first["Old"].string = "Stary"
    first["%(n)s a"].string = ("%(n)s x", "%(n)s y", "%(n)s z")
    file.write_bytes(po_text(first))
    second = merged(read(file, "pl"), "pl", [Marked("New"), Marked("%(n)s a", "%(n)s b")])

    assert second.get("Old") is None
    assert second["New"].string == ""
    assert second["%(n)s a"].string == ("%(n)s x", "%(n)s y", "%(n)s z")
    assert b"fuzzy" not in po_text(second)
