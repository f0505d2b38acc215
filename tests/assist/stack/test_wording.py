"""Facts in, sentences out: the same in fifteen languages, and the same every time."""

from datetime import UTC, datetime
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from assist.matching.languages import SUPPORTED
from assist.stack.wording import Facts, Invitation, answer, over, phrases, spoken_time
from incidents.models.vocabulary import CLOSED, Status

AT = datetime(2026, 11, 28, 14, 30, tzinfo=UTC)
FACTS = Facts(
    title="100% of logins fail",
    status="identified",
    components=("API", "Web app"),
    url="https://status.example/incidents/1",
    zone=ZoneInfo("Europe/Berlin"),
    eta=AT,
    next_update_by=AT,
)


def test_every_sentence_is_there_in_every_language_with_the_same_places() -> None:
    for name, said in phrases().items():
        assert set(said) == set(SUPPORTED), name
        places = {language: sentence.count("%(") for language, sentence in said.items()}
        assert len(set(places.values())) == 1, (name, places)
        assert len(set(said.values())) == len(said), name


def test_every_status_of_something_active_has_its_sentence() -> None:
    active = set(Status.values) - CLOSED - {Status.SCHEDULED}
    assert active <= set(phrases())


@pytest.mark.parametrize("language", SUPPORTED)
def test_all_facts_are_told_and_nothing_is_left_open(language: str) -> None:
    text = answer(FACTS, language, invites=Invitation.OFFER)
    for fact in (FACTS.title, "API", "Web app", FACTS.url, "15:30", "CET"):
        assert fact in text or (language == "da" and "15.30" in text), fact
    assert "%(" not in text
    assert text == answer(FACTS, language, invites=Invitation.OFFER)
    assert list(Formatter().parse(over("Title", language, is_maintenance=False)))


def test_what_is_not_known_is_not_spoken_of() -> None:
    bare = Facts("Login fails", "investigating", (), "https://x", ZoneInfo("UTC"))
    known = "We know about this: “Login fails”. We are looking for the cause.\n"
    ways = {
        Invitation.LINK: "Updates by e-mail: https://x",
        Invitation.NONE: "Current status: https://x",
    }
    for invites, way in ways.items():
        assert answer(bare, "en", invites=invites) == known + way


def test_a_zone_without_a_name_is_a_distance() -> None:
    assert spoken_time(AT, ZoneInfo("America/Sao_Paulo"), "en").endswith("11:30 UTC-03")
