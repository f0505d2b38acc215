import pytest
from django.test import Client

from assist.console.trying import EXAMPLES
from assist.highlighting import highlighted
from tests.factories import make_incident

WHERE = "/assist/try-a-message/"


def tried(client: Client, message: str) -> str:
    response = client.post(WHERE, {"message": message})
    assert response.status_code == 200
    return response.content.decode()


def test_a_match_stands_with_its_confidence_and_its_words(console: Client) -> None:
    make_incident()
    page = tried(console, "your api is super slow today")
    assert "1 match" in page
    assert "API response times degraded" in page
    assert "Likely match" in page
    assert "<mark>api</mark>" in page
    assert "language: en" in page


def test_a_message_about_something_else_matches_nothing(console: Client) -> None:
    make_incident()
    page = tried(console, "how do I change my avatar")
    assert "No match" in page
    assert "Likely match" not in page
    assert "Possible match" not in page


def test_nothing_open(console: Client) -> None:
    assert "Nothing is open on any page" in tried(console, "is the api down?")


def test_internal_incidents_are_not_asked(console: Client) -> None:
    make_incident(pages=())
    assert "Nothing is open on any page" in tried(console, "your api is super slow today")


@pytest.mark.parametrize(
    ("message", "sentence"),
    [("  ", "Write a message as a customer would"), ("x" * 2_001, "this one has 2001")],
)
def test_what_is_wrong_is_said(console: Client, message: str, sentence: str) -> None:
    response = console.post(WHERE, {"message": message})
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_a_message_is_text_and_never_markup(console: Client) -> None:
    make_incident()
    page = tried(console, "<script>alert(1)</script> your api is super slow")
    assert "<script>alert(1)" not in page


def test_examples_are_one_click(console: Client) -> None:
    page = console.get(WHERE).content.decode()
    assert page.count('name="message" value=') == len(EXAMPLES)


def test_a_viewer_may_try(bobs_console: Client) -> None:
    assert bobs_console.get(WHERE).status_code == 200


def test_doors(console: Client) -> None:
    assert console.put(WHERE).status_code == 405
    anonymous = Client(HTTP_HOST="acme.localhost").get(WHERE)
    assert anonymous["Location"].startswith("/admin/login/")
    assert Client(HTTP_HOST="status.acme.localhost").get(WHERE).status_code == 404


def test_words_are_marked_as_they_were_written() -> None:
    assert highlighted("Die Käße geht <nicht>", ["kasse", "nicht"]).endswith(
        "geht &lt;<mark>nicht</mark>&gt;"
    )
    assert highlighted("L'API est lente", ["api"]) == "L&#x27;<mark>API</mark> est lente"
    assert highlighted("支払いができません", ["支払い"]) == "<mark>支払い</mark>ができません"
