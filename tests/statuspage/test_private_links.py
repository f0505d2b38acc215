"""A page for people on a list: the links that they are mailed, and those that staff make."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail as outbox
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from atender.outbound.models import Letter
from statuspage.access.keys import link_token
from statuspage.models import Visibility
from tests.statuspage.private import close, link_in_mail, listed
from tests.subscribers.making import work_off

# In a statement, what is another one's at the next visit: values, and names of savepoints.
VALUES = re.compile(r"'[^']*'|\b\d+\b|\bs\d+_x\d+\b")


def test_somebody_on_the_list_gets_a_link(visitor: Client) -> None:
    listed("maria@acme.example")
    answer = visitor.post("/unlock", {"email": "Maria@Acme.example"})
    assert answer.status_code == 200
    path = link_in_mail()
    assert visitor.get(path).status_code == 200
    assert visitor.head(path).status_code == 200
    assert visitor.get("/").status_code == 403
    assert visitor.post(path).status_code == 303
    assert visitor.get("/").status_code == 200


def test_a_mailed_link_leads_to_what_one_wanted_to_read(visitor: Client) -> None:
    listed("maria@acme.example")
    assert b'name="next" value="/history"' in visitor.get("/history").content
    visitor.post("/unlock", {"email": "maria@acme.example", "next": "/history"})
    assert visitor.post(link_in_mail())["Location"] == "/history"


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/" + "x" * 250, "", "history"]
)
def test_a_mailed_link_leads_nowhere_else(visitor: Client, path: str) -> None:
    listed("maria@acme.example")
    visitor.post("/unlock", {"email": "maria@acme.example", "next": path})
    link = link_in_mail()
    assert "evil" not in link
    assert visitor.post(link)["Location"] == "/"
    bent = visitor.post(link.partition("?")[0] + "?next=//evil.example")
    assert bent["Location"] == "/"


def test_a_domain_lets_its_people_in_and_no_look_alike(visitor: Client) -> None:
    listed("@acme.example")
    for stranger in ("x@notacme.example", "x@sub.acme.example", "acme.example@evil.example"):
        visitor.post("/unlock", {"email": stranger})
    visitor.post("/unlock", {"email": "new@ACME.example"})
    work_off()
    assert [mail.to for mail in outbox.outbox] == [["new@acme.example"]]
    assert not Letter.objects.exists()


def test_the_answer_does_not_say_who_is_on_the_list(visitor: Client) -> None:
    listed("maria@acme.example")
    known = visitor.post("/unlock", {"email": "maria@acme.example"}).content.decode()
    unknown = visitor.post("/unlock", {"email": "maxim@acme.example"}).content.decode()
    assert known.replace("maria", "maxim") == unknown


def test_nor_does_what_it_costs(visitor: Client) -> None:
    listed("maria@acme.example")
    visitor.post("/unlock", {"email": "first@acme.example"})
    asked = []
    for name in ("maria", "maxim"):
        with CaptureQueriesContext(connection) as queries:
            visitor.post("/unlock", {"email": f"{name}@acme.example"})
        asked.append([VALUES.sub("?", query["sql"]) for query in queries])
    assert asked[0] == asked[1]
    assert not [sql for sql in asked[0] if "allowedaddress" in sql]


def test_who_was_taken_off_the_list_meanwhile_is_sent_no_link(visitor: Client) -> None:
    listed("maria@acme.example", "@other.example")
    visitor.post("/unlock", {"email": "maria@acme.example"})
    listed("@other.example")
    work_off()
    assert not outbox.outbox
    assert not Letter.objects.exists()


def test_taken_off_the_list_one_is_out_at_once(visitor: Client) -> None:
    listed("maria@acme.example", "@other.example")
    visitor.post("/unlock", {"email": "maria@acme.example"})
    visitor.post(link_in_mail())
    assert visitor.get("/").status_code == 200
    listed("@other.example")
    assert visitor.get("/").status_code == 403


def test_a_mailed_link_is_good_for_half_an_hour(visitor: Client) -> None:
    listed()
    visitor.post("/unlock", {"email": "maria@acme.example"})
    path = link_in_mail()
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        assert visitor.post(path).status_code == 410


def test_a_link_of_staff_ends_when_they_say_so(visitor: Client) -> None:
    access = listed()
    token = link_token(access, until=timezone.now() + timedelta(days=3))
    assert visitor.post(f"/unlock/{token}").status_code == 303
    with time_machine.travel(timezone.now() + timedelta(days=4), tick=False):
        assert visitor.get("/").status_code == 403
    close(Visibility.EMAIL, allowed=["maria@acme.example"], ends_links=True)
    assert visitor.get("/").status_code == 403
    assert visitor.post(f"/unlock/{token}").status_code == 410


def test_the_link_is_no_cookie_and_the_cookie_no_link(visitor: Client) -> None:
    access = listed()
    token = link_token(access, until=timezone.now() + timedelta(days=3))
    visitor.cookies["page_key"] = token
    assert visitor.get("/").status_code == 403
