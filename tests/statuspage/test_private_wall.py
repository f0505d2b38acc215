"""A private page without the right to it: no address tells anything, whatever is asked how.

The addresses are read from the URL conf, so that a new representation is covered the day it is
written.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from statuspage.access.closing import change_access
from statuspage.access.keys import cookie_value, link_token
from statuspage.access.opening import COOKIE
from statuspage.look.branding import change_branding
from statuspage.models import Access, Visibility
from subscribers.tokens import Purpose, signed_token
from tests.factories import STAFF, component, default_page, make_incident, partner_page
from tests.incidents.planned import plan
from tests.subscribers.making import make_subscriber
from tests.test_public_wall import paths

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
SAID = {"text": "The quokka gateway is down", "password": "guess", "email": "ann@elsewhere.example"}
TOLD = ("quokka", "database upgrade", "api")


@pytest.fixture
def addresses(visitor: Client) -> list[str]:
    """Those of the page, which is private and has something to tell."""
    incident, work = make_incident("Quokka gateway is down", body="Quokkas."), plan()
    change_branding(default_page(), by=STAFF, takes_questions=True)
    close(default_page())
    return paths([incident.id, work.id, component().id])


def close(page: Any) -> Access:
    password = f"the password of {page.slug}"
    return change_access(page, by=STAFF, visibility=Visibility.PASSWORD, password=password)


def keys() -> dict[str, str]:
    """Cookies, by why they do not open the page, and the one that does."""
    access, now = Access.objects.get(page=default_page()), timezone.now()
    later = now + timedelta(days=1)
    good = cookie_value(access, until=later)
    before = Access(page=access.page, version=access.version - 1)
    return {
        "none": "",
        "over": cookie_value(access, until=now - timedelta(seconds=1)),
        "of another page": cookie_value(close(partner_page()), until=later),
        "from before the password": cookie_value(before, until=later),
        "of a link": link_token(access, until=later),
        "cut": good[:-1],
        "in another case": good.swapcase(),
        "good": good,
    }


def told(key: str, path: str, method: str = "get") -> set[str]:
    client = Client(HTTP_HOST="status.acme.localhost")
    client.cookies[COOKIE] = key
    answer = getattr(client, method)(path, **({"data": SAID} if method == "post" else {}))
    assert answer.status_code < 500, (method, path)
    said = f"{answer.headers}{answer.content.decode('utf-8', 'replace')}".lower()
    # What names the API itself, as an address does, is no component.
    plain = said.replace("/api/", "")
    return {word for word in TOLD if word in plain}


def test_nobody_is_told_anything_without_the_right(addresses: list[str]) -> None:
    given = keys()
    good = given.pop("good")
    assert told(good, "/") == set(TOLD)
    for why, key in given.items():
        methods = METHODS if why == "none" else ("get",)
        leaks = {(m, path): told(key, path, m) for path in addresses for m in methods}
        assert {place: words for place, words in leaks.items() if words} == {}, why


@pytest.mark.parametrize("visibility", [Visibility.PASSWORD, Visibility.EMAIL])
def test_links_in_mails_tell_nothing_to_who_may_not_read(
    addresses: list[str], visibility: Visibility
) -> None:
    """Those that a subscriber has from when the page was open."""
    change_access(default_page(), by=STAFF, visibility="open")
    maria = make_subscriber()
    mailed = [f"/subscriptions/{signed_token(maria.pk, maria.version, what)}" for what in Purpose]
    paths_ = [path + more for path in mailed for more in ("", "/endpoint", "/unsubscribe")]
    assert told("", mailed[0]) == set(TOLD)
    close(default_page())
    allowed = ["somebody@else.example"]
    change_access(default_page(), by=STAFF, visibility=visibility, allowed=allowed)
    leaks = {(m, path): told("", path, m) for path in paths_ for m in METHODS}
    assert {place: words for place, words in leaks.items() if words} == {}
