"""Reports on the console and in the API: for whoever may read, of one's own tenant alone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import Page
from tests.assist.reports.making import make_card, make_past
from tests.conftest import api_client, signed_in
from tests.factories import make_incident, make_key, partner_page

URL = "/assist/reports/"
YESTERDAY = timezone.now() - timedelta(days=1)


def test_a_viewer_reads_charts_and_figures(bobs_console: Client) -> None:
    make_card(make_past(YESTERDAY, severity="critical"), YESTERDAY)
    page = bobs_console.get(URL).content.decode()
    assert "<svg" in page
    assert "Incidents by severity" in page
    assert "Nothing is learnt silently" in page


def test_the_range_is_asked_for_and_nonsense_said_at_its_field(console: Client) -> None:
    page = console.get(f"{URL}?first=2026-03-01&last=2026-03-31").content.decode()
    assert "1 Mar 2026 to 31 Mar 2026" in page
    for query, sentence in {
        "first=2026-03-31&last=2026-03-01": "lies after the last",
        "first=yesterday": "This is no date; one reads 2026-03-29.",
        "page=01JD0000000000000000000000": "none of the choices",
    }.items():
        answer = console.get(f"{URL}?{query}")
        assert answer.status_code == 422, query
        assert sentence in answer.content.decode()
        file = console.get(f"{URL}incidents.csv?{query}")
        assert file.status_code == 422, query
        assert sentence in file.content.decode()


@pytest.mark.parametrize("name", ["incidents", "uptime", "times", "cards", "promises", "alerts"])
def test_each_table_is_a_file(console: Client, name: str) -> None:
    answer = console.get(f"{URL}{name}.csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    assert len(answer.content.decode().splitlines()) > 1


def test_an_unknown_table_and_a_stranger_get_nothing(console: Client) -> None:
    assert console.get(f"{URL}nothing.csv").status_code == 404
    assert Client(HTTP_HOST="acme.localhost").get(URL).status_code == 302
    assert console.post(URL).status_code == 405


def test_a_component_named_like_a_formula_harms_no_spreadsheet(console: Client) -> None:
    incident = make_incident()
    incident.components.update(name="=1+1")
    text = console.get(f"{URL}components.csv").content.decode()
    assert "'=1+1" in text


def test_an_incident_tells_its_own(console: Client) -> None:
    incident = make_past(YESTERDAY)
    make_card(incident, YESTERDAY)
    page = console.get(f"/admin/incidents/incident/{incident.pk}/change/", follow=True)
    assert "1 shown, 1 confirmed, 0 dismissed" in page.content.decode()


def test_programs_read_the_same(api: Client, globex: Tenant) -> None:
    incident = make_past(YESTERDAY, lasting=90)
    make_card(incident, YESTERDAY)
    found = api.get(f"/api/v1/incidents/{incident.pk}/report").json()
    assert (found["time_to_resolve_s"], found["cards"]["precision"]) == (5400, 1)
    report = api.get("/api/v1/reports").json()
    tables = {table["name"]: table for table in report["tables"]}
    assert sum(row["total"] for row in tables["incidents"]["rows"]) == 1
    with in_tenant("globex"):
        stranger = api_client(make_key(), "globex.localhost")
        assert stranger.get(f"/api/v1/incidents/{incident.pk}/report").status_code == 404
        tables = {t["name"]: t for t in stranger.get("/api/v1/reports").json()["tables"]}
        assert sum(row["total"] for row in tables["incidents"]["rows"]) == 0


def test_programs_ask_for_days(api: Client) -> None:
    assert (
        api.get("/api/v1/reports?first=2026-01-01&last=2026-01-07").json()["last"] == "2026-01-07"
    )
    assert api.get("/api/v1/reports?first=soon").status_code == 400
    assert api.get("/api/v1/reports?first=2026-01-07&last=2026-01-01").status_code == 422
    unknown = "01JD0000000000000000000000"
    assert api.get(f"/api/v1/reports?page_id={unknown}").status_code == 422
    assert api.get(f"/api/v1/incidents/{unknown}/report").status_code == 404
    Page.objects.update(is_default=False)
    without = api.get("/api/v1/reports")
    assert without.status_code == 422
    assert "There is no default page; say which one with page_id." in without.content.decode()
    assert api.get(f"/api/v1/reports?page_id={partner_page().pk}").status_code == 200


def test_neighbours_see_nothing_of_it(acme: Tenant, charlie: object) -> None:
    browser = signed_in("globex.localhost", "charlie@globex.example")
    assert "Nothing in this period." in browser.get(URL).content.decode()
