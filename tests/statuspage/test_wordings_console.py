"""The console's screen of wordings."""

import pytest
from django.test import Client

from atender.staff.models import User
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import Page
from statuspage.language.standard import standard_texts
from statuspage.language.wordings import change_wording
from statuspage.models import Branding, Wording
from tests.console.at_once import is_told_first, seen_in
from tests.factories import STAFF, default_page

URL = "/admin/statuspage/wording/"
UPDATES = standard_texts("en")["Get updates by e-mail"]
SAVED = standard_texts("en")["%(address)s gets mails."]


@pytest.fixture
def place(acme: Tenant) -> Page:
    Branding.objects.update(further_languages=["de", "ar"])
    return default_page()


def sent(page: Page, ident: str, *texts: str, **more: str) -> dict[str, str]:
    said = {f"text-{number}": text for number, text in enumerate(texts)}
    return {"page": page.pk, "language": "en", "text": ident, **said, **more}


def test_it_lists_every_text_with_its_own_words_beside(place: Page, console: Client) -> None:
    shown = console.get(URL).content.decode()
    for ident in (text.ident for text in standard_texts("en").values()):
        assert f'id="t-{ident}"' in shown
    said = sent(place, UPDATES.ident, "Hear from us")
    assert b"Saved." in console.post(URL, said, follow=True).content
    shown = console.get(URL, {"show": "own"}).content.decode()
    assert "Hear from us" in shown
    assert shown.count('id="t-') == 1


def test_search_looks_in_standard_and_own_texts(place: Page, console: Client) -> None:
    found = console.get(URL, {"q": "UPDATES by e-MAIL"}).content.decode()
    assert found.count('id="t-') == 1
    assert "No text has these words" in console.get(URL, {"q": "<quokka>"}).content.decode()


def test_the_form_is_for_one_text_in_the_language_chosen(place: Page, console: Client) -> None:
    asked = {"page": place.pk, "language": "ar", "edit": UPDATES.ident}
    shown = console.get(URL, asked).content.decode()
    assert shown.count("<textarea") == 1
    assert 'lang="ar" dir="rtl"' in shown
    counted = standard_texts("ar")["%(n)s earlier update"]
    shown = console.get(URL, {**asked, "edit": counted.ident}).content.decode()
    assert shown.count("<textarea") == 6


def test_a_refused_text_stays_in_the_form_with_the_reason(place: Page, console: Client) -> None:
    answer = console.post(URL, sent(place, SAVED.ident, "<b>Mails go out"))
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "lacks %(address)s" in shown
    assert "&lt;b&gt;Mails go out</textarea>" in shown
    assert not Wording.objects.exists()


def test_reset_goes_back_to_the_standard(place: Page, console: Client) -> None:
    console.post(URL, sent(place, UPDATES.ident, "Hear from us"))
    console.post(URL, sent(place, UPDATES.ident, "Hear from us", reset="yes"))
    assert not Wording.objects.exists()


def test_unknown_pages_and_texts_are_404(place: Page, console: Client, globex: Tenant) -> None:
    with in_tenant("globex"):
        foreign = default_page()
    for page_id in (foreign.pk, "x", "01JD0000000000000000000000"):
        assert console.get(URL, {"page": page_id}).status_code == 404
        said = {**sent(place, UPDATES.ident, "Mine"), "page": page_id}
        assert console.post(URL, said).status_code == 404
    assert console.post(URL, sent(place, "nothing", "Mine")).status_code == 404
    assert not Wording.objects.exists()


def test_who_reads_only_changes_nothing(place: Page, bobs_console: Client, bob: User) -> None:
    shown = bobs_console.get(URL, {"edit": UPDATES.ident})
    assert shown.status_code == 200
    assert b"<textarea" not in shown.content
    assert bobs_console.post(URL, sent(place, UPDATES.ident, "Mine")).status_code == 403
    assert not Wording.objects.exists()


def test_strangers_are_sent_to_the_door(place: Page) -> None:
    stranger = Client(HTTP_HOST="acme.localhost")
    assert stranger.post(URL, sent(place, UPDATES.ident, "Mine")).status_code == 302
    assert not Wording.objects.exists()


def test_what_a_colleague_says_instead_is_read_first(place: Page, console: Client) -> None:
    asked = {"page": place.pk, "language": "en", "edit": UPDATES.ident}
    fields = sent(place, UPDATES.ident, "Hear  from us", seen=seen_in(console.get(URL, asked).text))
    change_wording(place, language="en", key=UPDATES.key, texts=["Our 100% news"], by=STAFF)
    told = (
        "Nothing was saved: somebody changed this text since you opened it. It reads “Our 100% "
        "news” now. Save again if yours is to replace that."
    )
    is_told_first(console, URL, fields, told)
    assert Wording.objects.get().text == "Hear from us"
    # It is as it was wanted: a second click complains of nothing.
    assert console.post(URL, fields).status_code == 302
    fields["seen"] = seen_in(console.get(URL, asked).text)
    change_wording(place, language="en", key=UPDATES.key, texts=[""], by=STAFF)
    told = "It reads as the standard does now. Save again"
    is_told_first(console, URL, fields | {"text-0": "News"}, told)
