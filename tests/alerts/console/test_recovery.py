"""Beside an incident that monitors opened: whether they resolve it, or somebody does."""

import pytest
from django.test import Client

from alerts.routing import change_routing
from atender.staff.models import User
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.correcting import change_incident
from incidents.lifecycle import post_update
from incidents.models import AuditEntry, Incident
from incidents.publishing import publish
from incidents.transitions import Saying
from tests.alerts.making import probe
from tests.alerts.test_outages import DOWN, UP, turn
from tests.conftest import signed_in
from tests.factories import STAFF, default_page, make_incident

RESOLVES = "It is resolved by itself."
STAYS = "It stays open until somebody resolves it."
OVER = "Nothing of it fails any more; it is open until somebody resolves it."


@pytest.fixture
def outage(acme: Tenant) -> Incident:
    change_routing(probe(), by=STAFF, auto_incident="draft")
    turn(probe(), DOWN)
    return Incident.objects.get()


def workspace(client: Client, incident: Incident) -> str:
    return client.get(f"/admin/incidents/incident/{incident.pk}/change/").content.decode()


def switch(client: Client, incident: Incident, is_held: str) -> int:
    return client.post(f"/alerts/hold/{incident.pk}/", {"is_held": is_held}).status_code


def test_it_is_held_open_and_let_go(console: Client, outage: Incident) -> None:
    assert RESOLVES in workspace(console, outage)
    assert switch(console, outage, "yes") == 302
    shown = workspace(console, outage)
    assert STAYS in shown
    assert RESOLVES not in shown
    assert "held it open" in shown
    turn(probe(), UP)
    outage.refresh_from_db()
    assert not outage.is_closed
    # Whoever lets it go now waits for nothing that still comes.
    shown = workspace(console, outage)
    assert OVER in shown
    assert 'name="is_held"' not in shown


def test_let_go_in_time_it_is_resolved(console: Client, outage: Incident) -> None:
    for is_held in ("yes", "no"):
        switch(console, outage, is_held)
    assert "let its monitors resolve it" in workspace(console, outage)
    turn(probe(), UP)
    outage.refresh_from_db()
    assert outage.status == "resolved"


def test_a_second_click_says_nothing_more(console: Client, outage: Incident) -> None:
    changed = AuditEntry.objects.filter(action="incident.changed", subject_id=outage.pk)
    before = changed.count()
    for _ in range(2):
        switch(console, outage, "yes")
    assert changed.count() == before + 1
    assert console.post(f"/alerts/hold/{outage.pk}/", {"is_held": "maybe"}).status_code == 302
    outage.refresh_from_db()
    assert outage.holds_auto_resolve
    assert changed.count() == before + 1


def test_only_what_monitors_would_resolve_has_it(console: Client, outage: Incident) -> None:
    other = make_incident("Checkout fails")
    assert "When its monitors recover" not in workspace(console, other)
    post_update(outage, by=STAFF, saying=Saying(status="resolved", body="Fixed."))
    assert "When its monitors recover" not in workspace(console, outage)


def test_who_may(console: Client, bobs_console: Client, outage: Incident) -> None:
    assert switch(bobs_console, outage, "yes") == 403
    assert RESOLVES in workspace(bobs_console, outage)
    assert 'name="is_held"' not in workspace(bobs_console, outage)
    assert console.get(f"/alerts/hold/{outage.pk}/").status_code == 405
    assert Client(HTTP_HOST="acme.localhost").post(f"/alerts/hold/{outage.pk}/").status_code == 302
    outage.refresh_from_db()
    assert not outage.holds_auto_resolve


def test_a_neighbours_incident_is_unknown(outage: Incident, charlie: User) -> None:
    assert switch(signed_in("globex.localhost", charlie.email), outage, "yes") == 404
    with in_tenant("acme"):
        outage.refresh_from_db()
    assert not outage.holds_auto_resolve


def test_it_says_who_is_told(console: Client, outage: Incident) -> None:
    publish(outage, pages=[default_page()], by=STAFF)
    shown = workspace(console, outage)
    assert "It is resolved by itself, and its subscribers are told." in shown


def test_the_verb_tells_of_the_switch_only_where_it_is_thrown(outage: Incident) -> None:
    change_incident(outage, by=STAFF, holds_auto_resolve=False)
    entry = AuditEntry.objects.filter(action="incident.changed").latest("at")
    assert "is_held" not in entry.details
