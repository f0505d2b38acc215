"""What a routing does, in the same words wherever it is read."""

from typing import Any

from alerts.people.arranging import save_group
from alerts.routing import change_routing
from alerts.routing_words import does, says
from atender.tenants.models import Tenant
from tests.alerts.making import probe
from tests.factories import STAFF, default_page, partner_page

EVERY = ("down", "recovery", "degraded")


def said(**changes: Any) -> tuple[str, str]:
    routing = change_routing(probe(), by=STAFF, **changes)
    return does(routing), says(routing, otherwise="nobody")


def test_both_say_the_same_of_what_opens(acme: Tenant) -> None:
    pages = f"{default_page().name} and {partner_page().name}"
    shown = [default_page(), partner_page()]
    listed, told = said(auto_incident="on", pages=shown, alert_on=EVERY)
    assert listed == f"publishes an incident on {pages}."
    heard = "when it goes down, when it recovers and when it is degraded"
    assert told == (
        f"tells nobody; calls nobody; is heard of {heard}; publishes an incident on {pages}; "
        "severity: as bad as it is."
    )
    listed, told = said(auto_incident="draft")
    assert listed == "opens a draft."
    assert told.endswith(f"opens a draft; severity: as bad as it is; pages: {pages}.")


def test_without_a_page_neither_says_that_it_is_published(acme: Tenant) -> None:
    listed, told = said(auto_incident="on", alert_on=[])
    assert listed == "opens an internal incident."
    assert "is heard of never; opens an internal incident; severity" in told


def test_what_opens_nothing_is_an_alert(acme: Tenant) -> None:
    assert said()[0] == "an alert only, which calls nobody."
    shop = save_group(None, by=STAFF, name="Shop team")
    listed, told = said(notification_group=shop)
    assert listed == "tells Shop team."
    assert "tells Shop team; calls nobody" in told
    assert told.endswith("opens nothing by itself; severity: as bad as it is; pages: none.")
