import pytest

from incidents.console.differences import difference
from incidents.texts.wording import jargon_in, vague_title


@pytest.mark.parametrize(
    "title",
    ["Issue with system", "Problem", "outage", "We are experiencing technical difficulties"],
)
def test_titles_that_say_nothing_are_vague(title: str) -> None:
    assert vague_title(title).startswith("Vague:")


@pytest.mark.parametrize("title", ["API issues", "Login outage", "Search problem"])
def test_one_telling_word_is_short(title: str) -> None:
    assert vague_title(title).startswith("Short:")


@pytest.mark.parametrize(
    "title",
    [
        "API response times degraded",
        "Checkout fails for about one in five customers",
        "Kartenzahlungen schlagen fehl in Deutschland",
        "",
    ],
)
def test_specific_titles_are_left_alone(title: str) -> None:
    assert vague_title(title) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Elevated 5xx after the failover", ["5xx", "failover"]),
        ("p99 latency is high", ["p99 latency"]),
        ("HTTP 503 errors, then 503 errors again", ["HTTP 503 errors", "503 errors"]),
        ("The DB was rolled back", ["DB", "rolled back"]),
        ("The dbase page and 5000 users", []),
        ("Checkout fails for one in five", []),
    ],
)
def test_jargon_is_named_as_written(text: str, words: list[str]) -> None:
    assert [jargon.word for jargon in jargon_in(text)] == words


def test_a_difference_is_marked_word_by_word_and_escaped() -> None:
    shown = difference("The api is <b>slow</b>", "The API is <b>slow</b>")
    assert shown == "The <del>api </del><ins>API </ins>is &lt;b&gt;slow&lt;/b&gt;"


def test_a_very_long_text_is_shown_whole() -> None:
    before, after = "a " * 1_500, "b " * 1_500
    assert difference(before, after).startswith("<del>a a")
