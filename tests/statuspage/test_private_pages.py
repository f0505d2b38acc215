"""A private page, and every way that must not lead into it."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail as outbox
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from atender.outbound.models import Letter
from atender.refusals import Refused
from statuspage.access.closing import change_access
from statuspage.access.keys import link_token
from statuspage.models import Access, AllowedAddress, Branding, Visibility
from tests.factories import STAFF, default_page, make_incident, partner_page
from tests.subscribers.making import work_off

PASSWORD = "correct horse battery"
# In a statement, what is another one's at the next visit: values, and names of savepoints.
VALUES = re.compile(r"'[^']*'|\b\d+\b|\bs\d+_x\d+\b")
DOCUMENTS = [
    *("/", "/history", "/history.atom", "/history.rss", "/history.ics", "/badge.svg", "/embed"),
    *("/api/v2/summary.json", "/api/v2/incidents.json", "/llms.txt", "/sitemap.xml"),
]


def close(visibility: Visibility = Visibility.PASSWORD, **kwargs: Any) -> Access:
    given = {"password": PASSWORD} if visibility == Visibility.PASSWORD else {}
    return change_access(default_page(), by=STAFF, visibility=visibility, **{**given, **kwargs})


def listed(*patterns: str) -> Access:
    return close(Visibility.EMAIL, allowed=patterns or ("maria@acme.example",))


def link_in_mail() -> str:
    text = Letter.objects.get().text
    url = next(line for line in text.splitlines() if "/unlock/" in line)
    return str(url.partition("localhost")[2].lstrip(":0123456789"))


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


def test_who_subscribed_can_leave_without_a_key(visitor: Client) -> None:
    close()
    assert visitor.post("/subscribe", {"email": "a@b.example"}).status_code == 403
    assert visitor.get("/subscriptions/unknown/unsubscribe").status_code == 404


def test_an_open_page_has_no_door(visitor: Client) -> None:
    assert visitor.get("/unlock")["Location"] == "/"
    answer = visitor.get("/")
    assert not answer.cookies
    assert "private" not in answer["Cache-Control"]


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
