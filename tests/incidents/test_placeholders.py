"""Placeholders are replaced from a fixed list; nothing in a text is ever run."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atender.refusals import Refused
from incidents.texts.placeholders import (
    KNOWN,
    Circumstances,
    braced,
    check_filled,
    check_known,
    fill,
    names_in,
    span_words,
    unfilled,
)

NOW = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
ALL = Circumstances(
    title="Checkout fails",
    severity="major",
    status="identified",
    components=["API", "Payments", "Web app"],
    pages=["Acme status", "Partners"],
    started_at=NOW - timedelta(hours=2, minutes=5),
    next_update_by=NOW + timedelta(minutes=30),
)
HOSTILE = [
    "{% include 'secrets' %}",
    "{% debug %}",
    "{0.__class__.__mro__}",
    "%(password)s ${HOME} #{7*7} <%= 7 %>",
    "{{}}",
    "{{ }}",
    "{{{{",
    "}} {{",
]


def test_every_placeholder_has_its_text() -> None:
    words = ALL.words(now=NOW)
    assert words == {
        "component": "API",
        "components": "API, Payments and Web app",
        "title": "Checkout fails",
        "severity": "major",
        "status": "identified",
        "started_at": "12:00 UTC on 21 November 2026",
        "duration": "2 hours 5 minutes",
        "page": "Acme status",
        "next_update_by": "14:35 UTC on 21 November 2026",
    }
    assert list(words) == list(KNOWN)


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Berlin", "15:35 CET on 21 November 2026"),
        ("Asia/Tokyo", "23:35 JST on 21 November 2026"),
        ("Pacific/Auckland", "03:35 NZDT on 22 November 2026"),
    ],
)
def test_times_are_those_of_the_page(zone: str, words: str) -> None:
    there = replace(ALL, zone=ZoneInfo(zone))
    assert there.words(now=NOW)["next_update_by"] == words


def test_spaces_and_capitals_do_not_matter() -> None:
    assert fill("{{ Component }} and {{TITLE}}", ALL.words(now=NOW)) == "API and Checkout fails"


def test_what_is_not_known_yet_stays_in_its_place() -> None:
    text = "{{component}} fails. More by {{next_update_by}}."
    filled = fill(text, Circumstances(components=["API"]).words(now=NOW))
    assert filled == "API fails. More by {{next_update_by}}."
    assert unfilled(filled) == ["next_update_by"]


def test_what_was_put_in_is_not_read_again() -> None:
    words = {"title": "{{page}}", "page": "Acme"}
    assert fill("{{title}}", words) == "{{page}}"


@pytest.mark.parametrize("text", HOSTILE)
def test_template_languages_stay_what_they_are(text: str) -> None:
    assert fill(text, ALL.words(now=NOW)) == text
    check_filled(text, field="body")


@pytest.mark.parametrize(
    "name", ["settings.SECRET_KEY", "component.pk", "component|safe", "7*7", "", "compnent"]
)
def test_an_unknown_placeholder_is_refused_with_those_that_are_known(name: str) -> None:
    with pytest.raises(Refused, match="is no placeholder; those known are") as refusal:
        check_known(f"Something {braced(name)}", field="body")
    assert refusal.value.field == "body"
    for known in KNOWN:
        assert braced(known) in refusal.value.sentence


def test_a_gap_is_named_with_what_belongs_there() -> None:
    with pytest.raises(Refused, match=r"{{component}} is not filled in; .* first component"):
        check_filled("{{component}} is down", field="title")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 minute"),
        (-5, "1 minute"),
        (119, "1 minute"),
        (3_600, "1 hour"),
        (90_061, "1 day 1 hour"),
        (2 * 86_400 + 60, "2 days 1 minute"),
    ],
)
def test_a_span_reads_as_people_say_it(seconds: int, words: str) -> None:
    assert span_words(timedelta(seconds=seconds)) == words


@given(st.text())
def test_any_text_passes_through(text: str) -> None:
    assert fill(text, {}) == text
    assert set(unfilled(text)) <= set(names_in(text))
