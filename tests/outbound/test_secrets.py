"""Secrets at rest: only these keys read them, and keys can be rotated."""

import logging

import pytest
from django.db import connection
from pytest_django import Settings

from atender.encryption import UnknownKey, decrypt, encrypt
from atender.outbound.models import MailChannel
from atender.tenants.models import Tenant


@pytest.fixture(autouse=True)
def keys(settings: Settings) -> Settings:
    settings.LINK_KEYS = {"1": "the first key", "2": "the second key"}
    return settings


def test_what_is_encrypted_reads_the_same_and_never_twice_alike() -> None:
    stored = {encrypt("sesame"), encrypt("sesame")}

    assert len(stored) == 2
    assert {decrypt(text) for text in stored} == {"sesame"}
    assert all(text.startswith("2:") and "sesame" not in text for text in stored)


def test_an_older_key_still_reads_and_the_newest_writes(keys: Settings) -> None:
    old = encrypt("sesame")
    keys.LINK_KEYS = {"2": "the second key", "3": "the third key"}

    assert decrypt(old) == "sesame"
    assert encrypt("sesame").startswith("3:")


@pytest.mark.parametrize("change", ["drop", "swap", "flip", "cut"])
def test_another_key_or_a_changed_text_is_refused(keys: Settings, change: str) -> None:
    stored = encrypt("sesame")
    if change == "drop":
        keys.LINK_KEYS = {"9": "the ninth key"}
    if change == "swap":
        stored = stored.replace("2:", "1:", 1)
    if change == "flip":
        stored = stored[:40] + ("A" if stored[40] != "A" else "B") + stored[41:]
    if change == "cut":
        stored = stored[:-4]

    with pytest.raises(UnknownKey):
        decrypt(stored)


def test_a_row_keeps_only_the_encrypted_text(acme: Tenant) -> None:
    channel = MailChannel.objects.create(host="smtp.acme.example", password="sesame")

    assert MailChannel.objects.get().password == "sesame"
    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM outbound_mailchannel")
        (stored,) = cursor.fetchone()
    assert stored.startswith("2:")
    assert "sesame" not in stored
    channel.password = ""
    channel.save()
    assert MailChannel.objects.get().password == ""


def test_a_row_whose_key_is_gone_can_still_be_opened(
    acme: Tenant, keys: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    MailChannel.objects.create(host="smtp.acme.example", password="sesame")
    keys.LINK_KEYS = {"9": "the ninth key"}

    with caplog.at_level(logging.ERROR):
        assert MailChannel.objects.get().password == ""
    assert "Enter it again" in caplog.text
