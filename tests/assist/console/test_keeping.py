"""How long conversations are kept, chosen in the console."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assist.conversations.keeping import kept_for
from tests.assist.conversations.making import make_conversation

PATH = "/assist/sources/"


def keep(console: Client, days: object, **more: object) -> tuple[int, str]:
    answer = console.post(PATH, {"conversations_kept_days": days, **more})
    return answer.status_code, answer.content.decode()


def test_an_admin_chooses_and_others_read_it(console: Client, bobs_console: Client) -> None:
    assert 'value="180"' in console.get(PATH).content.decode()
    assert keep(console, 365)[0] == 302
    assert kept_for() == timedelta(days=365)
    assert "For 365 days after the last message." in bobs_console.get(PATH).content.decode()
    assert keep(bobs_console, 1)[0] == 403
    assert kept_for() == timedelta(days=365)


def test_what_is_forgotten_at_once_is_asked_about(console: Client) -> None:
    make_conversation(at=timezone.now() - timedelta(days=10))
    status, page = keep(console, 9)
    assert status == 422
    assert "1 conversation in which nobody wrote for 9 days is forgotten at once" in page
    # A yes to one number is none to another.
    assert keep(console, 8, sure="9")[0] == 422
    assert kept_for() == timedelta(days=180)
    assert keep(console, 9, sure="9")[0] == 302
    assert kept_for() == timedelta(days=9)


@pytest.mark.parametrize("days", [0, 99999999999999999999, "soon", ""])
def test_what_is_no_number_of_days_is_refused(console: Client, days: object) -> None:
    make_conversation(at=timezone.now() - timedelta(days=10))
    status, page = keep(console, days)
    assert (status, "at once" in page) == (422, False)
    assert kept_for() == timedelta(days=180)
