"""A reply by mail: what stands around the writer's own words is not judged, and they all are."""

import time

import pytest

from assist.confirmation import Confirmation, analyze
from assist.confirmation.mail import own_words

YES, NO, AMBIGUOUS = Confirmation.YES, Confirmation.NO, Confirmation.AMBIGUOUS


@pytest.mark.parametrize(
    "around",
    [
        "%s\n\n> Would you like updates by e-mail? Do not answer if you want none.",
        "> Would you like updates by e-mail?\n\n%s",
        "%s\r\n\r\nOn Mon, 3 Nov 2026 at 10:12, Help <help@example.org> wrote:\r\n> We know.",
        "%s\nOn Tue, 3 Nov 2026 at 10:12 The Help Team <help@example.org>\nwrote:\n\nWe know.",
        "Am 3.11.2026 um 10:12 schrieb Hilfe:\n> Wir wissen davon.\n\n%s",
        "%s\nLe lun. 3 nov. 2026 à 10:12, Aide <a@example.org> a écrit :\n> Non.",
        "%s\n\n-----Original Message-----\nFrom: Help\nSubject: No news",
        "%s\n\nFrom: Help <help@example.org>\nSent: Monday, 3 November\nSubject: No news",
        "%s\n\nSent from my iPhone",
        "%s\n\nVon meinem iPhone gesendet",
        "%s\n\nBest regards,\nDr Alice van den Berg\nHead of Sales, Example Ltd.\n+49 30 123456",
        "%s\n\n-- \nAlice\nwww.example.org",
        "%s\n\nUn saludo,\nMaría García",
        "%s\n\nпн, 30 нояб. 2026 г. в 09:12, Поддержка:\n> Нет?",
        "%s\n\n2026年11月30日(月) 9:12 サポート:\n> 不要な場合は返信不要です。",
    ],
)
@pytest.mark.parametrize(("words", "verdict"), [("Yes.", YES), ("No.", NO), ("Ok.", AMBIGUOUS)])
def test_what_surrounds_a_reply_is_not_judged(
    around: str, words: str, verdict: Confirmation
) -> None:
    assert own_words(around % words) == words
    assert analyze(around % words, language="en") == verdict


@pytest.mark.parametrize(
    "text",
    [
        "Yes please\nBest regards\nAlice\nPS: only if it is free",
        "Yes please\n--\nwait, rather not",
        "Yes please\nThanks\nBUT NOT NOW",
        "> Would you like updates by e-mail? Yes",
        "> Yes",
        "Yes\n> Would you like updates?\nwhy?",
        "Email: alice@example.org\nPhone: 123456\nlater perhaps",
        "Sent from my iPhone",
        "Yes, but only for these 3:\n> one\n> two",
    ],
)
def test_what_the_writer_adds_still_counts(text: str) -> None:
    assert analyze(text, language="en") != YES


@pytest.mark.parametrize(
    "line", ["7" * 20_000, "7" * 19_990 + ":\n> no", "7 wrote " * 2_400 + ":\n> a"]
)
def test_a_line_without_end_is_read_in_bounded_time(line: str) -> None:
    # Time of the processor, which a busy machine does not make longer; squared it is a minute.
    started = time.process_time()
    own_words(line)
    own_words("\n".join([line[:199] + ":", "> no"] * 90))
    assert time.process_time() - started < 2.0


@pytest.mark.parametrize(
    "text",
    ["Hi team,\n\nThanks\nNo", "Yes\nThanks\nNo", "Yes\nBest\nNo Thanks", "Hallo,\nDanke\nNein"],
)
def test_a_line_that_answers_is_nobodys_name(text: str) -> None:
    assert analyze(text, language="de" if "Nein" in text else "en") == NO


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Yes please\n\nJenny", "en"),
        ("はい、お願いします。\n\n田中", "ja"),
        ("نعم شكرا\n\nسارة", "ar"),
    ],
)
def test_a_name_alone_below_is_not_judged(text: str, language: str) -> None:
    assert analyze(text, language=language) == YES


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Yes please\n\nnot now", "en"),
        ("はい\n\n不要", "ja"),
        ("Yes\n\nblimey", "en"),
        ("نعم\n\nلا", "ar"),
    ],
)
def test_what_is_no_name_below_still_counts(text: str, language: str) -> None:
    assert analyze(text, language=language) != YES


@pytest.mark.parametrize("text", ["", "\n", ">", "> yes\n> no", "-----", "Thanks", "Best\nAlice"])
def test_where_nothing_would_be_left_all_of_it_stays(text: str) -> None:
    assert own_words(text) in (text, text.strip())


def test_a_huge_mail_is_left_as_it_is() -> None:
    text = "yes\n> no\n" * 50_000
    assert own_words(text) == text


def test_a_mail_of_signs_alone_is_read_in_one_go() -> None:
    # The headers of what is answered, with as many beginnings of an address as fit.
    text = "Yes please\nFrom: " + "@" * 9_000 + "\nDate: " + "x" * 9_000
    assert own_words(text) == text
    assert own_words(f"{text}1") == "Yes please"
