"""Forms of a page host that cannot be read: a sentence in the page's look, a line in the log."""

import logging
from typing import Any

import pytest
from django.test import Client

from statuspage.models import Branding
from tests.factories import default_page
from tests.subscribers.making import make_subscriber, manage_path

FORM = "application/x-www-form-urlencoded"
LARGE = "email=bob@example.com&text=slow&more=" + "a" * 1_000_000
MANY = "email=bob@example.com&text=slow" + "&component=x" * 1000
BROKEN = "multipart/form-data"
TOO_LARGE = "It is too large to be read. Nothing was saved; go back and send less."


@pytest.fixture(params=["/subscribe", "/check", "manage"])
def path(request: Any, visitor: Client) -> str:
    return manage_path(make_subscriber()) if request.param == "manage" else str(request.param)


@pytest.mark.parametrize("body", [LARGE, MANY])
def test_too_much_is_said_in_the_pages_look(
    visitor: Client, path: str, body: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = visitor.post(path, body, content_type=FORM)
    text = answer.content.decode()
    assert answer.status_code == 413
    assert TOO_LARGE in text
    assert "statuspage/page.css" in text
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "no-referrer")
    ours = [record for record in caplog.records if record.name == "atender.unreadable"]
    assert [record.levelname for record in ours] == ["WARNING"]
    # What it was posted to may be somebody's token.
    assert "/subscriptions/" not in path or path not in caplog.text


def test_no_traceback_is_logged() -> None:
    for name in ("RequestDataTooBig", "TooManyFieldsSent", "TooManyFilesSent"):
        assert not logging.getLogger(f"django.security.{name}").isEnabledFor(logging.ERROR)


def test_what_is_no_form_could_not_be_read(visitor: Client) -> None:
    answer = visitor.post("/subscribe", "junk", content_type=BROKEN)
    assert answer.status_code == 400
    assert "It could not be read. Nothing was saved" in answer.content.decode()


@pytest.mark.parametrize("charset", ["idna", "undefined", "utf-16", "iso-8859-1"])
def test_an_upload_is_utf_8(visitor: Client, charset: str) -> None:
    field = 'Content-Disposition: form-data; name="email"'
    body = f"--x\r\n{field}\r\n\r\na\u00fc\r\n--x--".encode()
    upload = f"{BROKEN}; boundary=x; charset="
    answer = visitor.generic("POST", "/subscribe", body, content_type=upload + charset)
    assert answer.status_code == 400
    assert "It could not be read. Nothing was saved" in answer.content.decode()
    for fine in ("UTF-8", "utf8", "no-encoding"):
        answer = visitor.generic("POST", "/subscribe", body, content_type=upload + fine)
        assert answer.status_code == 422
        assert 'value="a\u00fc"' in answer.content.decode()


def test_it_is_said_in_the_pages_language(visitor: Client) -> None:
    Branding.objects.filter(page=default_page()).update(further_languages=["de"])
    german = {"accept-language": "de"}
    answer = visitor.post("/subscribe", LARGE, content_type=FORM, headers=german)
    assert "Es ist zu groß, um gelesen zu werden." in answer.content.decode()
    assert answer["Content-Language"] == "de"
    # An address with more parameters than are read is asked for its language, too.
    many = visitor.post("/subscribe?" + MANY, "", content_type=FORM, headers=german)
    assert many.status_code == 400
    assert "Es konnte nicht gelesen werden." in many.content.decode()


def test_a_bug_is_admitted_in_the_pages_look(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr("subscribers.forms.views.read_wish", fail)
    visitor.raise_request_exception = False
    answer = visitor.post("/subscribe", {"email": "bob@example.com"})
    text = answer.content.decode()
    assert answer.status_code == 500
    assert "It is our mistake, and it has been logged." in text
    assert "statuspage/page.css" in text
    assert "secret" not in text
    monkeypatch.setattr("statuspage.visitors.errors.site_of", fail)
    answer = visitor.post("/subscribe", {"email": "bob@example.com"})
    assert answer.status_code == 500
    assert answer.content.decode().startswith("Something went wrong. It is our mistake")
