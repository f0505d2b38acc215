"""A private page, and every way that must not lead into it."""

import re

import pytest
from django.test import Client

from statuspage.access.closing import change_access
from statuspage.models import Branding
from tests.factories import STAFF, default_page, make_incident, partner_page
from tests.statuspage.private import PASSWORD, close, link_in_mail, listed

DOCUMENTS = [
    *("/", "/history", "/history.atom", "/history.rss", "/history.ics", "/badge.svg", "/embed"),
    *("/api/v2/summary.json", "/api/v2/incidents.json", "/llms.txt", "/sitemap.xml"),
]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_without_a_key_nothing_is_told(visitor: Client, path: str) -> None:
    incident = make_incident("Quokkas escaped", body="All quokkas are out.")
    close()
    for asked in (path, f"/incidents/{incident.id}"):
        answer = visitor.get(asked)
        assert answer.status_code == 403
        assert b"uokka" not in answer.content
        assert answer["Cache-Control"] == "private, no-store"
        assert not answer.cookies


@pytest.mark.parametrize("path", ["/nothing", "/incidents/01JD0000000000000000000000"])
def test_what_is_missing_is_kept_by_no_cache_either(visitor: Client, path: str) -> None:
    close()
    visitor.post("/unlock", {"password": PASSWORD})
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert answer["Cache-Control"] == "private, no-store"


def test_the_password_opens_the_page_in_this_browser(visitor: Client) -> None:
    make_incident("Quokkas escaped")
    close()
    assert visitor.post("/unlock", {"password": "wrong"}).status_code == 403
    answer = visitor.post("/unlock", {"password": PASSWORD, "next": "/history"})
    assert (answer.status_code, answer["Location"]) == (303, "/history")
    cookie = answer.cookies["page_key"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["domain"]
    shown = visitor.get("/")
    assert "Quokkas escaped" in shown.content.decode()
    assert shown["Cache-Control"] == "private, no-store"
    assert shown["X-Robots-Tag"] == "noindex"
    other = Client(HTTP_HOST="status.acme.localhost")
    assert other.get("/").status_code == 403


def test_a_wrong_password_does_not_forget_where_one_wanted_to_be(visitor: Client) -> None:
    close()
    for answer in (
        visitor.get("/history"),
        visitor.post("/unlock", {"password": "wrong", "next": "/history"}),
    ):
        assert b'name="next" value="/history"' in answer.content
    elsewhere = visitor.post("/unlock", {"password": "wrong", "next": "//evil.example"})
    assert b'name="next" value="/"' in elsewhere.content


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_key_leads_nowhere_else(visitor: Client, path: str) -> None:
    close()
    answer = visitor.post("/unlock", {"password": PASSWORD, "next": path})
    assert answer["Location"] == "/"


def test_a_new_password_ends_the_old_keys(visitor: Client) -> None:
    close()
    visitor.post("/unlock", {"password": PASSWORD})
    assert visitor.get("/").status_code == 200
    close(password="another pass phrase")
    assert visitor.get("/").status_code == 403


def test_a_key_of_one_page_opens_no_other(visitor: Client) -> None:
    close()
    change_access(partner_page(), by=STAFF, visibility="password", password=PASSWORD)
    answer = visitor.post("/unlock", {"password": PASSWORD})
    partner = Client(HTTP_HOST="partners.acme.localhost")
    partner.cookies["page_key"] = answer.cookies["page_key"].value
    assert partner.get("/").status_code == 403


@pytest.mark.parametrize("value", ["", "x", "a:b:c", "\x00", "W10:1abc:def"])
def test_a_made_up_key_opens_nothing(visitor: Client, value: str) -> None:
    close()
    visitor.cookies["page_key"] = value
    assert visitor.get("/").status_code == 403


def test_guessing_is_slowed_down(visitor: Client) -> None:
    close()
    answers = [visitor.post("/unlock", {"password": f"guess {n}"}) for n in range(21)]
    assert {answer.status_code for answer in answers[:20]} == {403}
    assert answers[20].status_code == 429
    assert int(answers[20]["Retry-After"]) > 0


def assert_leads_nowhere(page: str) -> None:
    for offered in ("Get updates", "Current status", "/history", "History"):
        assert offered not in re.sub("<head>.*</head>", "", page, flags=re.DOTALL)


def test_the_door_offers_nothing_that_is_behind_it(visitor: Client) -> None:
    close()
    support = "https://support.example/"
    Branding.objects.filter(page=default_page()).update(support_url=support)
    page = visitor.get("/").content.decode()
    assert_leads_nowhere(page)
    assert page.count(support) == 1


def test_nor_do_the_two_steps_through_it(visitor: Client) -> None:
    listed("maria@acme.example")
    asked = visitor.post("/unlock", {"email": "maria@acme.example"}).content.decode()
    assert "Look into your inbox" in asked
    button = visitor.get(link_in_mail()).content.decode()
    assert "Open the page" in button
    assert_leads_nowhere(asked)
    assert_leads_nowhere(button)


def test_nor_does_a_refusal_at_it(visitor: Client) -> None:
    listed("maria@acme.example")
    for _ in range(50):
        answer = visitor.post("/unlock", {"email": "maria@acme.example"})
        if answer.status_code == 429:
            break
    assert answer.status_code == 429
    assert_leads_nowhere(answer.content.decode())
    foreign = visitor.post("/unlock", headers={"sec-fetch-site": "cross-site"})
    assert foreign.status_code == 403
    assert "This did not come from here" in foreign.content.decode()
    assert_leads_nowhere(foreign.content.decode())


def test_who_subscribed_can_leave_without_a_key(visitor: Client) -> None:
    close()
    assert visitor.post("/subscribe", {"email": "a@b.example"}).status_code == 403
    assert visitor.get("/subscriptions/unknown/unsubscribe").status_code == 404


def test_an_open_page_has_no_door(visitor: Client) -> None:
    assert visitor.get("/unlock")["Location"] == "/"
    answer = visitor.get("/")
    assert not answer.cookies
    assert "private" not in answer["Cache-Control"]
