"""Single mails to staff: promised with the change, sent by a worker, forgotten."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail as outbox
from django.db import transaction
from django.utils import timezone

from atender.actors import OPERATOR
from atender.due.models import Due
from atender.due.work import run, schedule
from atender.erasing import erase_person
from atender.link_keys import newest_key
from atender.outbound import letters, mail
from atender.outbound.models import Letter
from atender.own_key import MissingSecret
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant


def work() -> None:
    """What a worker does with the task of the letter."""
    due = Due.objects.get(kind=letters.KIND)
    with in_tenant("acme"):
        run(due.pk, due.ticket)


def test_a_letter_goes_out_once_and_is_forgotten(acme: Tenant) -> None:
    letter = letters.post("dana@acme.example", subject="Hello", text="A way in")
    assert not outbox.outbox

    work()

    (sent,) = outbox.outbox
    assert (sent.to, sent.subject, sent.body) == (["dana@acme.example"], "Hello", "A way in")
    assert letter.pk in sent.extra_headers["Message-ID"]
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert not Letter.objects.exists()
    assert not Due.objects.exists()


def test_a_change_that_is_rolled_back_sends_nothing(acme: Tenant) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012 - one block
        letters.post("dana@acme.example", subject="Hello", text="A way in")
        raise RuntimeError

    assert not Letter.objects.exists()
    assert not Due.objects.exists()


def test_a_server_that_fails_leaves_the_letter_for_the_next_try(
    acme: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_messages: object) -> int:
        raise OSError("no route to host")

    letters.post("dana@acme.example", subject="Hello", text="A way in")
    with monkeypatch.context() as broken:
        broken.setattr(mail, "send", fail)
        work()
    assert Letter.objects.count() == 1
    assert Due.objects.count() == 1

    work()
    assert len(outbox.outbox) == 1


def test_a_letter_that_is_days_old_is_dropped(acme: Tenant) -> None:
    letter = letters.post("dana@acme.example", subject="Hello", text="A way in")
    Letter.objects.filter(pk=letter.pk).update(created_at=timezone.now() - timedelta(days=4))

    work()

    assert not outbox.outbox
    assert not Letter.objects.exists()


def test_a_letter_whose_key_is_gone_is_not_sent_empty(
    acme: Tenant, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    letters.post("dana@acme.example", subject="Your access", text="A way in")
    kept = settings.LINK_KEYS
    settings.LINK_KEYS = {"2": "another key, the only one that is listed now"}

    work()

    assert not outbox.outbox
    assert "The letter 'Your access' cannot be read" in caplog.text

    settings.LINK_KEYS = {**settings.LINK_KEYS, **kept}
    work()

    assert [mail.body for mail in outbox.outbox] == ["A way in"]
    assert not Letter.objects.exists()


def test_a_letter_that_names_an_erased_address_is_forgotten(acme: Tenant) -> None:
    letters.post("dana@acme.example", subject="Hello", text="Eve wrote from Eve@Customer.example.")
    others = ["Somebody else wrote.", "steve@customer.example and eve@customer.example.org wrote."]
    for text in others:
        letters.post("dana@acme.example", subject="Hello", text=text)

    erase_person("eve@customer.example", by=OPERATOR)

    assert sorted(letter.text for letter in Letter.objects.all()) == others


def _post() -> None:
    letters.post("dana@acme.example", subject="Hello", text="A way in")


@pytest.mark.parametrize("make", [_post, partial(schedule, letters.KIND, "1"), newest_key])
def test_what_nobody_could_read_later_is_not_written(
    acme: Tenant, settings: Any, make: Callable[[], object]
) -> None:
    settings.HAS_OWN_SECRET_KEY = False
    with pytest.raises(MissingSecret, match="ATENDER_SECRET_KEY is not set"), transaction.atomic():
        make()
    assert not Letter.objects.exists()
    assert not Due.objects.exists()
