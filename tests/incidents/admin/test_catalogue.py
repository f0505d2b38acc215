"""Components, groups, pages, monitors and services in the console."""

from typing import Any

import pytest
from django.test import Client

from incidents.models import (
    AuditEntry,
    Component,
    ComponentGroup,
    ComponentState,
    Page,
    PageComponent,
)
from monitors.models import Monitor
from tests.factories import component, default_page, make_incident, partner_page

COMPONENTS = "/admin/incidents/component/"
GROUPS = "/admin/incidents/componentgroup/"
PAGES = "/admin/incidents/page/"


def component_form(**fields: Any) -> dict[str, Any]:
    return {
        "name": "Search",
        "description": "",
        "group": "",
        "position": 3,
        "pages": [default_page().pk],
        "reported": "operational",
        **fields,
    }


def on_page(page: Page) -> list[str]:
    entries = PageComponent.objects.filter(page=page).order_by("position")
    return [entry.component.name for entry in entries]


def test_a_component_is_added_where_it_belongs(console: Client) -> None:
    core = ComponentGroup.objects.get(name="Core")
    response = console.post(f"{COMPONENTS}add/", component_form(group=core.pk, position=1))
    assert response.status_code == 302
    assert Component.objects.get(name="Search").group == core
    assert on_page(default_page()) == ["API", "Search", "Web app", "Payments"]
    assert on_page(partner_page()) == ["API", "Web app", "Payments"]
    assert AuditEntry.objects.filter(action="component.added", by_name="Alice").exists()


def test_a_name_is_taken_once_a_group(console: Client) -> None:
    core = ComponentGroup.objects.get(name="Core")
    response = console.post(f"{COMPONENTS}add/", component_form(name="API", group=core.pk))
    assert response.status_code == 200
    assert "among the group Core already; choose another" in response.content.decode()
    assert Component.objects.filter(name="API").count() == 1


def test_a_component_changes_page_order_and_state(console: Client) -> None:
    api = component("API")
    form = component_form(
        name="API",
        group=api.group_id,
        position=9,
        pages=[partner_page().pk],
        reported="degraded",
    )
    assert console.post(f"{COMPONENTS}{api.pk}/change/", form).status_code == 302
    assert on_page(default_page()) == ["Web app", "Payments"]
    assert on_page(partner_page()) == ["Web app", "Payments", "API"]
    assert ComponentState.objects.get(component=api, page=partner_page()).state == "degraded"


def test_a_components_screen_is_whole(console: Client) -> None:
    shown = console.get(f"{COMPONENTS}{component().pk}/change/").content.decode()
    assert "Write one" in shown
    assert "could not be shown" not in shown


def test_the_list_shows_the_state_now(console: Client) -> None:
    make_incident(severity="critical")
    page = console.get(COMPONENTS).content.decode()
    assert "Major outage" in page
    assert "Acme for partners" in page


def test_a_group_is_added_renamed_and_moved(console: Client) -> None:
    console.post(f"{GROUPS}add/", {"name": "Integrations", "position": 0})
    group = ComponentGroup.objects.get(name="Integrations")
    response = console.post(
        f"{GROUPS}{group.pk}/change/", {"name": "Partner systems", "position": 4}
    )
    assert response.status_code == 302
    again = ComponentGroup.objects.get(pk=group.pk)
    assert (again.name, again.position) == ("Partner systems", 4)


def test_a_page_is_made_under_the_consoles_host(console: Client) -> None:
    form = {
        "name": "Acme internal",
        "slug": "inside",
        "audience": "partner",
        "components": [component("API").pk],
    }
    assert console.post(f"{PAGES}add/", form).status_code == 302
    page = Page.objects.get(slug="inside")
    assert on_page(page) == ["API"]
    assert "inside.acme.localhost" in console.get(f"{PAGES}{page.pk}/change/").content.decode()


def test_a_host_that_is_taken_is_said_beside_the_field(console: Client) -> None:
    form = {"name": "Second", "slug": "status", "audience": "public"}
    response = console.post(f"{PAGES}add/", form)
    assert response.status_code == 200
    assert "is taken already; choose another" in response.content.decode()
    assert not Page.objects.filter(name="Second").exists()


def test_a_page_is_changed(console: Client) -> None:
    page = partner_page()
    form = {
        "name": "For resellers",
        "audience": "partner",
        "components": [component("Payments").pk, component("API").pk],
    }
    assert console.post(f"{PAGES}{page.pk}/change/", form).status_code == 302
    assert Page.objects.get(pk=page.pk).name == "For resellers"
    assert on_page(page) == ["API", "Payments"]


@pytest.mark.parametrize(
    "path",
    [COMPONENTS, GROUPS, PAGES, "/admin/monitors/monitor/", "/admin/monitors/service/"],
)
def test_a_viewer_reads_and_adds_nothing(bobs_console: Client, path: str) -> None:
    assert bobs_console.get(path).status_code == 200
    assert bobs_console.post(f"{path}add/", {"name": "Mine"}).status_code == 403


def test_a_viewer_changes_no_component(bobs_console: Client) -> None:
    api = component("API")
    response = bobs_console.post(f"{COMPONENTS}{api.pk}/change/", component_form(name="Mine"))
    assert response.status_code == 403
    assert component("API") == api


def test_monitors_watch_a_component(console: Client) -> None:
    api, monitor = component("API"), Monitor.objects.get()
    form = component_form(name="API", group=api.group_id, position=0, monitors=[monitor.pk])
    assert console.post(f"{COMPONENTS}{api.pk}/change/", form).status_code == 302
    assert [link.monitor for link in api.monitor_links.all()] == [monitor]
    form["monitors"] = []
    console.post(f"{COMPONENTS}{api.pk}/change/", form)
    assert not api.monitor_links.exists()


def test_rows_move_up_and_down_by_a_click(console: Client) -> None:
    payments = component("Payments")
    assert 'aria-label="Move Payments up"' in console.get(COMPONENTS).content.decode()
    for steps in ("-1", "-1", "-1"):
        response = console.post(f"{COMPONENTS}{payments.pk}/move/", {"steps": steps})
        assert response["Location"] == COMPONENTS
    assert on_page(default_page()) == ["Payments", "API", "Web app"]
    console.post(f"{COMPONENTS}{payments.pk}/move/", {"steps": "1"})
    console.post(f"{COMPONENTS}{payments.pk}/move/", {"steps": "up"})
    assert on_page(default_page()) == ["API", "Payments", "Web app"]


def test_groups_move_with_what_is_in_them(console: Client) -> None:
    console.post(f"{GROUPS}add/", {"name": "Integrations", "position": 5})
    group = ComponentGroup.objects.get(name="Integrations")
    console.post(f"{COMPONENTS}add/", component_form(group=group.pk))
    assert on_page(default_page())[-1] == "Search"
    console.post(f"{GROUPS}{group.pk}/move/", {"steps": "-1"})
    assert on_page(default_page())[0] == "Search"


def test_a_group_is_deleted_and_its_components_stay(console: Client) -> None:
    core = ComponentGroup.objects.get(name="Core")
    asked = console.get(f"{GROUPS}{core.pk}/delete/").content.decode()
    assert "stand without a group: API, Web app, Payments." in asked
    console.post(f"{COMPONENTS}add/", component_form(name="API"))
    refused = console.post(f"{GROUPS}{core.pk}/delete/", follow=True).content.decode()
    assert "There is a component &#x27;API&#x27; without a group already" in refused
    Component.objects.get(name="API", group=None).delete()
    assert console.post(f"{GROUPS}{core.pk}/delete/").status_code == 302
    assert not ComponentGroup.objects.exists()
    assert Component.objects.filter(group=None).count() == 3


def test_deleting_a_component_asks_once_and_says_what_follows(console: Client) -> None:
    make_incident()
    api = component("API")
    asked = console.get(f"{COMPONENTS}{api.pk}/delete/").content.decode()
    assert "It disappears from Acme, Acme for partners with its uptime." in asked
    assert "1 open incident affects it now." in asked
    assert console.post(f"{COMPONENTS}{api.pk}/delete/").status_code == 302
    assert not Component.objects.filter(name="API").exists()
    assert console.post(f"{COMPONENTS}{api.pk}/delete/").status_code == 404
    assert AuditEntry.objects.filter(action="component.deleted", by_name="Alice").exists()


def test_who_may_move_and_delete(bobs_console: Client, editor: Client) -> None:
    api, core = component("API"), ComponentGroup.objects.get()
    for path in (f"{COMPONENTS}{api.pk}", f"{GROUPS}{core.pk}"):
        assert bobs_console.post(f"{path}/move/", {"steps": "1"}).status_code == 403
        assert editor.get(f"{path}/move/").status_code == 405
        assert editor.post(f"{path}/delete/").status_code == 403
    assert "Move API up" not in bobs_console.get(COMPONENTS).content.decode()
    assert component("API").position == 0
