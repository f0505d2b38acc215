"""Replies in fifteen languages, most older than the words for them: sarcasm, conditions, asides.

`replies.tsv` holds language, label and reply; its replies are our own words.
"""

from pathlib import Path

from assist.confirmation import Confirmation, analyze

REPLIES = [
    line.split("\t")
    for line in Path(__file__).with_name("replies.tsv").read_text(encoding="utf-8").splitlines()
]


def heard(label: str) -> list[tuple[str, Confirmation]]:
    return [
        (text, analyze(text, language=spoken)) for spoken, said, text in REPLIES if said == label
    ]


def test_nothing_but_a_yes_is_taken_for_one() -> None:
    others = heard("no") + heard("ambiguous")
    assert len(others) > 200
    assert [text for text, verdict in others if verdict is Confirmation.YES] == []


def test_nearly_every_yes_is_heard() -> None:
    missed = [text for text, verdict in heard("yes") if verdict is not Confirmation.YES]
    assert len(missed) <= 0.05 * len(heard("yes")), missed


def test_no_refusal_is_mistaken_for_anything_worth_a_mail() -> None:
    missed = [text for text, verdict in heard("no") if verdict is not Confirmation.NO]
    assert len(missed) <= 0.05 * len(heard("no")), missed
