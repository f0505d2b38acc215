from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.changes import Source, record_change, suspects_of
from incidents.models import AuditEntry, SystemChange
from tests.factories import STAFF, component, make_incident
from tests.incidents.admin.conftest import ADD, at

CHANGES = "/admin/incidents/systemchange/"


def form(**fields: object) -> dict[str, object]:
    return {"kind": "configuration", "summary": "Time limit raised", **fields}


def test_a_person_reports_a_change(console: Client) -> None:
    response = console.post(
        f"{CHANGES}add/", form(components=[component().pk], version="r7", author="Dana")
    )
    assert response.status_code == 302, response.content
    change = SystemChange.objects.get()
    assert (change.summary, change.by_name, change.author) == ("Time limit raised", "Alice", "Dana")
    assert list(change.components.all()) == [component()]
    page = console.get(CHANGES).content.decode()
    assert "Time limit raised" in page
    assert "/api/v1/changes" in page
    assert "r7" in console.get(f"{CHANGES}{change.pk}/change/").content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"summary": ""}, "required"),
        ({"url": "javascript:alert(1)"}, "A link is a web address"),
        ({"happened_at": "2099-01-01T10:00"}, "lies in the future"),
        ({"happened_at": "soon"}, "no date and time"),
        ({"kind": "party"}, "“party” is none of the choices"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    console: Client, fields: dict[str, str], sentence: str
) -> None:
    response = console.post(f"{CHANGES}add/", form(**fields))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not SystemChange.objects.exists()


def test_deleting_asks_once(console: Client) -> None:
    change = record_change("a mistake", by=STAFF)
    asked = console.get(f"{CHANGES}{change.pk}/delete/").content.decode()
    assert "Delete this change?" in asked
    assert "show it no longer" in asked
    assert console.post(f"{CHANGES}{change.pk}/delete/").status_code == 302
    assert not SystemChange.objects.exists()
    assert console.post(f"{CHANGES}{change.pk}/delete/").status_code == 404
    assert AuditEntry.objects.get(action="change.deleted").by_name == "Alice"
    assert "deleted a change" in console.get("/admin/incidents/auditentry/").content.decode()


def test_a_viewer_reads(bobs_console: Client, responder: Client) -> None:
    change = record_change("API 7", by=STAFF)
    assert "API 7" in bobs_console.get(CHANGES).content.decode()
    assert bobs_console.post(f"{CHANGES}add/", form()).status_code == 403
    assert responder.post(f"{CHANGES}add/", form()).status_code == 302
    assert responder.post(f"{CHANGES}{change.pk}/delete/").status_code == 403
    assert SystemChange.objects.count() == 2


def test_the_workspace_names_the_suspects(console: Client) -> None:
    ago = timezone.now() - timedelta(minutes=20)
    source = Source(version="<b>7</b>", url="https://ci/42?a=1&b=2", author="\u202eDana")
    record_change(
        "<script>alert(1)</script>", by=STAFF, source=source, components=[component()],
        happened_at=ago,
    )  # fmt: skip
    page = console.get(at(make_incident())).content.decode()
    assert "Changes in the two hours before" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    assert "<b>7</b>" not in page
    assert "same part" in page
    assert "20\N{NO-BREAK SPACE}min before" in page
    assert "https://ci/42?a=1&amp;b=2" in page


def test_many_suspects_are_counted(console: Client) -> None:
    for number in range(11):
        record_change(f"release {number}", by=STAFF)
    page = console.get(at(make_incident())).content.decode()
    assert "and 3 more" in page


def test_none_is_an_answer_where_changes_are_reported(console: Client) -> None:
    incident = make_incident()
    assert "two hours before" not in console.get(at(incident)).content.decode()
    record_change("long ago", by=STAFF, happened_at=timezone.now() - timedelta(days=3))
    assert "None was reported." in console.get(at(incident)).content.decode()


def test_opening_an_incident_shows_what_was_just_changed(console: Client) -> None:
    assert "in the last two hours" not in console.get(ADD).content.decode()
    for kind in ("deployment", "deployment", "configuration"):
        record_change(f"a {kind}", by=STAFF, kind=kind)
    page = console.get(ADD).content.decode()
    assert "2 deployments and 1 configuration change</strong> in the last two hours" in page


def test_suspects_cost_four_queries(
    acme: object, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(6):
        record_change(f"release {number}", by=STAFF, components=[component()])
    incident = make_incident()
    with django_assert_num_queries(4):
        assert len(suspects_of(incident)) == 6
