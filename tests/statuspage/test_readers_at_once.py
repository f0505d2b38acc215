"""Two people with the form of a page's readers open: the second reads what the first made of it."""

from typing import Any

import pytest
from django.test import Client

from atender.meanwhile import ChangedMeanwhile
from statuspage.access.closing import change_access
from statuspage.access.seeing import seen_of
from statuspage.models import Access, AllowedAddress
from tests.console.at_once import is_told_first, seen_in
from tests.factories import STAFF, default_page

MARIA, ELI, DANA = (f"{name}@acme.example" for name in ("maria", "eli", "dana"))


def listed(*patterns: str) -> Access:
    return change_access(default_page(), by=STAFF, visibility="email", allowed=patterns)


def who_may_read() -> set[str]:
    return set(AllowedAddress.objects.values_list("pattern", flat=True))


def where() -> str:
    return f"/admin/statuspage/access/{default_page().pk}/change/"


@pytest.mark.usefixtures("acme")
def test_who_was_taken_off_the_list_is_not_let_in_again_unread() -> None:
    seen = seen_of(listed(MARIA, ELI))
    stands = listed(DANA, MARIA)
    wanted: dict[str, Any] = {"visibility": "email", "allowed": [MARIA, ELI]}
    told = (
        f"changed who may read this page since you opened it. It may be read by people on a list, "
        f"by a link in a mail; its list has {DANA}, which yours has not; its list has no {ELI}."
    )
    with pytest.raises(ChangedMeanwhile, match=told):
        change_access(default_page(), by=STAFF, seen=seen, **wanted)
    assert who_may_read() == {DANA, MARIA}
    # It is as it was wanted, and who saw it may change it.
    again: dict[str, Any] = {"visibility": "email", "allowed": [MARIA.upper(), DANA]}
    change_access(default_page(), by=STAFF, seen=seen, **again)
    change_access(default_page(), by=STAFF, seen=seen_of(stands), **wanted)
    assert who_may_read() == {MARIA, ELI}


def test_a_page_that_a_colleague_closed_is_not_opened_unread(console: Client) -> None:
    fields = {"visibility": "open", "allowed": ELI, "password": ""}
    fields["seen"] = seen_in(console.get(where()).text)
    listed(MARIA)
    told = (
        "It may be read by people on a list, by a link in a mail; its list has "
        f"{MARIA}, which yours has not; its list has no {ELI}. Save again if yours is to replace"
    )
    is_told_first(console, where(), fields, told, status=200)
    assert Access.objects.get(page=default_page()).visibility == "open"
    assert who_may_read() == {ELI}


def test_of_a_long_list_the_first_are_named(console: Client) -> None:
    fields = {"visibility": "open", "seen": seen_in(console.get(where()).text)}
    change_access(
        default_page(),
        by=STAFF,
        visibility="open",
        allowed=[f"reader{number}@acme.example" for number in range(7)],
    )
    told = "reader4@acme.example and 2 more, which yours has not. Save again"
    is_told_first(console, where(), fields, told, status=200)


def test_a_password_is_neither_told_nor_carried(console: Client) -> None:
    given: dict[str, Any] = {"visibility": "password", "allowed": [MARIA]}
    change_access(default_page(), by=STAFF, password="correct horse battery", **given)
    seen = seen_in(console.get(where()).text)
    changed = change_access(default_page(), by=STAFF, password="another horse battery", **given)
    assert seen_in(console.get(where()).text) == seen
    fields = {"visibility": "password", "allowed": MARIA, "password": "", "seen": seen}
    assert console.post(where(), fields).status_code == 302
    assert Access.objects.get(page=default_page()).password == changed.password


def test_a_password_that_was_typed_is_asked_for_again(console: Client) -> None:
    fields = {"visibility": "password", "allowed": ELI, "password": "correct horse battery"}
    fields["seen"] = seen_in(console.get(where()).text)
    listed(MARIA)
    told = f"its list has no {ELI}; type the password again. Save again if"
    is_told_first(console, where(), fields, told, status=200)
    assert "correct horse" not in console.post(where(), fields | {"allowed": MARIA}).text


def test_who_only_reads_carries_nothing(bobs_console: Client) -> None:
    assert 'name="seen"' not in bobs_console.get(where()).text
