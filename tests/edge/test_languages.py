"""One document a language: chosen by the address or by the browser, and never another page's."""

import re

import pytest

from tests.edge.serving import ACME, GLOBEX, Answer, Installation, Web, until


@pytest.fixture(scope="module", autouse=True)
def ready(web: Web) -> None:
    """The page is known in all its languages when the tests begin."""
    for code in ("en", "de", "ar"):
        until(lambda code=code: spoken(web.get("/", GLOBEX, Accept_Language=code)) == code)  # type: ignore[misc]


def languages(installation: Installation, schema: str) -> set[str]:
    """In which languages anything is kept, empty for what is the same in all."""
    return {asked.language for asked in installation.kept(schema)}


def spoken(answer: Answer) -> str:
    """The language that a document says it is in, in its head and in its body."""
    said = re.search(r'<html lang="(\w+)" dir="(\w+)">', answer.text)
    assert said is not None
    assert said[2] == ("rtl" if said[1] == "ar" else "ltr")
    assert answer.headers["content-language"] == said[1]
    return said[1]


@pytest.mark.parametrize(
    ("path", "accepted", "language"),
    [
        ("/", "", "en"),
        ("/", "de-AT,de;q=0.9,en;q=0.1", "de"),
        ("/", "fr", "en"),
        ("/?lang=ar", "de", "ar"),
        ("/?lang=en", "de", "en"),
        ("/?utm_source=x&lang=ar&y", "de", "ar"),
        ("/?lang=de&lang=ar", "", "ar"),
        # What the page does not speak means its default, whatever the browser likes.
        ("/?lang=fr", "de", "en"),
        ("/?lang=xx", "de", "en"),
        ("/?lang=", "de", "en"),
        ("/?lang=de%00", "de", "en"),
        ("/history?lang=ar&page=1", "", "ar"),
        ("/nothing?lang=de", "ar", "de"),
    ],
)
def test_the_address_comes_before_the_browser(
    path: str, accepted: str, language: str, web: Web
) -> None:
    assert spoken(web.get(path, GLOBEX, Accept_Language=accepted)) == language


def test_a_wish_and_a_preference_lead_to_the_same_document(web: Web) -> None:
    wished = web.get("/history?lang=de", GLOBEX)
    preferred = web.get("/history", GLOBEX, Accept_Language="de")

    assert wished.body == preferred.body
    assert wished.headers["etag"] == preferred.headers["etag"]
    assert preferred.headers["vary"] == "Accept-Encoding, Accept-Language"


def test_each_language_has_its_own_tag(web: Web) -> None:
    tags = {
        code: web.get(f"/history?lang={code}", GLOBEX).headers["etag"]
        for code in ("en", "de", "ar")
    }
    assert len(set(tags.values())) == 3
    for code, tag in tags.items():
        assert web.get(f"/history?lang={code}", GLOBEX, If_None_Match=tag).status == 304
        assert web.get("/history", GLOBEX, Accept_Language=code, If_None_Match=tag).status == 304
    assert web.get("/history?lang=de", GLOBEX, If_None_Match=tags["ar"]).status == 200


def test_links_keep_the_language(web: Web) -> None:
    text = web.get("/?lang=ar", GLOBEX).text

    for path in ("/history", "/history.atom", "/subscribe"):
        assert f'"{path}?lang=ar"' in text
    assert 'href="?lang=de" lang="de" hreflang="de">Deutsch</a>' in text
    assert 'hreflang="ar" aria-current="true">العربية</a>' in text


def test_wishes_split_no_entry(web: Web, installation: Installation) -> None:
    known = {host: web.get("/history", host).headers["etag"] for host in (ACME, GLOBEX)}
    before = languages(installation, "acme")
    for wish in ("xx", "fr", "../../x", "%00", "DE", "de-DE", "a" * 200, "en;q=1"):
        for path in ("/history", "/nothing", "/api/v2/status.json", "/robots.txt"):
            for host in (ACME, GLOBEX):
                web.get(f"{path}?lang={wish}", host)
        for host, tag in known.items():
            assert web.get(f"/history?lang={wish}", host).headers["etag"] == tag
    assert languages(installation, "acme") <= before
    assert languages(installation, "globex") == {"", "en", "de", "ar"}


def test_a_page_of_one_language_knows_no_wish(web: Web) -> None:
    known = web.get("/history")
    for path in ("/history?lang=de", "/history?lang=ar"):
        answer = web.get(path, ACME, Accept_Language="ar")
        assert answer.headers["etag"] == known.headers["etag"]
        assert spoken(answer) == "en"
        assert answer.headers["vary"] == "Accept-Encoding"
    assert "lang=de" not in known.text


def test_what_programs_read_is_the_same_in_all(web: Web) -> None:
    for path in ("/api/v2/status.json", "/llms.txt", "/robots.txt"):
        answers = [web.get(f"{path}?lang={code}", GLOBEX) for code in ("en", "de", "ar")]
        assert len({answer.headers["etag"] for answer in answers}) == 1
        assert "content-language" not in answers[0].headers
        assert answers[0].headers["vary"] == "Accept-Encoding"


def test_a_page_learns_languages_and_forgets_them(web: Web, installation: Installation) -> None:
    assert spoken(web.get("/?lang=ar")) == "en"
    speak(installation, "{de,ar}")
    try:
        until(lambda: spoken(web.get("/?lang=ar")) == "ar")
        until(lambda: "?lang=ar" in web.get("/", Accept_Language="en").text)
    finally:
        speak(installation, "{}")
    until(lambda: spoken(web.get("/?lang=ar")) == "en")
    until(lambda: "?lang=ar" not in web.get("/", Accept_Language="en").text)


def speak(installation: Installation, languages: str) -> None:
    installation.query(
        f"UPDATE acme.statuspage_branding SET further_languages = '{languages}' "
        f"WHERE page_id IN (SELECT page_id FROM public.tenants_domain WHERE domain = '{ACME}')"
    )


def test_a_page_that_is_open_again_has_its_languages_on_disk(
    web: Web, installation: Installation
) -> None:
    """Without them nothing of it is found by a process that starts without the database."""
    page = installation.tenants["globex"]["page"]
    languages = installation.home / "edge" / "pages" / "globex" / page / "languages"
    assert languages.exists()
    change = "UPDATE globex.statuspage_access SET visibility = '{}'"
    installation.query(change.format("email"))
    until(lambda: web.get("/", GLOBEX).status == 403)
    until(lambda: not languages.exists())
    installation.query(change.format("open"))
    until(lambda: web.get("/", GLOBEX).status == 200)
    until(languages.exists)
    assert languages.read_text() == "en de ar"
