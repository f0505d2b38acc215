"""Two people with the same page's form open: the second reads what the first made of it."""

import re
from typing import Any

from django.test import Client

from incidents.catalogue.arranging import change_page
from incidents.models import Page
from tests.factories import STAFF, component, partner_page


def where(page: Page) -> str:
    return f"/admin/incidents/page/{page.pk}/change/"


def seen_in(screen: str) -> str:
    [seen] = re.findall(r'<input type="hidden" name="seen" value="(\w+)"', screen)
    return str(seen)


def sent(seen: str, *names: str, **fields: Any) -> dict[str, Any]:
    ids = [component(name).pk for name in names]
    return {
        "name": "For resellers",
        "audience": "partner",
        "components": ids,
        "seen": seen,
    } | fields


def names_on(page: Page) -> set[str]:
    return {one.name for one in page.components.all()}


def test_components_that_a_colleague_chose_meanwhile_are_read_first(console: Client) -> None:
    page = partner_page()
    seen = seen_in(console.get(where(page)).content.decode())
    change_page(page, components=[component("Payments")], by=STAFF)
    refused = console.post(where(page), sent(seen, "API", "Web app"))
    screen = refused.content.decode()
    assert "somebody changed this page since you opened it." in screen
    assert "“Acme for partners”, is for partners and shows Payments." in screen
    page.refresh_from_db()
    assert (page.name, names_on(page)) == ("Acme for partners", {"Payments"})

    # What was typed is still there, and there alone; its author may have it their way now.
    assert 'value="For resellers"' in screen
    assert screen.count("For resellers") == 1
    again = seen_in(screen)
    assert again != seen
    assert console.post(where(page), sent(again, "API", "Web app")).status_code == 302
    page.refresh_from_db()
    assert (page.name, names_on(page)) == ("For resellers", {"API", "Web app"})


def test_who_wants_what_stands_by_now_is_not_refused(console: Client) -> None:
    page = partner_page()
    seen = seen_in(console.get(where(page)).content.decode())
    change_page(page, name="For resellers", components=[component("API")], by=STAFF)
    assert console.post(where(page), sent(seen, "API")).status_code == 302


def test_a_form_that_is_wrong_is_not_news_of_a_colleague(console: Client) -> None:
    page = partner_page()
    seen = seen_in(console.get(where(page)).content.decode())
    change_page(page, components=[component("API")], by=STAFF)
    screen = console.post(where(page), sent(seen, "Payments", name="")).content.decode()
    assert seen_in(screen) == seen
    assert names_on(page) == {"API"}
