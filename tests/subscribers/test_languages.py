"""Each subscriber reads mails and answers in a language of their own, rendered once for each."""

import email.header
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.template import loader
from django.test import Client

from atender.refusals import Refused
from atender.tenants.models import Tenant
from incidents.models import Page
from statuspage.language.wordings import change_wording
from statuspage.models import Branding
from subscribers.mailing import composing
from subscribers.models import Subscriber, Verification
from subscribers.people.asked import Asked
from subscribers.people.changing import choose_scopes
from subscribers.people.enrolment import confirm_subscription, subscribe
from tests.factories import STAFF, component, default_page, make_incident
from tests.smtp_sink import SmtpSink, Taken
from tests.subscribers.making import (
    links_in,
    make_subscriber,
    manage_path,
    say,
    unsubscribe_path,
    work_off,
)

READERS = ["en", "de", "ar", "ja"]


@pytest.fixture
def place(acme: Tenant) -> Page:
    Branding.objects.update(further_languages=["de", "ar", "ja"], time_zone="Europe/Berlin")
    return default_page()


def make_reader(language: str, address: str = "") -> Subscriber:
    reader = make_subscriber(address or f"{language}@example.com")
    Subscriber.objects.filter(pk=reader.pk).update(language=language)
    reader.refresh_from_db()
    return reader


def test_everybody_reads_their_own_language(place: Page, sink: SmtpSink) -> None:
    for language in READERS:
        make_reader(language)
    incident = make_incident("Zahlung 支払い")
    work_off()
    sink.taken.clear()
    say(incident, "Written as it is — كما هو.", status="identified")
    work_off()
    mails = {mail.to.partition("@")[0]: mail for mail in sink.taken}
    assert sorted(mails) == sorted(READERS)
    starts = {language: str(mail.message["Subject"]) for language, mail in mails.items()}
    for language, mail in mails.items():
        assert starts[language].startswith("[Acme] ")
        assert starts[language].endswith("Zahlung 支払い")
        assert "Written as it is — كما هو." in mail.part("plain")
        direction = "rtl" if language == "ar" else "ltr"
        assert f'<html lang="{language}" dir="{direction}">' in mail.part("html")
        assert mail.raw_headers["Subject"].isascii()
    assert "Sie erhalten diese E-Mail, weil Sie alles auf Acme abonniert haben." in text(
        mails["de"]
    )
    assert "Schweregrad:" in text(mails["de"])
    assert "تصلك هذه الرسالة لأنك مشترك في كل ما على Acme." in text(mails["ar"])
    assert "border-right" in mails["ar"].part("html")
    assert "Acme のすべての配信に登録されているため" in text(mails["ja"])


def text(mail: Taken) -> str:
    return mail.part("plain").replace("\r\n", "\n")


def test_dates_are_written_as_the_language_writes_them(place: Page, sink: SmtpSink) -> None:
    for language in READERS:
        make_reader(language)
    incident = make_incident()
    work_off()
    say(incident, "Soon.", eta=datetime(2027, 3, 8, 13, 30, tzinfo=UTC))
    work_off()
    said = {mail.to[:2]: text(mail) for mail in sink.taken[-4:]}
    assert "8 Mar 2027, 14:30 CET" in said["en"]
    assert "8. März 2027, 14:30 CET" in said["de"]
    assert "2027年3月8日 14:30 CET" in said["ja"]
    assert "مارس" in said["ar"]


def test_names_stand_side_by_side_as_in_the_language(place: Page, sink: SmtpSink) -> None:
    both = [component("API"), component("Web app")]
    between = {"de": "API, Web app", "ar": "API، Web app", "ja": "API、Web app"}
    for language in between:
        subscribe(place, address=f"{language}@example.com", asked=Asked(both), language=language)
    work_off()
    for question in Verification.objects.all():
        confirm_subscription(question)
    make_incident(components=("API", "Web app"))
    work_off()
    asked, told = sink.taken[:3], sink.taken[3:]
    assert sorted(mail.to[:2] for mail in told) == sorted(between)
    for mail in told:
        # What is affected, and why one gets this mail.
        assert text(mail).count(between[mail.to[:2]]) == 2
    assert all(between[mail.to[:2]] in text(mail) for mail in asked)


def test_what_the_page_does_not_speak_is_read_in_its_first_language(
    place: Page, sink: SmtpSink
) -> None:
    Branding.objects.update(language="de", further_languages=[])
    make_reader("ja")
    make_incident()
    work_off()
    assert '<html lang="de"' in sink.taken[-1].part("html")


def test_it_is_rendered_once_for_a_language_not_for_a_recipient(
    place: Page, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[str] = []
    render = loader.render_to_string

    def counted(template: str, context: dict[str, Any]) -> str:
        rendered.append(template)
        return render(template, context)

    monkeypatch.setattr(composing, "render_to_string", counted)
    for number in range(30):
        make_reader(READERS[number % 3], f"reader{number}@example.com")
    make_incident()
    work_off()
    assert len(sink.taken) == 30
    assert len(rendered) == 3 * 2


def test_the_language_is_that_of_the_visit_that_is_confirmed(
    place: Page, sink: SmtpSink, visitor: Client
) -> None:
    answer = visitor.post("/subscribe?lang=de", {"email": "maria@example.com"})
    assert "Wir haben eine E-Mail an maria@example.com gesendet." in answer.content.decode()
    work_off()
    mail = sink.taken[-1]
    assert str(mail.message["Subject"]) == "[Acme] Bestätigen Sie Ihr Abonnement"
    assert email.header.decode_header(mail.raw_headers["Subject"])
    verify = links_in(mail.part("plain"))[0]
    shown = visitor.get(verify, headers={"accept-language": "ja"}).content.decode()
    assert '<html lang="de"' in shown
    assert "maria@example.com erhält künftig E-Mails zu allem auf dieser Seite." in shown
    assert '<html lang="ja"' in visitor.get(f"{verify}?lang=ja").content.decode()
    nonce = re.search(r'name="nonce" value="([^"]+)"', shown)
    assert nonce
    assert "Sie sind angemeldet" in visitor.post(verify, {"nonce": nonce[1]}).content.decode()
    assert Subscriber.objects.get().language == "de"


def test_a_mistyped_address_costs_nobody_their_language(place: Page, visitor: Client) -> None:
    answer = visitor.post("/subscribe?lang=de", {"email": "maria@"})
    assert answer.status_code == 422
    assert 'action="/subscribe?lang=de"' in answer.content.decode()


def test_one_who_is_known_reads_another_language_once_it_is_confirmed(place: Page) -> None:
    reader = make_reader("de", "maria@example.com")
    subscribe(place, address="maria@example.com", language="ar")
    reader.refresh_from_db()
    assert reader.language == "de"
    confirm_subscription(Verification.objects.latest("id"))
    reader.refresh_from_db()
    assert reader.language == "ar"


def test_the_language_is_chosen_among_those_of_the_page(place: Page, visitor: Client) -> None:
    reader = make_reader("de")
    shown = visitor.get(manage_path(reader)).content.decode()
    assert '<html lang="de"' in shown
    assert 'name="language" value="de" checked' in shown
    assert 'name="language" value="fr"' not in shown
    sent = {"scope": "everything", "language": "ar"}
    saved = visitor.post(manage_path(reader), sent).content.decode()
    assert '<html lang="ar" dir="rtl"' in saved
    assert "تم الحفظ." in saved
    assert '<html lang="ar"' in visitor.get(unsubscribe_path(reader)).content.decode()
    reader.refresh_from_db()
    assert reader.language == "ar"


def test_a_page_of_one_language_offers_no_choice(acme: Tenant, visitor: Client) -> None:
    assert b'name="language"' not in visitor.get(manage_path(make_subscriber())).content


@pytest.mark.parametrize("language", ["klingon", "xx", "<b>"])
def test_a_language_that_there_is_not_is_refused(place: Page, language: str) -> None:
    reader = make_reader("de")
    with pytest.raises(Refused, match="no language of pages and mails"):
        choose_scopes(reader, asked=Asked(), kinds="both", language=language)
    reader.refresh_from_db()
    assert reader.language == "de"


def test_a_variety_of_a_language_is_that_language(place: Page) -> None:
    assert subscribe(place, address="maria@example.com", language="de-AT").language == "de"


def test_a_tenants_own_words_are_in_its_mails_alone(
    place: Page, sink: SmtpSink, globex: Tenant
) -> None:
    for language, words in (("de", "Näheres hier — 詳細"), ("ar", "التفاصيل هنا")):
        change_wording(
            place,
            language=language,
            key="mail\x04Follow it on the status page",
            texts=[words],
            by=STAFF,
        )
        make_reader(language)
    make_reader("en")
    make_incident()
    work_off()
    said = {mail.to[:2]: mail.part("html") for mail in sink.taken[-3:]}
    assert "Näheres hier — 詳細" in said["de"]
    assert "التفاصيل هنا" in said["ar"]
    assert "Follow it on the status page" in said["en"]
