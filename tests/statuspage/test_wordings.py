"""A tenant says a text of pages and mails in its own words."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils.translation import gettext, ngettext, pgettext

from atender.refusals import Refused
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import AuditEntry, Page
from statuspage.edge import doubts
from statuspage.edge.stale import Since, rewritten
from statuspage.language.speaking import speaking, speaking_in
from statuspage.language.standard import standard_texts
from statuspage.language.wordings import UnknownText, change_wording
from statuspage.models import Branding, Wording
from tests.factories import STAFF, default_page, make_incident, partner_page

UPDATES = "Get updates by e-mail"
SAVED = "%(address)s gets mails."
EARLIER = "%(n)s earlier update"


@pytest.fixture
def place(acme: Tenant) -> Page:
    Branding.objects.update(further_languages=["de", "ar"])
    return default_page()


def say(page: Page, key: str, *texts: str, language: str = "en") -> None:
    change_wording(page, language=language, key=key, texts=texts, by=STAFF)


def test_it_is_said_on_its_page_and_in_its_language_alone(place: Page, visitor: Client) -> None:
    say(place, UPDATES, "Hear from us", language="de")
    assert "Hear from us" in visitor.get("/?lang=de").content.decode()
    assert "Hear from us" not in visitor.get("/?lang=en").content.decode()
    other = Client(HTTP_HOST="partners.acme.localhost")
    assert other.get("/?lang=de").status_code == 200
    assert "Hear from us" not in other.get("/?lang=de").content.decode()
    with speaking(partner_page().pk, "de"):
        assert gettext(UPDATES) != "Hear from us"


def test_it_is_recorded(place: Page) -> None:
    say(place, UPDATES, "Hear from us")
    entry = AuditEntry.objects.get(action="wording.changed")
    assert entry.subject_id == place.pk
    assert entry.details == {"language": "en", "text": UPDATES, "says": ["Hear from us"]}


def test_the_same_again_leaves_no_second_record(place: Page) -> None:
    say(place, UPDATES, "Hear from us")
    say(place, UPDATES, "  Hear   from us ")
    assert AuditEntry.objects.filter(action="wording.changed").count() == 1


@pytest.mark.parametrize("words", ["", "   ", UPDATES])
def test_nothing_or_the_standard_goes_back_to_the_standard(place: Page, words: str) -> None:
    say(place, UPDATES, "Hear from us")
    say(place, UPDATES, words)
    assert not Wording.objects.exists()
    assert AuditEntry.objects.filter(action="wording.reset").count() == 1


def test_each_form_of_a_counted_text_has_its_own_words(place: Page) -> None:
    forms = standard_texts("ar")[EARLIER].forms
    assert len(forms) == 6
    texts = [f"{number}: %(n)s" for number in range(6)]
    say(place, EARLIER, *texts, language="ar")
    say(place, EARLIER, "", "%(n)s older ones")
    with speaking(place.pk, "ar"):
        said = [ngettext(EARLIER, "%(n)s earlier updates", n)[:1] for n in (0, 1, 2, 3, 11, 100)]
        assert said == list("012345")
    with speaking(place.pk, "en"):
        assert ngettext(EARLIER, "%(n)s earlier updates", 1) == EARLIER
        assert ngettext(EARLIER, "%(n)s earlier updates", 2) == "%(n)s older ones"


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["Mails go out."], "lacks %(address)s"),
        (["%(address)s %(secret)s"], "Nothing is known of %(secret)s"),
        (["%(address)d"], "lacks %(address)s"),
        (["%(Address)s"], "lacks %(address)s"),
        (["%(address)s" + "x" * 500], "at most 500 characters; this one has 511"),
        (["\u202e%(address)s"], "turn the direction"),
        (["\u200f"], "shows nothing"),
        (["%(address)s", "%(address)s"], "has 1 forms, not 2"),
    ],
)
def test_what_cannot_be_shown_is_refused_and_leaves_nothing(
    place: Page, texts: list[str], words: str
) -> None:
    with pytest.raises(Refused) as refused:
        say(place, SAVED, *texts)
    assert words in refused.value.sentence
    assert not Wording.objects.exists()
    assert not AuditEntry.objects.filter(action__startswith="wording").exists()


def test_a_text_or_language_that_there_is_not_is_refused(place: Page) -> None:
    with pytest.raises(UnknownText):
        say(place, "Open the pod bay doors", "No")
    with pytest.raises(Refused, match="does not speak 'fr'"):
        say(place, UPDATES, "Tenez-moi au courant", language="fr")


def test_control_characters_are_taken_out_and_percent_signs_are_text(place: Page) -> None:
    say(place, SAVED, "100 % of %(address)s\x00\x1b, %d %s %%")
    with speaking(place.pk, "en"):
        said = gettext(SAVED) % {"address": "maria"}
        assert said == "100 % of maria, %d %s %%"


def test_words_of_mails_are_told_from_the_same_on_the_page(place: Page) -> None:
    say(place, "mail\x04Confirm your subscription", "Just one click")
    with speaking(place.pk, "en"):
        assert pgettext("mail", "Confirm your subscription") == "Just one click"
        assert gettext("Confirm your subscription") == "Confirm your subscription"


def test_several_stand_beside_each_other(place: Page) -> None:
    for key in (UPDATES, "Components"):
        say(place, key, f"Our {key}")
    with speaking(place.pk, "en"):
        assert [gettext(UPDATES), gettext("Components")] == [f"Our {UPDATES}", "Our Components"]


def test_a_tenants_words_are_no_other_tenants(place: Page, globex: Tenant) -> None:
    say(place, UPDATES, "Hear from Acme")
    with in_tenant("globex"):
        assert not Wording.objects.exists()
        with speaking(place.pk, "en"):
            assert gettext(UPDATES) == UPDATES
        say(default_page(), UPDATES, "Hear from Globex")
        with speaking(default_page().pk, "en"):
            assert gettext(UPDATES) == "Hear from Globex"
    with speaking(place.pk, "en"):
        assert gettext(UPDATES) == "Hear from Acme"


def test_they_are_gone_after_the_block_and_in_other_threads(place: Page) -> None:
    say(place, UPDATES, "Hear from us")
    with speaking(place.pk, "en"):
        assert gettext(UPDATES) == "Hear from us"
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(gettext, UPDATES).result() == UPDATES
        with speaking(partner_page().pk, "en"):
            assert gettext(UPDATES) == UPDATES
        assert gettext(UPDATES) == "Hear from us"
    assert gettext(UPDATES) == UPDATES


def test_a_failing_page_leaves_no_words_behind(
    place: Page, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(place, UPDATES, "Hear from us")

    def broken(*_: object) -> None:
        assert gettext(UPDATES) == "Hear from us"
        raise RuntimeError("no front")

    monkeypatch.setattr("statuspage.visitors.views.read_front", broken)
    with pytest.raises(RuntimeError):
        visitor.get("/")
    assert gettext(UPDATES) == UPDATES


def test_a_page_with_a_hundred_wordings_costs_one_query_more_than_none(
    place: Page, visitor: Client, django_assert_num_queries: object
) -> None:
    make_incident()
    keys = [key for key, text in standard_texts("en").items() if len(text.forms) == 1][:100]
    visitor.get("/")
    with speaking(place.pk, "en"), django_assert_num_queries(0), speaking(place.pk, "en"):  # type: ignore[operator]
        gettext(UPDATES)
    rows = [Wording(page=place, language="en", key=key, text=key[:90]) for key in keys]
    Wording.objects.bulk_create(rows)
    with django_assert_num_queries(1), speaking(place.pk, "en"):  # type: ignore[operator]
        gettext(UPDATES)


def test_a_page_that_cannot_be_refreshed_says_so_in_own_words(place: Page, visitor: Client) -> None:
    say(place, doubts.NOT_KNOWN, "We cannot tell")
    say(place, doubts.NOT_REFRESHED, "Seen <b> last at %(since)s")
    facts = visitor.get("/").facts  # type: ignore[attr-defined]
    assert facts.own_words == {
        doubts.NOT_KNOWN: "We cannot tell",
        doubts.NOT_REFRESHED: "Seen <b> last at %(since)s",
    }
    body = b"<main><!--notice--><!--all-clear front--><!--/all-clear--></main>"
    with speaking_in("en", facts.own_words):
        since = Since(datetime(2026, 11, 2, 14, 2, tzinfo=UTC), "14:02 UTC")
        shown = rewritten(body, "text/html", since, is_database_away=False).decode()
    time = '<time datetime="2026-11-02T14:02:00+00:00">14:02 UTC</time>'
    assert f"Seen &lt;b&gt; last at {time}" in shown
    assert "<h1>We cannot tell</h1>" in shown
