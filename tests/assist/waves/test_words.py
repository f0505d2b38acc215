"""What a wave is called, and how the incident drafted from it is titled."""

import pytest

from assist.guidance.judging import what_lacks
from assist.matching.lexicon import lexicon
from assist.waves.faults import ANY_FAULT, Fault, hear
from assist.waves.words import SYMPTOMS, draft_title_of, subjects, title_of
from incidents.texts.wording import jargon_advice, vague_title

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
    assert title_of(hear("the app is very slow").fault) == "The app is very slow"
    unknown = hear("there is a payment that I do not recognise").fault
    assert title_of(unknown) == "Payments are wrong or not recognised"


def test_what_a_machine_keeps_is_lost_and_not_the_machine() -> None:
    assert title_of(Fault(("atm", "card"), ("lostitem",))) == "Cards are lost"


def test_every_subject_has_a_name_in_plain_words() -> None:
    assert [subject for subject in SUBJECTS if subject not in subjects()] == []


def test_our_own_advice_scolds_no_drafted_title() -> None:
    titles = [draft_title_of(Fault((s,), (how,))) for s in SUBJECTS for how in [*SYMPTOMS, ""]]
    assert [title for title in titles if vague_title(title)] == []
    plain = [draft_title_of(Fault((s,), (ANY_FAULT,))) for s in SUBJECTS]
    told = [draft_title_of(Fault(("payment",), (how,))) for how in SYMPTOMS]
    assert [title for title in plain + told if jargon_advice(title)] == []
    assert [title for title in told if what_lacks(title, ["Payments"])] == []
