"""A page in the languages that it enables: by the visitor's choice, then the browser's."""

from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client

from statuspage.branding import change_branding
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


def test_a_language_does_not_leak_into_the_next_request(
    polyglot: Branding, visitor: Client, console: Client
) -> None:
    visitor.get("/?lang=ar")

    assert visitor.get("/api/v2/status.json").json()["status"]["description"] == (
        "All Systems Operational"
    )
    assert '<html lang="en"' in console.get("/admin/", follow=True).content.decode()
