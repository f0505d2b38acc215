"""Which components a page shows, below which headings, in which order: put by hand."""

from typing import Any

import pytest
from django.test import Client

from atender.meanwhile import ChangedMeanwhile
from atender.tenants.models import Tenant
from incidents.catalogue import arranging
from incidents.catalogue.components import add_component
from incidents.catalogue.sections import Place, arrange_page, arrangement_of, seen_in
from incidents.console.arranging import desk_of
from incidents.models import AuditEntry, Page
from tests.factories import STAFF, component, default_page, partner_page

HOSTILE = "<script>alert(1)</script>"


def path(page: Page) -> str:
    return f"/admin/incidents/page/{page.pk}/arrange/"


def form(page: Page, **changes: Any) -> dict[str, Any]:
    """The form as a browser sends it untouched, with changes."""
    desk = desk_of(Page.objects.get(pk=page.pk))
    given: dict[str, Any] = {
        "seen": desk.seen,
        "shown": [row.component.pk for row in desk.rows if row.is_shown],
        "new_name": "",
        "new_number": "",
    }
    for heading in desk.headings:
        given |= {f"name_{heading.key}": heading.name, f"place_{heading.key}": heading.number}
    for row in desk.rows:
        given |= {f"section_{row.component.pk}": row.section}
        given |= {f"number_{row.component.pk}": row.number}
    return {**given, **changes}


def shown(page: Page) -> list[tuple[str, list[str]]]:
    names = {name: component(name).pk for name in ("API", "Web app", "Payments")}
    by_id = {pk: name for name, pk in names.items()}
    return [
        (place.name, [by_id.get(pk, "another") for pk in place.component_ids])
        for place in arrangement_of(Page.objects.get(pk=page.pk))
    ]


def test_an_untouched_page_follows_the_groups(acme: Tenant) -> None:
    assert shown(default_page()) == [("Core", ["API", "Web app", "Payments"]), ("", [])]


def test_sections_and_order_are_the_pages_own(
    console: Client, visitor: Client, acme: Tenant
) -> None:
    page, payments = default_page(), component("Payments")
    fields = {f"section_{payments.pk}": "new", "new_name": "Money", "new_number": "0"}
    assert console.post(path(page), form(page, **fields)).status_code == 302
    assert shown(page) == [("Money", ["Payments"]), ("Core", ["API", "Web app"]), ("", [])]
    assert shown(partner_page())[0][0] == "Core"
    html = visitor.get("/").content.decode()
    assert html.index(">Money</h3>") < html.index(">Core</h3>")
    records = visitor.get("/api/v2/components.json").json()["components"]
    assert [r["name"] for r in records] == ["Money", "Payments", "Core", "API", "Web app"]
    assert records[1]["group_id"] == records[0]["id"]
    assert AuditEntry.objects.filter(action="page.arranged", by_name="Alice").count() == 1


def test_sections_keep_their_ids_through_a_rename(console: Client) -> None:
    page = default_page()
    console.post(path(page), form(page))
    section = page.sections.get()
    console.post(path(page), form(page, **{f"name_{section.pk}": "Heart"}))
    assert page.sections.get().pk == section.pk
    assert shown(page)[0][0] == "Heart"


def test_numbers_and_arrows_move(console: Client) -> None:
    page, api, web = default_page(), component("API"), component("Web app")
    console.post(path(page), form(page, **{f"number_{api.pk}": "9"}))
    assert shown(page)[0] == ("Core", ["Web app", "Payments", "API"])
    console.post(path(page), form(page, move=f"{web.pk}:1"))
    assert shown(page)[0] == ("Core", ["Payments", "Web app", "API"])
    for move in (f"{web.pk}:5", "nobody:1", "", f"{component('Payments').pk}:-1"):
        console.post(path(page), form(page, move=move))
    assert shown(page)[0] == ("Core", ["Payments", "Web app", "API"])


def test_sections_move_and_go(console: Client) -> None:
    page, web = default_page(), component("Web app")
    console.post(path(page), form(page, **{f"section_{web.pk}": "new", "new_name": "Sites"}))
    sites = page.sections.get(name="Sites")
    console.post(path(page), form(page, move=f"{sites.pk}:-1"))
    assert [name for name, _ in shown(page)] == ["Sites", "Core", ""]
    console.post(path(page), form(page, **{f"remove_{sites.pk}": "on"}))
    assert shown(page) == [("Core", ["API", "Payments"]), ("", ["Web app"])]


def test_a_component_is_taken_off_and_comes_back(console: Client, visitor: Client) -> None:
    page, api = default_page(), component("API")
    rest = [component(name).pk for name in ("Web app", "Payments")]
    console.post(path(page), form(page, shown=rest))
    assert b'class="name">API' not in visitor.get("/").content
    arranging.show_component(api, pages=[default_page()], by=STAFF)
    assert shown(page)[0] == ("Core", ["Web app", "Payments", "API"])


def test_what_is_added_later_stands_below_its_groups_name(console: Client) -> None:
    page = default_page()
    console.post(path(page), form(page))
    group = component("API").group
    add_component("Search", by=STAFF, group=group)
    add_component("Alone", by=STAFF)
    assert [len(names) for _, names in shown(page)] == [4, 1]
    arranging.move_component(component("Payments"), steps=-1, by=STAFF)
    assert shown(page)[0][1] == ["API", "Web app", "Payments", "another"]


def test_it_follows_the_groups_again(console: Client) -> None:
    page, web = default_page(), component("Web app")
    console.post(path(page), form(page, **{f"section_{web.pk}": "new", "new_name": "Sites"}))
    assert console.post(path(page), form(page, follow="yes")).status_code == 302
    assert shown(page) == [("Core", ["API", "Web app", "Payments"]), ("", [])]
    assert not page.sections.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"new_name": "Core"}, "Two sections are called &#x27;Core&#x27;"),
        ({"new_name": "x" * 121}, "at most 120 characters"),
        ({"new_name": "New", "new_number": "first"}, "a whole number from 0 to 9999"),
        ({"new_name": "New", "new_number": "10000"}, "a whole number from 0 to 9999"),
        ({"seen": "something else", "new_name": "New"}, "somebody arranged this page since"),
    ],
)
def test_bad_input_is_said_and_changes_nothing(
    console: Client, changes: dict[str, str], sentence: str
) -> None:
    page = default_page()
    answer = console.post(path(page), form(page, **changes))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Page.objects.get(pk=page.pk).is_arranged
    assert not page.sections.exists()


def test_a_section_keeps_a_name(console: Client) -> None:
    page = default_page()
    (heading,) = desk_of(page).headings
    answer = console.post(path(page), form(page, **{f"name_{heading.key}": " "}))
    assert answer.status_code == 422


def test_hostile_names_are_words(console: Client, visitor: Client) -> None:
    page, web = default_page(), component("Web app")
    console.post(path(page), form(page, **{f"section_{web.pk}": "new", "new_name": HOSTILE}))
    for client, where in ((console, path(page)), (visitor, "/")):
        text = client.get(where).content.decode()
        assert HOSTILE not in text
        assert "&lt;script&gt;alert(1)" in text


def test_of_two_at_once_the_second_hears_of_the_first(acme: Tenant) -> None:
    page, api, web = default_page(), component("API").pk, component("Web app").pk
    seen = seen_in(arrangement_of(page))
    first, second = [Place("", "A", (api,))], [Place("", "B", (web,))]
    arrange_page(page, first, seen=seen, by=STAFF)
    # A double click is the first click.
    arrange_page(page, first, seen=seen, by=STAFF)
    with pytest.raises(ChangedMeanwhile):
        arrange_page(page, second, seen=seen, by=STAFF)
    assert shown(page) == [("A", ["API"]), ("", [])]
    assert AuditEntry.objects.filter(action="page.arranged").count() == 1


def test_who_only_reads_arranges_nothing(bobs_console: Client) -> None:
    page = default_page()
    assert bobs_console.get(path(page)).status_code == 403
    assert bobs_console.post(path(page), form(page)).status_code == 403
    assert not Page.objects.get(pk=page.pk).is_arranged
