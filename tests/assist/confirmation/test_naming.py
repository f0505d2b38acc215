"""Who asks to be kept posted on what the offered incident is about says yes."""

import pytest

from assist.confirmation import Confirmation, analyze

ABOUT = ("API response times degraded", "API", "Payments")


@pytest.mark.parametrize(
    ("language", "reply"),
    [
        ("en", "keep me posted on the api"),
        ("en", "Keep me updated about the API please"),
        ("en", "yes, keep me posted on the api"),
        ("en", "let me know about the payment api"),
        ("en", "please inform us regarding the API response times"),
        ("de", "Halten Sie mich zur API auf dem Laufenden"),
        ("de", "Haltet mich wegen der API auf dem Laufenden"),
        ("fr", "tenez-moi au courant pour l'api"),
        ("nl", "hou me op de hoogte over de api"),
        ("sv", "håll mig uppdaterad om api"),
        ("ru", "держите меня в курсе по api"),
        ("zh", "请通知我关于API的更新"),
    ],
)
def test_it_is_a_yes_where_the_incident_is_about_it(language: str, reply: str) -> None:
    assert analyze(reply, language=language, about=ABOUT) is Confirmation.YES


@pytest.mark.parametrize(
    "reply", ["keep me posted on the api", "let me know about the payment api"]
)
def test_what_the_incident_is_not_about_is_asked_once_more(reply: str) -> None:
    assert analyze(reply, language="en") is Confirmation.AMBIGUOUS
    assert analyze(reply, language="en", about=["Webhooks late"]) is Confirmation.AMBIGUOUS


@pytest.mark.parametrize(
    "reply",
    [
        "tell me about the api",
        "send me the api key",
        "send me the api docs",
        "send me docs on the api",
        "sign me up for the api",
        "notify the api team",
        "I want the api",
        "keep me posted on the api and the webhooks",
        "keep me posted on the EU api",
        "maybe keep me posted on the api",
        "don't keep me posted on the api",
        "what is new on the api",
        "on the api",
        "yes on the api it fails",
        "keep me posted on the api, it still fails here",
    ],
)
def test_nothing_else_about_it_is_a_yes(reply: str) -> None:
    assert analyze(reply, language="en", about=ABOUT) is not Confirmation.YES


def test_a_title_is_read_as_words_and_not_as_a_pattern() -> None:
    reply = "keep me posted on the api"
    assert analyze(reply, about=["(.*", "a|b", "[x", ""]) is Confirmation.AMBIGUOUS
    assert analyze(reply, about=["(API)* [down"]) is Confirmation.YES
