"""What is asked for: one spelling for each document, and nothing of the visitor's beside it."""

import pytest

from statuspage.edge.asking import MISSING, Asked, find_document
from statuspage.language.choosing import choose_language

ID = "01JD0000000000000000000ABC"


def wsgi(path: str) -> str:
    """A path as WSGI hands it on: bytes that are shown as Latin-1."""
    return path.encode().decode("latin-1")


@pytest.mark.parametrize("path", ["/", "/history", "/api/v2/summary.json", f"/incidents/{ID}"])
def test_pages_are_documents(path: str) -> None:
    assert find_document(path, "") == Asked(path)


@pytest.mark.parametrize(
    "path", ["/subscribe", "/healthz", "/static/statuspage/page.css", f"/subscriptions/{ID}/verify"]
)
def test_what_depends_on_more_than_its_address_is_left_to_its_view(path: str) -> None:
    assert find_document(path, "") is None


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "//",
        "/history/",
        "/History",
        "/incidents/",
        "/incidents/../history",
        f"/incidents/{ID}/",
        f"/incidents/{ID}\n",
        wsgi("/hístory"),
        "/\xff",
        "/" + "a" * 5000,
        "",
        "*",
    ],
)
def test_every_address_of_nothing_is_the_same_document(path: str) -> None:
    assert find_document(path, "page=2") == Asked(MISSING)


def test_an_id_has_one_spelling() -> None:
    assert find_document(f"/incidents/{ID.lower()}", "") == Asked(f"/incidents/{ID}")
    assert find_document(f"/badge/{ID.lower()}.svg", "") == Asked(f"/badge/{ID}.svg")


@pytest.mark.parametrize(
    "query",
    ["", "utm_source=mail", "?", "&&&", "=", "page", "PAGE=2", "x=" + "a" * 5000],
)
def test_parameters_that_nobody_reads_are_dropped(query: str) -> None:
    assert find_document("/", query) == Asked("/")


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("page=2", "page=2"),
        ("utm=1&page=2&x", "page=2"),
        ("page=1&page=3", "page=3"),
        ("%70age=2", "page=2"),
        ("page=2;page=3", None),
        ("page=0", None),
        ("page=02", None),
        ("page=2%20", None),
        ("page=%D9%A2", None),
        ("page=", None),
        ("page=99999", None),
    ],
)
def test_a_known_parameter_has_one_spelling_or_is_left_to_its_view(
    query: str, kept: str | None
) -> None:
    assert find_document("/history", query) == (None if kept is None else Asked("/history", kept))


@pytest.mark.parametrize(
    ("query", "wish"),
    [
        ("lang=de", "de"),
        ("x=1&lang=en&lang=de", "de"),
        ("%6cang=de", "de"),
        ("LANG=de", ""),
        ("lang=", "-"),
        ("lang=DE", "-"),
        ("lang=de-AT", "-"),
        ("lang=../de", "-"),
        ("lang=d\u0435", "-"),
        ("lang=" + "a" * 500, "-"),
    ],
)
def test_a_wished_language_is_no_parameter_and_nonsense_is_one_wish(query: str, wish: str) -> None:
    for path in ("/", "/api/v2/status.json"):
        assert find_document(path, query) == Asked(path, "", wish)
    assert find_document("/nothing", query) == Asked(MISSING, "", wish)


def test_more_parameters_than_a_person_sends_are_none() -> None:
    query = "&".join(f"a{n}=1" for n in range(60)) + "&page=2"

    assert find_document("/history", query) == Asked("/history")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-CH, en;q=0.5", "de"),
        ("fr, de;q=0.3", "de"),
        ("en;q=0.2, pt-BR;q=0.9", "pt-BR"),
        ("pt", "pt-BR"),
        ("de;q=0, en", "en"),
        ("*", "en"),
        ("xx", "en"),
        ("de;q=junk", "en"),
        (",;=,", "en"),
        ("de" * 500, "en"),
    ],
)
def test_the_language_is_the_best_of_those_there_are(accepted: str, language: str) -> None:
    assert choose_language(accepted, ("en", "de", "pt-BR")) == language
