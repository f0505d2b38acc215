"""Nothing that a visitor reads is left in English: each page is read in two languages."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from atender.outbound.models import Letter
from incidents.lifecycle import Facts, post_update
from incidents.models.vocabulary import ComponentStateName, Severity, Status
from incidents.planned.planning import extend_window, plan_maintenance
from incidents.transitions import Saying
from statuspage.access.closing import change_access
from statuspage.language.words import WORDS
from statuspage.look.branding import change_branding
from tests.factories import STAFF, default_page, make_incident

OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]
READ_ALOUD = {"title", "aria-label", "alt", "content"}
# What people gave, what is spelled alike everywhere, and what names itself.
GIVEN = {
    "Slack",
    "Microsoft Teams",
    "Discord",
    "Standard Webhooks",
    "API",
    "Web app",
    "Payments",
    "Core",
    "Acme",
    "UTC",
    "Atom",
    "RSS",
    "you@example.com",
}
NAMES = {name for _code, name in settings.LANGUAGES}
# What the head says to programs, addresses, times, and months that German spells as English does.
MACHINES = re.compile(
    r"https?://\S*|\d{4}-\d\d-\d\dT\S*|width=device-width.*|light dark|noindex|website|article"
    r"|no-referrer|(April|August|September|November) \d{4}"
)


class Reader(HTMLParser):
    """Everything in a document that is read by people."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.is_skipping = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_skipping = tag in ("script", "style")
        self.said += [value for name, value in attrs if name in READ_ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        self.is_skipping = False

    def handle_data(self, data: str) -> None:
        if not self.is_skipping:
            self.said.append(data)


def said_in(html: str) -> set[str]:
    reader = Reader()
    reader.feed(html)
    return {" ".join(text.split()) for text in reader.said if re.search("[A-Za-z]{2}", text)}


@pytest.fixture
def much(acme: object) -> dict[str, str]:
    """A page that has something of everything; what staff wrote is in no language of ours."""
    change_branding(default_page(), by=STAFF, title="Ж", further_languages=OTHERS)
    now = timezone.now()
    bad = make_incident("Ж1", body="Ж", severity="critical", components=("Payments",))
    for status in ("identified", "monitoring", "investigating"):
        post_update(bad, by=STAFF, saying=Saying(status=status, body="Ж"))
    promised = Saying(severity="minor", eta=now + timedelta(hours=2))
    post_update(bad, by=STAFF, saying=promised)
    over = make_incident("Ж2", body="Ж", severity="major", components=("Web app",))
    post_update(over, by=STAFF, saying=Saying(status="resolved", body="Ж"))
    begins, ends = now + timedelta(days=2), now + timedelta(days=3)
    about = Facts(pages=(default_page(),), scheduled_for=begins, scheduled_until=ends)
    work = plan_maintenance("Ж3", by=STAFF, first=Saying(body="Ж"), facts=about)
    extend_window(work, by=STAFF, length=timedelta(hours=2))
    return {
        "front": "/",
        "history": "/history",
        "older history": "/history?page=2",
        "incident": f"/incidents/{bad.pk}",
        "resolved": f"/incidents/{over.pk}",
        "maintenance": f"/maintenance/{work.pk}",
        "nothing": "/nothing",
        "embed": "/embed",
    }


def left_in_english(read: Callable[[str], str], code: str) -> set[str]:
    """What is said word for word in English too."""
    both = said_in(read("en")) & said_in(read(code))
    return {text for text in both if text not in NAMES and not _is_given(text)}


def _is_given(text: str) -> bool:
    words = re.sub("|".join(map(re.escape, GIVEN)), "", MACHINES.sub("", text))
    return not re.search("[A-Za-z]{2}", words)


@pytest.mark.parametrize("code", ["de", "ar"])
def test_no_page_keeps_english(code: str, much: dict[str, str], visitor: Client) -> None:
    for name, path in much.items():
        joint = "&" if "?" in path else "?"

        def read(code: str, path: str = f"{path}{joint}lang=") -> str:
            return str(visitor.get(path + code).content.decode())

        assert left_in_english(read, code) <= alike_in(code), name


def alike_in(code: str) -> set[str]:
    """Words that German has in common with English."""
    return {"Status"} if code == "de" else set()


@pytest.mark.parametrize("code", ["de", "ar"])
def test_no_locked_page_keeps_english(code: str, much: dict[str, str], visitor: Client) -> None:
    page = default_page()

    def locked(path: str, **posted: str) -> Iterator[set[str]]:
        def read(code: str) -> str:
            address = f"{path}?lang={code}"
            answer = visitor.post(address, posted) if posted else visitor.get(address)
            assert answer["Content-Language"] == code
            return str(answer.content.decode())

        yield left_in_english(read, code)

    asked = [("/", {}), ("/unlock", {"password": "wrong"}), ("/unlock/gone", {})]
    change_access(page, by=STAFF, visibility="password", password="long enough")
    found = [left for path, posted in asked for left in locked(path, **posted)]
    change_access(page, by=STAFF, visibility="email", allowed=["@a.example"])
    asked = [
        ("/", {}),
        ("/unlock", {"email": "junk"}),
        ("/unlock", {"email": "a@a.example"}),
    ]
    found += [left for path, posted in asked for left in locked(path, **posted)]
    assert set().union(*found) <= alike_in(code) | {"a@a.example"}


def test_a_mailed_link_speaks_as_its_reader(much: dict[str, str], visitor: Client) -> None:
    change_access(default_page(), by=STAFF, visibility="email", allowed=["@a.example"])
    visitor.post("/unlock?lang=ar", {"email": "a@a.example"})
    letter = Letter.objects.get()

    assert letter.subject == "قراءة Ж"
    assert "?lang=ar\n" in letter.text
    assert "Somebody" not in letter.text


def test_a_form_of_another_site_is_refused_in_the_visitors_language(
    much: dict[str, str], visitor: Client
) -> None:
    answer = visitor.post(
        "/unlock?lang=de", headers={"sec-fetch-site": "cross-site"}
    ).content.decode()

    assert "Das kam nicht von hier" in answer
    assert "another site" not in answer


@pytest.mark.parametrize("path", ["/history.atom", "/history.rss", "/badge.svg", "/history.ics"])
def test_feeds_and_badges_speak_it_too(path: str, much: dict[str, str], visitor: Client) -> None:
    german = visitor.get(f"{path}?lang=de")

    assert german["Content-Language"] == "de"
    assert german.content != visitor.get(path).content
    for word in ("Investigating", "Major System", "Maintenance of", "Incidents and"):
        assert word not in german.content.decode()


def test_every_word_of_the_record_is_marked() -> None:
    spoken = [*Status, *Severity, *ComponentStateName]

    assert {str(member.label) for member in spoken} == set(WORDS)
