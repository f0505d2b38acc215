"""A component's uptime in the console and over the API."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import Component, Page, PageComponent, StateInterval
from incidents.spans import Span
from incidents.states import keep_spans
from statuspage.models import UptimeAmendment
from statuspage.past.rolling import roll_page
from tests.conftest import api_client
from tests.factories import component, default_page, make_key, partner_page

SCREEN = "/admin/statuspage/uptimeamendment/of/{}/"
NOW = datetime.now(UTC).replace(microsecond=0)
START = NOW - timedelta(days=9)
END = START + timedelta(hours=4)
HOSTILE = '<script>alert(1)</script>" \u202e'


@pytest.fixture
def api_down(acme: Tenant) -> Component:
    api = component()
    Component.objects.filter(pk=api.pk).update(started_at=NOW - timedelta(days=200))
    span = Span(api.id, "major_outage", START, END)
    keep_spans([span], page_ids=[default_page().id, partner_page().id])
    roll_page(default_page())
    return component()


def form(**fields: Any) -> dict[str, Any]:
    return {
        "effect": "excluded",
        "started_at": f"{START:%Y-%m-%dT%H:%M:%S}",
        "ended_at": f"{END:%Y-%m-%dT%H:%M:%S}",
        "reason": "The probe was wrong.",
        "pages": [default_page().pk],
        "page_id": default_page().pk,
        "interval": START.isoformat(),
        **fields,
    }


def amend(client: Client, **fields: Any) -> Any:
    return client.post(SCREEN.format(component().pk) + "amend/", form(**fields))


def figure(client: Client, page: str = "") -> Any:
    query = f"?page_id={page}" if page else ""
    return client.get(f"/api/v1/components/{component().pk}/uptime{query}")


def test_the_screen_shows_what_was_recorded(console: Client, api_down: Component) -> None:
    head = console.get(f"/admin/incidents/component/{api_down.pk}/change/").content.decode()
    assert SCREEN.format(api_down.pk) in head
    shown = console.get(SCREEN.format(api_down.pk)).content.decode()
    assert "99.8" in shown
    assert "Major outage" in shown
    assert "planned maintenance counts as up" in shown
    assert "None so far." in shown


def test_an_interval_is_filled_in_for_all_pages_that_share_it(
    console: Client, api_down: Component
) -> None:
    query = {"page": default_page().pk, "interval": START.isoformat(), "effect": "excluded"}
    shown = console.get(SCREEN.format(api_down.pk) + "amend/", query).content.decode()
    assert f'value="{START:%Y-%m-%dT%H:%M:%S}"' in shown
    assert shown.count(" checked") == 2
    assert '<option value="excluded" selected>' in shown


def test_the_figures_are_shown_before_anything_changes(
    console: Client, api_down: Component
) -> None:
    answer = amend(console, preview="yes", pages=[default_page().pk, partner_page().pk])
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "<td>99.81" in shown
    assert shown.count("<td>100 %</td>") == 2
    assert not UptimeAmendment.objects.exists()


def test_page_api_and_console_agree_before_and_after(
    console: Client, visitor: Client, api: Client, api_down: Component
) -> None:
    before = figure(api).json()["uptime_percent"]
    assert before in visitor.get("/").content.decode()
    assert before in console.get(SCREEN.format(api_down.pk)).content.decode()
    assert amend(console).status_code == 302
    assert figure(api).json()["uptime_percent"] == "100.000"
    with in_tenant("acme"):
        assert before not in visitor.get("/").content.decode()
        assert StateInterval.objects.filter(page=default_page()).get().ended_at == END
        shown = console.get(SCREEN.format(api_down.pk)).content.decode()
        assert "100 %" in shown
        assert "counts as left out of the figures" in shown
        amendment = UptimeAmendment.objects.get()
        withdraw = f"/admin/statuspage/uptimeamendment/{amendment.pk}/withdraw/"
        assert console.post(withdraw).status_code == 302
        again = console.post(withdraw, follow=True).content.decode()
        assert "was withdrawn before" in again
        assert "withdrawn by Alice" in again
    assert figure(api).json()["uptime_percent"] == before


def test_a_second_click_amends_once(console: Client, api_down: Component) -> None:
    for _ in range(2):
        assert amend(console, submission_id="01JD0000000000000000000000").status_code == 302
    assert UptimeAmendment.objects.count() == 1


def test_hostile_words_are_words(console: Client, api_down: Component) -> None:
    assert amend(console, reason=HOSTILE).status_code == 302
    shown = console.get(SCREEN.format(api_down.pk)).content.decode()
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in shown


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": ""}, "Say why, for whoever reads the audit log."),
        ({"reason": "x" * 501}, "A reason has at most 500 characters."),
        ({"ended_at": "soon"}, "This is no date and time"),
        ({"ended_at": ""}, "Say a date and a time."),
        ({"ended_at": "2020-01-01T00:00:00"}, "The end lies after the start"),
        ({"effect": "broken"}, "none of the choices"),
        ({"pages": []}, "Choose at least one page"),
        ({"pages": ["01JD0000000000000000000000"]}, "does not show this component"),
        ({"pages": ["quokka"]}, "quokka"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    console: Client, api_down: Component, fields: dict[str, Any], sentence: str
) -> None:
    for extra in ({}, {"preview": "yes"}):
        answer = amend(console, **fields, **extra)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert not UptimeAmendment.objects.exists()


@pytest.mark.parametrize("interval", ["", "yesterday", "2026-99-99", "2026-01-01T00:00:00"])
def test_an_interval_of_nothing_is_an_empty_form(
    console: Client, api_down: Component, interval: str
) -> None:
    query = {"page": default_page().pk, "interval": interval}
    answer = console.get(SCREEN.format(api_down.pk) + "amend/", query)
    assert answer.status_code == 200
    assert "In place of what was recorded" not in answer.content.decode()


def test_who_only_reads_sees_and_changes_nothing(
    bobs_console: Client, console: Client, api_down: Component
) -> None:
    shown = bobs_console.get(SCREEN.format(api_down.pk))
    assert shown.status_code == 200
    assert "amend/" not in shown.content.decode()
    assert amend(bobs_console).status_code == 403
    amend(console)
    amendment = UptimeAmendment.objects.get()
    withdraw = f"/admin/statuspage/uptimeamendment/{amendment.pk}/withdraw/"
    assert bobs_console.post(withdraw).status_code == 403
    assert bobs_console.get("/admin/statuspage/uptimeamendment/").status_code == 200
    assert console.get(withdraw).status_code == 405


def test_a_component_on_no_page_has_no_figure(
    console: Client, api: Client, api_down: Component
) -> None:
    api_down.page_entries.all().delete()
    assert "No page shows API" in console.get(SCREEN.format(api_down.pk)).content.decode()
    assert figure(api).status_code == 422


def test_the_api_says_days_of_the_page(api: Client, api_down: Component) -> None:
    document = figure(api, partner_page().pk).json()
    assert (document["page_id"], document["time_zone"]) == (partner_page().pk, "UTC")
    assert len(document["days"]) == 90
    assert sum(day["down_s"] for day in document["days"]) == 4 * 3600
    assert figure(api, "01JD0000000000000000000000").status_code == 422
    assert figure(api, "quokka").status_code == 400


def test_without_a_page_it_is_the_default_one_or_the_first_that_shows_it(api: Client) -> None:
    shown = PageComponent.objects.filter(component=component())
    shown.get_or_create(page=default_page(), component=component())
    shown.get_or_create(page=partner_page(), component=component())
    Page.objects.filter(pk=partner_page().pk).update(name="Above all others")
    assert figure(api).json()["page_id"] == default_page().pk
    shown.filter(page=default_page()).delete()
    assert figure(api).json()["page_id"] == partner_page().pk
    shown.all().delete()
    assert figure(api).status_code == 422


def test_a_neighbours_component_is_unknown(console: Client, acme: Tenant, globex: Tenant) -> None:
    with in_tenant("globex"):
        theirs = component().pk
    assert console.get(SCREEN.format(theirs)).status_code == 404
    assert console.post(SCREEN.format(theirs) + "amend/", form()).status_code == 404
    assert (
        api_client(make_key("read")).get(f"/api/v1/components/{theirs}/uptime").status_code == 404
    )


def test_who_may_not_amend_is_not_offered_to(console: Client, bobs_console: Client) -> None:
    form = f"/admin/incidents/component/{component().pk}/change/"
    assert ">See and amend</a>" in console.get(form).text
    assert ">See it</a>" in bobs_console.get(form).text
