import csv
import io

from django.test import Client

from subscribers.models import Subscriber
from subscribers.people.enrolment import unsubscribe
from tests.factories import component, make_incident, partner_page
from tests.subscribers.making import make_subscriber

PATH = "/admin/subscribers/subscriber/export/"


def rows(console: Client, **query: str) -> list[dict[str, str]]:
    answer = console.get(PATH, query)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_all_that_is_known_of_each(console: Client) -> None:
    incident = make_incident("Größe, “quoted” and; more")
    make_subscriber("maria@example.com", components=["API", "Web app"], incidents=[incident])
    unsubscribe(make_subscriber("jonas@example.com", page=partner_page(), kinds="maintenance"))
    jonas, maria = rows(console)
    assert (maria["email"], maria["components"]) == ("maria@example.com", "API; Web app")
    assert maria["incidents"] == incident.title
    assert maria["verified_at"]
    assert (jonas["state"], jonas["kinds"]) == ("unsubscribed", "maintenance")
    assert jonas["page"] == partner_page().name


def test_it_holds_what_the_list_shows(console: Client) -> None:
    make_subscriber("a@example.com")
    make_subscriber("b@example.com", components=["API"])
    unsubscribe(make_subscriber("c@example.com"))
    assert [r["email"] for r in rows(console, state__exact="active")] == [
        "b@example.com",
        "a@example.com",
    ]
    assert [r["email"] for r in rows(console, q="c@")] == ["c@example.com"]
    assert [r["email"] for r in rows(console, hears="components")] == ["b@example.com"]


def test_no_cell_is_a_formula(console: Client) -> None:
    named = component("API")
    named.name = '=HYPERLINK("http://evil.example","x")'
    named.save()
    maria = make_subscriber("maria@example.com")
    maria.scopes.update(component=named)
    Subscriber.objects.filter(pk=maria.pk).update(address="+cmd|'/c calc'!a0@example.com")
    text = console.get(PATH).getvalue().decode()
    (row,) = rows(console)
    assert row["email"].startswith("'+cmd")
    assert row["components"].startswith("'=HYPERLINK")
    assert "\n=" not in text
    assert ",=" not in text


def test_who_may(bobs_console: Client) -> None:
    make_subscriber()
    assert bobs_console.get(PATH).status_code == 403
    assert Client(HTTP_HOST="acme.localhost").get(PATH).status_code == 302
    assert Client(HTTP_HOST="status.acme.localhost").get(PATH).status_code == 404


def test_it_is_read_only(console: Client) -> None:
    assert console.post(PATH).status_code == 405
