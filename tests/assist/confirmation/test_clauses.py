"""What a clause says, told by the roles of its words, whatever its language."""

import pytest

from assist.confirmation.clauses import Says, says
from assist.confirmation.grammar import ROLES, TABLES, words_of
from assist.confirmation.tagging import clauses_of
from assist.matching.languages import SUPPORTED
from assist.matching.text import fold

NEEDED = {
    "yes", "no", "not", "against", "worry", "want", "tell", "news", "doubt", "thanks", "ok",
    "please", "if", "when", "fixed", "ask", "told", "other", "but", "beside",
}  # fmt: skip


def said(text: str, language: str) -> list[Says]:
    return [says(clause) for clause in clauses_of(fold(text), language)]


@pytest.mark.parametrize("language", SUPPORTED)
def test_every_language_has_words_for_what_the_rules_ask(language: str) -> None:
    assert {ROLES[role] for role in NEEDED} <= set("".join(words_of(language).values())) | {"Z"}


def test_no_table_is_left_without_its_language() -> None:
    assert {table.stem for table in TABLES.glob("*.txt")} == {*SUPPORTED, "common"}


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("I have nothing against it", "en", Says.AGREES),
        ("da hab ich nichts dagegen", "de", Says.AGREES),
        ("non ho nulla in contrario", "it", Says.AGREES),
        ("no problem", "en", Says.NOTHING),
        ("kein Problem", "de", Says.NOTHING),
        ("no hay prisa", "es", Says.NOTHING),
        ("no", "en", Says.PLAINLY_REFUSES),
        ("no doubt about it", "en", Says.AGREES),
        ("nothing wrong with that", "en", Says.AGREES),
        ("nothing wrong", "en", Says.PLAINLY_REFUSES),
        ("no that's wrong", "en", Says.PLAINLY_REFUSES),
        ("nah I disagree", "en", Says.PLAINLY_REFUSES),
        ("bana bildirmeyin", "tr", Says.REFUSES),
        ("göndermezseniz sevinirim", "tr", Says.REFUSES),
        ("ich will das nicht", "de", Says.REFUSES),
        ("je ne veux pas de mails", "fr", Says.REFUSES),
        ("it does not work", "en", Says.TELLS),
        ("thanks for letting me know", "en", Says.NOTHING),
        ("let me know", "en", Says.ASKS_FOR_IT),
        ("let you know", "en", Says.DOUBTS),
        ("let my boss know", "en", Says.WANTS_OTHER),
        ("send me a technician", "en", Says.TELLS),
        ("it would be great", "en", Says.GLADLY),
        ("it would be great if it worked", "en", Says.WANTS_OTHER),
        ("yes when it is fixed", "en", Says.GLADLY),
        ("yes when I am at home", "en", Says.TELLS),
        ("only if it is free", "en", Says.DOUBTS),
        ("why do you even ask?", "en", Says.NOTHING),
        ("pas besoin de demander deux fois", "fr", Says.NOTHING),
        ("stop asking", "en", Says.STOPS_ASKING),
        ("deja de preguntar", "es", Says.STOPS_ASKING),
        ("stop asking me to subscribe", "en", Says.REFUSES),
        ("stop asking and just email me", "en", Says.ASKS_FOR_IT),
        ("not that I don't want it", "en", Says.NOTHING),
        ("I don't want no mails", "en", Says.REFUSES),
        ("yes and no", "en", Says.DOUBTS),
        ("ja und nein", "de", Says.DOUBTS),
        ("anche da me non va", "it", Says.TELLS),
        ("si vous voulez", "fr", Says.NOTHING),
        ("keep me posted about this issue", "en", Says.ASKS_FOR_IT),
        ("avísenme del problema", "es", Says.ASKS_FOR_IT),
        ("it is about this issue", "en", Says.TELLS),
        ("alert your team about this issue", "en", Says.TELLS),
        ("tell me about this issue", "en", Says.ASKS),
        ("thanks Tom", "en", Says.NOTHING),
        ("yes of course", "en", Says.GLADLY),
        ("yes yes", "en", Says.AGREES),
        ("復旧次第ご連絡ください", "ja", Says.ASKS_FOR_IT),
    ],
)
def test_a_clause_is_about_something(text: str, language: str, expected: Says) -> None:
    assert said(text, language) == [expected]


def test_thanks_may_pause_before_what_they_are_for() -> None:
    assert said("Danke, dass Sie mir Bescheid geben", "de") == [Says.NOTHING]
    assert said("thanks, that would be great", "en") == [Says.NOTHING, Says.GLADLY]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("houd mij op de hoogtee", "nl", Says.ASKS_FOR_IT),
        ("biensur", "fr", Says.AGREES),
        ("hold mig opdatret", "da", Says.ASKS_FOR_IT),
        ("bilgilndirmeyin", "tr", Says.REFUSES),
        ("i morges", "da", Says.TELLS),
    ],
)
def test_a_letter_wrong_is_read_over_in_phrases_and_beginnings(
    text: str, language: str, expected: Says
) -> None:
    assert said(text, language) == [expected]


def test_a_letter_wrong_is_read_over_but_never_a_prefix_that_negates() -> None:
    assert said("definitley", "en") == [Says.AGREES]
    assert said("jag är osäker", "sv") != [Says.AGREES]
