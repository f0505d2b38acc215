"""How staff make a page private, and what they are refused."""

from typing import Any

import pytest
from django.test import Client

from atender.refusals import Refused
from statuspage.access.closing import change_access
from statuspage.models import AllowedAddress
from tests.factories import STAFF, default_page
from tests.statuspage.private import close


@pytest.mark.parametrize(
    ("kwargs", "sentence"),
    [
        ({"visibility": "password"}, "needs one"),
        ({"visibility": "password", "password": "short"}, "at least 8"),
        ({"visibility": "email"}, "Nobody could read the page"),
        ({"visibility": "email", "allowed": ["nonsense"]}, "neither an address nor a domain"),
        ({"visibility": "email", "allowed": ["@"]}, "neither an address nor a domain"),
    ],
)
def test_what_would_lock_everybody_out_is_refused(
    acme: object, kwargs: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        change_access(default_page(), by=STAFF, **kwargs)
    assert default_page().access.is_open
    assert not AllowedAddress.objects.exists()


def screen() -> str:
    return f"/admin/statuspage/access/{default_page().id}/change/"


def test_the_console_closes_a_page(console: Client, visitor: Client) -> None:
    given = {"visibility": "email", "password": "", "allowed": "maria@acme.example\n@acme.example"}
    said = console.post(screen(), given, follow=True).content.decode()
    assert f"“{default_page().name}” may now be read by people on a list, by a link" in said
    assert "was changed successfully" not in said
    assert visitor.get("/").status_code == 403
    assert "@acme.example" in console.get(screen()).content.decode()


def test_the_console_says_what_taking_off_means(console: Client) -> None:
    assert "nothing more is sent there" in console.get(screen()).content.decode()


def test_the_console_says_what_is_missing(console: Client) -> None:
    given = {"visibility": "password", "password": "", "allowed": ""}
    answer = console.post(screen(), given, follow=True)
    assert "A page behind a password needs one." in answer.content.decode()
    assert default_page().access.is_open


def test_the_console_keeps_what_was_typed_beside_what_is_wrong(console: Client) -> None:
    given = {"visibility": "password", "password": "short", "allowed": "maria@acme.example"}
    answer = console.post(screen(), given)
    said = answer.content.decode()
    assert answer.status_code == 200
    assert "maria@acme.example" in said
    assert answer.context["adminform"].form.errors["password"]
    assert '<option value="password" selected' in said
    assert default_page().access.is_open


def test_the_console_makes_a_link(console: Client, visitor: Client) -> None:
    close()
    path = f"/admin/statuspage/access/{default_page().id}/link/"
    text = console.post(path, {"days": "5"}, follow=True).content.decode()
    token = text.partition("/unlock/")[2].partition("<")[0].split()[0]
    assert visitor.post(f"/unlock/{token}").status_code == 303
    wrong = console.post(path, {"days": "0"}, follow=True).content.decode()
    assert "1 to 365 days" in wrong


@pytest.mark.parametrize("days", ["0", "00019999", "0001" + "9" * 40, "²", "٣", "-1", ""])
def test_a_link_for_no_number_of_days_is_not_made(console: Client, days: str) -> None:
    close()
    path = f"/admin/statuspage/access/{default_page().id}/link/"
    said = console.post(path, {"days": days}, follow=True)
    assert (said.status_code, b"/unlock/" in said.content) == (200, False)
    assert "A link is good for 1 to" in said.content.decode()


def test_a_reader_changes_nothing(bobs_console: Client) -> None:
    assert bobs_console.post(screen(), {"visibility": "open"}).status_code == 403
    link = f"/admin/statuspage/access/{default_page().id}/link/"
    assert bobs_console.post(link, {"days": "5"}).status_code == 403
