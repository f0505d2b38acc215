import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from atender.ids import new_ulid
from atender.staff.models import User
from incidents.lifecycle import acknowledge, post_update
from incidents.models import Incident
from incidents.recording import record
from incidents.transitions import Saying
from tests.factories import STAFF, make_incident

LIST = "/admin/incidents/incident/"


def resolved(title: str, days_ago: int) -> Incident:
    at = timezone.now() - timedelta(days=days_ago)
    incident = make_incident(title, at=at)
    post_update(incident, by=STAFF, saying=Saying(status="resolved"), at=at)
    return incident


@pytest.fixture
def titles(console: Client, alice: User) -> object:
    make_incident("Nobody took this one")
    acknowledge(make_incident("Alice took this one"), by=alice.actor)
    make_incident("An internal draft", pages=())
    resolved("Over for two days", 2)
    resolved("Over for ten days", 10)
    every = list(Incident.objects.values_list("title", flat=True))

    def asked(which: str) -> set[str]:
        page = console.get(LIST, {"which": which} if which else {}).content.decode()
        return {title for title in every if title in page}

    return asked


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        ("", {"Nobody took this one", "Alice took this one", "An internal draft"}),
        ("unclaimed", {"Nobody took this one", "An internal draft"}),
        ("mine", {"Alice took this one"}),
        ("drafts", {"An internal draft"}),
        ("recent", {"Over for two days"}),
    ],
)
def test_each_filter_answers_its_question(titles, which: str, expected: set[str]) -> None:
    assert titles(which) == expected


def test_all(titles) -> None:
    assert len(titles("all")) == 5


def test_deleted_ones_are_in_no_list(console: Client) -> None:
    incident = make_incident("Opened by mistake")
    Incident.objects.filter(pk=incident.pk).update(deleted_at=timezone.now())
    assert "Opened by mistake" not in console.get(LIST, {"which": "all"}).content.decode()


def test_search_finds_words_of_updates(console: Client) -> None:
    make_incident(body="A cable was cut in Rotterdam.")
    assert "API response" in console.get(LIST, {"q": "Rotterdam"}).content.decode()
    assert "API response" not in console.get(LIST, {"q": "Antwerp"}).content.decode()


def test_a_viewer_lists_but_adds_nothing(bobs_console: Client) -> None:
    make_incident()
    page = bobs_console.get(LIST).content.decode()
    assert "API response times degraded" in page
    assert "/admin/incidents/incident/add/" not in page


def test_the_audit_log_is_only_read(console: Client) -> None:
    make_incident()
    where = "/admin/incidents/auditentry/"
    page = console.get(where).content.decode()
    assert "opened it" in page
    assert "API response times degraded" in page
    assert console.get(f"{where}add/").status_code == 403


def test_what_was_done_names_what_it_was_done_to_or_nothing(console: Client) -> None:
    record("series.planned", new_ulid(), by=STAFF, at=timezone.now(), title="Weekly restart")
    record("contact_method.added", new_ulid(), by=STAFF, at=timezone.now())
    page = console.get("/admin/incidents/auditentry/").content.decode()
    assert "Weekly restart" in page
    assert page.count('class="nothing"') == 1


@pytest.mark.parametrize(
    ("path", "counted"),
    [
        ("incidents/maintenance", "windows?"),
        ("statuspage/access", "pages?"),
        ("statuspage/branding", "pages?"),
        ("staff/user", "person|people"),
        ("incidents/incident", "incidents?"),
    ],
)
def test_a_list_counts_in_plain_words(console: Client, path: str, counted: str) -> None:
    page = re.sub(r"\s+", " ", console.get(f"/admin/{path}/").content.decode())
    assert re.search(rf">\d+ ({counted})<", page)


@pytest.mark.parametrize(
    ("path", "title"),
    [("incidents/incident", "Incidents"), ("statuspage/branding", "Look and words")],
)
def test_a_lists_tab_says_what_its_heading_does(console: Client, path: str, title: str) -> None:
    shown = console.get(f"/admin/{path}/").content.decode()
    assert re.search(rf"<title>\s*{title} · ", shown)
