"""Status pages → Import, as staff see it."""

import pytest
from django.test import Client
from pytest_django import Settings

from atender.due.models import Due
from atender.tenants.context import in_public, in_tenant
from atender.tenants.models import Tenant
from incidents.importing.documents import PageDocuments
from incidents.importing.runs import hold, start_import, stop_import, work
from incidents.models import ImportRun, Incident, Page
from tests.factories import STAFF, default_page, partner_page
from tests.incidents.importing.making import Elsewhere, bring_in, finish, incident, open_incident
from tests.web_server import WebServer, reply

URL = "/admin/incidents/importrun/"
ADDRESS = "https://status.elsewhere.example"


def url(run: ImportRun) -> str:
    return f"{URL}{run.pk}/change/"


def sent(console: Client, address: str = ADDRESS, **fields: str) -> object:
    given = {"address": address, "page": default_page().pk, "includes_open": "on", **fields}
    return console.post(URL, given)


def begin(address: str = ADDRESS) -> ImportRun:
    return start_import(address, page=default_page(), by=STAFF)


def test_the_form_begins_a_run_and_leads_to_it(console: Client) -> None:
    assert b"Bring another status page in" in console.get(URL).content
    answer = sent(console, "status.elsewhere.example/api/v2/summary.json")
    run = ImportRun.objects.get()
    assert answer.status_code == 302  # type: ignore[attr-defined]
    assert answer["Location"] == url(run)  # type: ignore[index]
    assert (run.address, run.page, run.by_name) == (ADDRESS, default_page(), "Alice")
    assert run.includes_open
    with in_public():
        assert Due.objects.get(kind="incidents.import").key == run.pk
    assert ADDRESS.encode() in console.get(URL).content


def test_a_second_click_leads_to_the_same_run(console: Client) -> None:
    first, second = sent(console), sent(console)
    assert first["Location"] == second["Location"]  # type: ignore[index]
    assert ImportRun.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"address": ""}, "This is empty; fill it in"),
        ({"address": "ftp://a.example"}, "begins with http:// or https://"),
        ({"address": "http://10.0.0.1/"}, "lies in a private network"),
        ({"address": "https://a.example/" + "a" * 600}, "at most 500 characters"),
        ({"page": "01JD0000000000000000000000"}, "none of the choices"),
        ({"page": "<script>"}, "is not an id"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    console: Client, settings: Settings, fields: dict[str, str], sentence: str
) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = False
    answer = sent(console, **fields)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert sentence in answer.content.decode()  # type: ignore[attr-defined]
    assert not ImportRun.objects.exists()


def test_another_tenants_page_is_no_choice(console: Client, globex: Tenant) -> None:
    with in_tenant("globex"):
        foreign = Page.objects.get(is_default=True).pk
    answer = sent(console, page=foreign)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert not ImportRun.objects.exists()


def test_two_at_once_are_refused_in_a_sentence(console: Client) -> None:
    hold(begin())
    answer = sent(console)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "two at once would get in each other" in answer.content.decode()  # type: ignore[attr-defined]


def test_an_unfinished_run_into_another_page_is_refused(console: Client) -> None:
    begin()
    answer = sent(console, page=partner_page().pk)
    assert "choose that page, or stop it first" in answer.content.decode()  # type: ignore[attr-defined]


def test_progress_is_shown_and_asked_for_again(console: Client, settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    elsewhere = Elsewhere(*[incident(f"i{n}") for n in range(4)])
    with WebServer(elsewhere) as server:
        run = begin(server.base)
        page = console.get(url(run)).content.decode()
        assert "Reading; nothing found so far." in page
        assert 'hx-trigger="every 1s"' in page
        assert '<noscript><meta http-equiv="refresh"' in page
        with PageDocuments(server.base, pause=lambda _: None) as documents:
            while Incident.objects.count() < 2:
                work(run, documents)
            page = console.get(url(run)).content.decode()
            assert "2 of 4 incidents" in page
            assert 'value="60"' in page
            finish(run, documents)
    page = console.get(url(run)).content.decode()
    assert "every 1s" not in page
    assert "noscript" not in page
    assert "Bring in what is new there" in page


def test_the_summary_says_what_was_skipped_and_why(console: Client, settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    run = bring_in(Elsewhere(incident(name="x" * 300), incident("i2", name="<b></b>")))
    page = console.get(url(run)).content.decode()
    assert "Skipped, and why" in page
    assert "The incident has no title." in page
    assert "Changed on the way" in page
    assert f"/admin/incidents/incident/{Incident.objects.get().pk}/change/" in page


def test_a_failed_run_says_why_and_may_be_tried_again(console: Client, settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    run = bring_in(lambda _: reply(b"<html>"))
    page = console.get(url(run)).content.decode()
    assert "is this the address of a status page?" in page
    assert "Try again" in page


def test_hostile_names_are_only_words(console: Client, settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    hostile = "&lt;script&gt;alert(1)&lt;/script&gt;"
    elsewhere = Elsewhere(open_incident("<script>alert(2)</script>", impact="<script>"))
    elsewhere.page["name"] = hostile
    run = bring_in(elsewhere)
    for page in (console.get(url(run)), console.get(URL)):
        assert b"<script>alert" not in page.content
        assert b"&lt;script&gt;alert(1)" in page.content


def test_stopping_keeps_what_came(console: Client) -> None:
    run = begin()
    answer = console.post(f"{URL}{run.pk}/stop/")
    assert (answer.status_code, answer["Location"]) == (302, url(run))
    run.refresh_from_db()
    assert run.state == "stopped"
    assert console.post(f"{URL}{run.pk}/stop/").status_code == 302
    assert "Stopped" in console.get(url(run)).content.decode()


def test_who_may_not_manage_pages_sees_nothing(bobs_console: Client, acme: Tenant) -> None:
    run = begin()
    assert bobs_console.get(URL).status_code == 403
    assert bobs_console.get(url(run)).status_code == 403
    assert bobs_console.post(URL, {"address": ADDRESS}).status_code == 403
    assert bobs_console.post(f"{URL}{run.pk}/stop/").status_code == 403
    assert b">Import<" not in bobs_console.get("/admin/").content
    assert ImportRun.objects.get().state == "reading"


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(console: Client, method: str) -> None:
    run = begin()
    assert getattr(console, method)(URL).status_code == 405
    assert getattr(console, method)(url(run)).status_code == 405
    assert console.get(f"{URL}{run.pk}/stop/").status_code == 405


def test_another_tenants_run_is_unknown(console: Client, globex: Tenant) -> None:
    with in_tenant("globex"):
        foreign = begin()
    for path in (url(foreign), f"{URL}{foreign.pk}/delete/", f"{URL}{foreign.pk}/history/"):
        assert console.get(path).status_code == 404
    assert console.post(f"{URL}{foreign.pk}/stop/").status_code == 404
    with in_tenant("globex"):
        stop_import(foreign, by=STAFF)
        assert ImportRun.objects.get().state == "stopped"
