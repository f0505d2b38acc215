"""Mail as files: whole, in order, and by tenant."""

import re
from pathlib import Path

import pytest
from django.core.mail import EmailMessage, get_connection
from pytest_django import Settings

from atender.outbound.maildir import schema_of
from atender.tenants.context import in_tenant

NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z-acme-[0-9a-f]{8}\.eml")


@pytest.fixture
def folder(acme: object, settings: Settings, tmp_path: Path) -> Path:
    settings.MAIL_DIR = tmp_path / "mail"
    return tmp_path / "mail"


def send(*subjects: str) -> int:
    connection = get_connection("atender.outbound.maildir.EmailBackend")
    messages = [EmailMessage(subject, "Hello", to=["v@x.example"]) for subject in subjects]
    return connection.send_messages(messages)


def test_a_message_is_one_file_of_the_bytes_that_smtp_would_send(folder: Path) -> None:
    assert send("One") == 1

    (path,) = folder.iterdir()
    assert NAME.fullmatch(path.name)
    content = path.read_bytes()
    assert b"\r\nSubject: One\r\n" in content
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert content.endswith(b"Hello")


def test_names_sort_as_the_messages_were_sent(folder: Path) -> None:
    subjects = [f"Number {number:03}" for number in range(50)]
    send(*subjects)

    found = [re.search(r"Number \d+", path.read_text()) for path in sorted(folder.iterdir())]
    assert [match[0] for match in found if match] == subjects


def test_nothing_unfinished_is_seen(folder: Path) -> None:
    send("One", "Two")

    assert not [path for path in folder.iterdir() if path.suffix != ".eml"]


def test_a_tenants_name_may_hold_underscores(folder: Path) -> None:
    with in_tenant("big_co"):
        send("One")

    (path,) = folder.iterdir()
    assert schema_of(path.name) == "big_co"


@pytest.mark.parametrize("name", ["", "x.eml", "../20261120T100000.000000Z-acme-00000000.eml"])
def test_other_names_belong_to_nobody(name: str) -> None:
    assert schema_of(name) is None


def test_a_message_to_nobody_is_none(folder: Path) -> None:
    connection = get_connection("atender.outbound.maildir.EmailBackend")

    assert connection.send_messages([EmailMessage("One", "Hello")]) == 0
