"""What a wave is called, and how the incident drafted from it is titled."""

from pathlib import Path

import pytest

from assist.guidance.judging import what_lacks
from assist.matching.lexicon import lexicon
from assist.waves.faults import ANY_FAULT, Fault, hear
from assist.waves.tables import said_of, sorts, subjects, symptoms
from assist.waves.words import draft_title_of, most_say, title_of
from incidents.texts.wording import jargon_advice, vague_title

TITLED = Path(__file__).with_name("titled.txt")
AT_A_DESK = (
    "my card was declined at the cash desk",
    "meine Karte wurde an der Kasse abgelehnt",
    "ma carte a été refusée à la caisse",
)
SUBJECTS = [concept.name for concept in lexicon().concepts if concept.kind == "subject"]


@pytest.mark.parametrize(
    ("subject", "symptom", "title"),
    [
        ("login", ANY_FAULT, "Login is not working"),
        ("payment", ANY_FAULT, "Payments are not working"),
        ("payment", "error", "Payments fail with an error"),
        ("api", "timeout", "The API is timing out"),
        ("atm", "down", "Cash machines are down"),
        ("mobileapp", "crash", "The mobile app is crashing"),
        ("meetingrecording", "missing", "Meeting recording is missing"),
        ("retired", ANY_FAULT, "Retired is not working"),
    ],
)
def test_a_wave_is_called_by_a_sentence(subject: str, symptom: str, title: str) -> None:
    fault = Fault((subject,), (symptom,))
    assert title_of(fault) == title
    assert draft_title_of(fault) == f"{title} for some customers"


def test_a_title_says_no_more_than_customers_did() -> None:
    said = hear("my card payment was declined").fault
    assert title_of(said) == "Card payments are declined"
    at_a_desk = [hear(text).fault for text in AT_A_DESK]
    assert title_of(most_say(at_a_desk)) == "Cards are declined"
    assert title_of(hear("the app is very slow").fault) == "The app is very slow"
    twice = hear("why was I charged two times for one order").fault
    assert title_of(twice) == "Payments are duplicated"
    unknown = hear("there is a payment that I do not recognise").fault
    assert title_of(unknown) == "Payments are wrong or not recognised"


def test_what_a_machine_keeps_is_lost_and_not_the_machine() -> None:
    assert title_of(Fault(("atm", "card"), ("lostitem",))) == "Cards are lost"


def test_every_subject_has_a_name_in_plain_words() -> None:
    assert [subject for subject in SUBJECTS if subject not in subjects()] == []


def test_our_own_advice_scolds_no_drafted_title() -> None:
    titles = [draft_title_of(Fault((s,), (how,))) for s in SUBJECTS for how in [*symptoms(), ""]]
    assert [title for title in titles if vague_title(title)] == []
    plain = [draft_title_of(Fault((s,), (ANY_FAULT,))) for s in SUBJECTS]
    told = [draft_title_of(Fault(("payment",), (how,))) for how in symptoms()]
    assert [title for title in plain + told if jargon_advice(title)] == []
    assert [title for title in told if what_lacks(title, ["Payments"])] == []


def titled() -> list[tuple[str, list[Fault]]]:
    """What is expected of each wave written down, and what its complaints are heard to say."""
    found: list[tuple[str, list[Fault]]] = []
    for line in TITLED.read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            found.append((line[2:], []))
        elif not line.startswith("#"):
            found[-1][1].append(hear(line.split(" ", 1)[1]).fault)
    return found


@pytest.mark.parametrize(("title", "said"), titled(), ids=[title for title, _ in titled()])
def test_waves_in_many_languages_are_titled(title: str, said: list[Fault]) -> None:
    assert title_of(most_say([one for one in said if one.is_telling])) == title


def test_what_one_of_several_says_is_in_no_title() -> None:
    texts = ("search returns no results", "la búsqueda no funciona", "search does not work")
    assert title_of(most_say([hear(text).fault for text in texts])) == "Search is not working"


def test_subjects_that_are_spoken_of_in_their_own_way_are_in_the_lexicon() -> None:
    assert frozenset().union(*sorts().values()) - set(SUBJECTS) == frozenset()
    known = {one.name for one in lexicon().concepts if one.kind == "symptom"}
    assert set(said_of()) <= set(symptoms()) <= known
    assert {sort for sort, _said in said_of().values()} <= set(sorts())
