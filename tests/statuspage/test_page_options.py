"""What the console lets one choose of a page does what it says, on the page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.lifecycle import post_update
from incidents.models import Incident
from incidents.transitions import Saying
from statuspage.models import Branding
from tests.factories import STAFF, default_page, make_incident
from tests.statuspage.test_pictures import branding_form, change

LINKS = {
    "support_url": "https://acme.example/help",
    "imprint_url": "https://acme.example/imprint",
    "privacy_url": "https://acme.example/privacy",
}
TITLE = "Checkout was slow"


@pytest.fixture
def resolved(acme: Tenant) -> Incident:
    """Over for five days."""
    incident = make_incident(TITLE)
    post_update(incident, by=STAFF, saying=Saying(body="Over.", status="resolved"))
    over = datetime.now(UTC) - timedelta(days=5)
    Incident.objects.filter(pk=incident.pk).update(started_at=over, resolved_at=over)
    return incident


def read(visitor: Client, path: str = "/") -> str:
    with in_tenant("acme"):
        return visitor.get(path).content.decode()


def test_links_stand_at_the_end_of_the_page(console: Client, visitor: Client) -> None:
    assert change(console, **LINKS).status_code == 302
    shown = read(visitor)
    for address in LINKS.values():
        assert f'href="{address}"' in shown


@pytest.mark.parametrize(("sent", "is_said"), [({}, True), ({"shows_powered_by": ""}, False)])
def test_what_it_runs_on_is_said_or_not(
    console: Client, visitor: Client, sent: dict[str, Any], is_said: bool
) -> None:
    change(console, **sent)
    assert ("Atender Incidents" in read(visitor)) is is_said


@pytest.mark.parametrize(("days", "is_recent"), [(3, False), (7, True)])
def test_resolved_incidents_stay_recent_for_so_long(
    console: Client, visitor: Client, resolved: Incident, days: int, is_recent: bool
) -> None:
    change(console, recency_days=days)
    assert (TITLE in read(visitor)) is is_recent
    assert TITLE in read(visitor, "/history")


@pytest.mark.parametrize(("days", "is_kept"), [(3, False), (30, True)])
def test_the_history_reaches_back_so_far(
    console: Client, visitor: Client, resolved: Incident, days: int, is_kept: bool
) -> None:
    change(console, recency_days=2, history_days=days)
    assert (TITLE in read(visitor, "/history")) is is_kept


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"recency_days": 0}, "at least one day"),
        ({"recency_days": -1}, "it is 0 or more"),
        ({"recency_days": 30, "history_days": 7}, "at least as far as recent incidents do"),
        ({"history_days": 99_999_999}, "it is 32767 or less"),
        ({"support_url": "javascript:alert(1)"}, "This is no web address"),
        ({"time_zone": "Mars/Olympus"}, "none of the choices"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    console: Client, changes: dict[str, Any], sentence: str
) -> None:
    answer = change(console, **changes)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    branding = Branding.objects.get(page=default_page())
    assert (branding.recency_days, branding.history_days) == (7, 365)


def test_every_choice_stands_in_the_console(console: Client, acme: Tenant) -> None:
    path = f"/admin/statuspage/branding/{default_page().pk}/change/"
    shown = console.get(path).content.decode()
    switches = {"takes_subscribers", "takes_questions", "counts_maintenance_as_up"}
    for name in {*branding_form(), *switches}:
        assert f'name="{name}"' in shown
