"""A page in the languages that it enables: by the visitor's choice, then the browser's."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client

from atender.unavailable import NO_DATABASE, refuse
from incidents.catalogue.components import add_component
from statuspage.edge.documents import Made, compressed, finish
from statuspage.edge.stale import stale_variant
from statuspage.look.branding import change_branding
from statuspage.models import Branding
from tests.factories import STAFF, default_page, make_incident

CODES = [code for code, _name in settings.LANGUAGES]


def speaks(language: str, *further: str) -> Branding:
    page = default_page()
    return change_branding(page, by=STAFF, language=language, further_languages=list(further))


@pytest.fixture
def polyglot(acme: object) -> Branding:
    return speaks("en", *CODES[1:])


def head_of(response: Any) -> str:
    return str(response.content.decode().partition("<head>")[0])


def test_a_page_speaks_one_language_unless_told(visitor: Client) -> None:
    for path in ("/", "/?lang=de", "/history?lang=ar"):
        response = visitor.get(path, headers={"accept-language": "de"})
        assert '<html lang="en" dir="ltr">' in head_of(response)
        assert "lang=" not in response.content.decode().partition("<body>")[2]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("path", ["/", "/history", "/history?page=2", "/nothing"])
def test_every_language_has_every_page(
    path: str, code: str, polyglot: Branding, visitor: Client
) -> None:
    make_incident("Von Hand geschrieben")
    response = visitor.get(path, headers={"accept-language": code})
    direction = "rtl" if code == "ar" else "ltr"

    assert f'<html lang="{code}" dir="{direction}">' in head_of(response)
    assert response["Content-Language"] == code


def test_a_choice_in_the_address_comes_first(polyglot: Branding, visitor: Client) -> None:
    def language(path: str, accepted: str) -> str:
        return visitor.get(path, headers={"accept-language": accepted})["Content-Language"]

    assert language("/?lang=ja", "de") == "ja"
    assert language("/?lang=xx", "de") == "en"
    assert language("/", "de;q=0.3, pl") == "pl"
    assert language("/", "zh-TW") == "zh"
    assert language("/", "") == "en"


def test_the_default_comes_first_and_is_not_named_twice(acme: object, visitor: Client) -> None:
    branding = speaks("de", "fr", "de", "en")

    assert branding.languages == ("de", "en", "fr")
    assert visitor.get("/")["Content-Language"] == "de"


@pytest.mark.parametrize("changes", [{"language": "xx"}, {"further_languages": ["de", "tlh"]}])
def test_other_languages_are_refused(changes: dict[str, Any], acme: object) -> None:
    with pytest.raises(ValidationError, match="no language of pages"):
        change_branding(default_page(), by=STAFF, **changes)


def test_search_engines_find_each_language(polyglot: Branding, visitor: Client) -> None:
    text = visitor.get("/history?page=2&lang=fr").content.decode()
    base = "http://status.acme.localhost"

    assert '/history?page=2&amp;lang=fr">' in text.partition('rel="canonical"')[2][:99]
    assert 'hreflang="ja" href="' in text
    assert "/history?page=2&lang=ja" in text.replace("&amp;", "&")
    default = visitor.get("/history").content.decode()
    assert f'rel="canonical" href="{base}/history"' in default.replace("https:", "http:")


def test_the_console_never_changes_its_language(polyglot: Branding, console: Client) -> None:
    for path in ("/admin/", "/admin/statuspage/branding/", "/admin/login/"):
        arabic = {"accept-language": "ar"}
        text = console.get(f"{path}?lang=ar", headers=arabic, follow=True).content.decode()
        assert '<html lang="en"' in text
        assert 'dir="rtl"' not in text


@pytest.mark.parametrize(("path", "is_program"), [("/subscribe", False), ("/api/v2/x.json", True)])
def test_without_a_database_people_are_told_in_their_language(path: str, is_program: bool) -> None:
    said: list[Any] = []
    environ = {"PATH_INFO": path, "REQUEST_METHOD": "GET"}
    body = refuse(environ, lambda *started: said.append(started), NO_DATABASE, language="de")
    text = b"".join(body).decode()

    assert said[0][0].startswith("503")
    assert ("Unsere Datenbank antwortet nicht" in text) is not is_program
    assert ("Our database does not answer" in text) is is_program
    assert ('<html lang="de" dir="ltr">' in text) is not is_program


def test_a_document_grown_old_says_so_in_its_own_language() -> None:
    made = Made(
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"), ("Content-Language", "ar")),
        generation=1,
        made_at=0.0,
        fresh_until=0.0,
    )
    then = datetime(2026, 11, 2, 14, 2, tzinfo=UTC)
    old = stale_variant(finish(made, b"<!--notice-->"), true_at=then, is_database_away=True)

    assert "قاعدة بياناتنا لا تستجيب" in old.bodies[""].decode()
    assert "14:02 UTC" in old.bodies[""].decode()


def test_a_language_does_not_leak_into_the_next_request(
    polyglot: Branding, visitor: Client, console: Client
) -> None:
    visitor.get("/?lang=ar")

    assert visitor.get("/api/v2/status.json").json()["status"]["description"] == (
        "All Systems Operational"
    )
    assert '<html lang="en"' in console.get("/admin/", follow=True).content.decode()


@pytest.mark.parametrize("code", ["de", "ar", "ja"])
def test_thirty_components_fit_in_every_language(
    code: str, polyglot: Branding, visitor: Client
) -> None:
    for number in range(27):
        add_component(f"Part {number}", by=STAFF)
    for number in range(3):
        make_incident(f"Trouble {number}", components=(f"Part {number}", "API"))
    body = visitor.get(f"/?lang={code}").content

    assert body.count(b'<li class="component"') == 30
    assert len(body) <= 60_000
    assert len(compressed(body, "text/html")["br"]) <= 10_000
