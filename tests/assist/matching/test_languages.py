"""The extract of py3langid's model says what the whole model does, to the last bit.

Where this fails after py3langid was updated: `python -m assist.matching.training.languages`.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from assist.matching import languages

DATA = Path(languages.__file__).with_name("training")


@pytest.fixture(scope="module")
def whole() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(languages.LATIN)
    return identifier


def test_the_extract_is_of_the_library_as_it_is_installed(whole: LanguageIdentifier) -> None:
    extract = languages.identifier()
    assert extract.nb_classes == whole.nb_classes
    assert extract.tk_nextmove == whole.tk_nextmove
    assert extract.tk_row == whole.tk_row
    assert extract.tk_output == whole.tk_output
    assert extract.nb_pc.dtype == whole.nb_pc.dtype
    assert extract.nb_ptc.dtype == whole.nb_ptc.dtype
    assert np.array_equal(extract.nb_pc, whole.nb_pc)
    assert np.array_equal(extract.nb_ptc, whole.nb_ptc)


def test_what_a_text_has_lies_together() -> None:
    """Gathered by columns, a message would take longer."""
    assert languages.identifier().nb_ptc.flags.c_contiguous


def texts() -> Iterator[str]:
    """Messages in all languages, as they are, cut short, shouted and run together."""
    for path in sorted(DATA.glob("development_messages*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]
    for path in sorted((DATA / "written").glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines()[::7]:
            yield from (line, line[:9], line.upper(), line.replace(" ", ""))
    yield from ("", " ", "?", "é", "\ud800", "\x00ß", "İSTANBUL", "a" * 2000)


def test_every_text_is_ranked_alike(whole: LanguageIdentifier) -> None:
    extract = languages.identifier()
    differing = [text for text in texts() if extract.rank(text) != whole.rank(text)]
    assert not differing
