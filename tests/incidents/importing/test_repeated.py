"""A second run brings what grew, doubles nothing, and leaves alone what staff made of it here."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from atender.tenants.models import Tenant
from incidents.catalogue.arranging import change_group
from incidents.catalogue.components import add_component, change_component
from incidents.correcting import change_incident
from incidents.lifecycle import delete_incident, post_update
from incidents.models import (
    Component,
    ComponentGroup,
    ComponentState,
    ImportRun,
    Incident,
    IncidentUpdateRevision,
)
from incidents.timeline import delete_update, edit_update
from incidents.transitions import Saying
from monitors.models import Monitor
from subscribers.models import Notice
from tests.factories import STAFF, default_page
from tests.incidents.importing.making import (
    BEGIN,
    Elsewhere,
    bring_in,
    component,
    incident,
    maintenance,
    open_incident,
    said,
    update,
)
from tests.web_server import WebServer


@pytest.fixture(autouse=True)
def inside(acme: Tenant, settings: Settings) -> Iterator[None]:
    settings.PRIVATE_TARGETS_ALLOWED = True
    yield
    assert not Notice.objects.exists()


def twice(elsewhere: Elsewhere, *then: object) -> ImportRun:
    """Bring a page in, change what it says, bring it in again."""
    with WebServer(elsewhere) as server:
        bring_in(server)
        elsewhere.incidents = list(then)  # type: ignore[arg-type]
        return bring_in(server)


def made() -> Incident:
    return Incident.objects.get()


def state() -> str:
    return ComponentState.objects.get(component__name="Ferry", page=default_page()).state


MORE = update("i1-m", "monitoring", "It sails, slowly.", 30)
OVER = update("i1-o", "resolved", "It sails.", 60)


def test_what_did_not_change_is_unchanged() -> None:
    elsewhere = Elsewhere(incident(), open_incident("i2"))
    run = twice(elsewhere, *elsewhere.incidents)
    assert run.totals == {"component": {"unchanged": 1}, "incident": {"unchanged": 2}}
    assert Incident.objects.count() == 2


def test_new_updates_are_added_and_bring_their_status() -> None:
    run = twice(Elsewhere(open_incident()), open_incident("i1", MORE, OVER))
    assert run.totals["incident"] == {"updated": 1}
    closed = made()
    assert (closed.status, closed.resolved_at) == ("resolved", BEGIN + timedelta(hours=1))
    assert [u.body for u in closed.updates.all()] == [
        "It has not left.",
        "It sails, slowly.",
        "It sails.",
    ]
    assert state() == "operational"


def test_an_incident_that_is_open_there_is_open_here() -> None:
    bring_in(Elsewhere(open_incident("i1", MORE)))
    assert (made().status, made().resolved_at, state()) == ("monitoring", None, "partial_outage")
    assert made().next_update_by is None


def test_open_ones_may_be_left_out_until_they_close() -> None:
    elsewhere = Elsewhere(open_incident(), incident("i2"))
    with WebServer(elsewhere) as server:
        run = bring_in(server, includes_open=False)
        assert "still open there, and open ones were not asked for" in said(run)
        elsewhere.incidents[0] = open_incident("i1", OVER)
        run = bring_in(server, includes_open=False)
    assert run.totals["incident"] == {"made": 1, "unchanged": 1}
    assert Incident.objects.filter(status="resolved").count() == 2


def test_a_title_follows_its_source_until_staff_change_it() -> None:
    elsewhere = Elsewhere(incident())
    with WebServer(elsewhere) as server:
        bring_in(server)
        elsewhere.incidents = [incident(name="The ferry was late")]
        assert bring_in(server).totals["incident"] == {"updated": 1}
        assert made().title == "The ferry was late"
        change_incident(made(), by=STAFF, title="Ours now")
        elsewhere.incidents = [incident(name="The ferry was very late")]
        run = bring_in(server)
    assert made().title == "Ours now"
    assert said(run) == (
        "unchanged: It has another title there now; here staff changed it, and theirs stays."
    )


def test_a_text_follows_its_source_with_a_revision_until_staff_edit_it() -> None:
    def worded(body: str) -> dict[str, object]:
        record = open_incident()
        record["incident_updates"][0]["body"] = body
        return record

    elsewhere = Elsewhere(worded("It has not left."))
    with WebServer(elsewhere) as server:
        bring_in(server)
        elsewhere.incidents = [worded("It has not left yet.")]
        bring_in(server)
        assert made().updates.get().body == "It has not left yet."
        assert IncidentUpdateRevision.objects.get().body_before == "It has not left."
        edit_update(made().updates.get(), by=STAFF, body="Ours.")
        elsewhere.incidents = [worded("It has left.")]
        run = bring_in(server)
    assert made().updates.get().body == "Ours."
    assert "edited there and here; what staff made of it here stays" in said(run)


def test_severity_follows_its_source_until_staff_change_it() -> None:
    elsewhere = Elsewhere(open_incident(impact="minor"))
    with WebServer(elsewhere) as server:
        bring_in(server)
        assert state() == "degraded"
        elsewhere.incidents = [open_incident(impact="critical")]
        bring_in(server)
        assert (made().severity, state()) == ("critical", "major_outage")
        assert bring_in(server).totals["incident"] == {"unchanged": 1}
    assert made().updates.count() == 2


def test_a_story_that_staff_go_on_with_is_theirs() -> None:
    elsewhere = Elsewhere(open_incident())
    with WebServer(elsewhere) as server:
        bring_in(server)
        post_update(made(), by=STAFF, saying=Saying(status="resolved", notifies=False))
        elsewhere.incidents = [open_incident("i1", MORE)]
        run = bring_in(server)
    assert said(run) == (
        "skipped: Staff wrote on its timeline here since; what is new there was left out."
    )
    assert (made().status, made().updates.count()) == ("resolved", 2)


def test_an_update_that_staff_deleted_stays_deleted() -> None:
    elsewhere = Elsewhere(open_incident("i1", MORE))
    with WebServer(elsewhere) as server:
        bring_in(server)
        delete_update(made().updates.get(body__startswith="It sails"), by=STAFF)
        elsewhere.incidents = [open_incident("i1", MORE, OVER)]
        assert "Staff wrote on its timeline here" in said(bring_in(server))


def test_an_incident_that_staff_deleted_stays_deleted() -> None:
    elsewhere = Elsewhere(open_incident())
    with WebServer(elsewhere) as server:
        bring_in(server)
        delete_incident(made(), by=STAFF)
        assert bring_in(server).totals["incident"] == {"unchanged": 1}
        elsewhere.incidents = [open_incident("i1", OVER)]
        assert said(bring_in(server)) == "skipped: It was deleted here; it stays deleted."
    assert not Incident.objects.kept().exists()


def test_what_staff_did_besides_does_not_matter() -> None:
    elsewhere = Elsewhere(open_incident())
    with WebServer(elsewhere) as server:
        bring_in(server)
        change_incident(made(), by=STAFF, monitors=[Monitor.objects.get()])
        elsewhere.incidents = [open_incident("i1", OVER)]
        bring_in(server)
    assert made().status == "resolved"


def test_components_and_groups_follow_their_source_until_staff_change_them() -> None:
    elsewhere = Elsewhere()
    elsewhere.components = [component("g1", "Pier", group=True), component(group_id="g1")]
    with WebServer(elsewhere) as server:
        bring_in(server)
        elsewhere.components = [
            component("g1", "Quay", group=True),
            component("c1", "Fast ferry", group_id="g1", description="Twice a day"),
            component("c2", "Bus"),
        ]
        run = bring_in(server)
        assert run.totals == {"group": {"updated": 1}, "component": {"made": 1, "updated": 1}}
        ferry = Component.objects.get(name="Fast ferry", description="Twice a day")
        quay = ComponentGroup.objects.get(name="Quay")
        change_component(ferry, by=STAFF, name="Our ferry")
        change_group(quay, name="Our quay", position=1, by=STAFF)
        elsewhere.components[0]["name"] = "Pier again"
        elsewhere.components[1]["name"] = "Slow ferry"
        run = bring_in(server)
    assert "what staff made of it here stays" in said(run, "c1")
    assert "here it was changed since" in said(run, "g1")
    assert Component.objects.filter(name="Our ferry", group__name="Our quay").exists()


def test_of_two_of_one_name_each_goes_on_by_itself() -> None:
    elsewhere = Elsewhere()
    elsewhere.components = [component(), component("c2")]
    with WebServer(elsewhere) as server:
        bring_in(server)
        elsewhere.components[1]["description"] = "By night"
        run = bring_in(server)
    assert run.totals["component"] == {"unchanged": 1, "updated": 1}
    described = (
        Component.objects.filter(name__startswith="Ferry")
        .order_by("name")
        .values_list("name", "description")
    )
    assert list(described) == [("Ferry", ""), ("Ferry (2)", "By night")]


def test_words_that_staff_had_for_a_component_stay_theirs() -> None:
    add_component("Ferry", by=STAFF, description="Ours")
    elsewhere = Elsewhere()
    elsewhere.components = [component(description="Theirs")]
    with WebServer(elsewhere) as server:
        bring_in(server)
        elsewhere.components = [component(description="Theirs, again")]
        run = bring_in(server)
    assert "what staff made of it here stays" in said(run, "c1")
    assert Component.objects.get(name="Ferry").description == "Ours"


def test_a_component_that_was_deleted_here_stays_deleted() -> None:
    elsewhere = Elsewhere(open_incident())
    with WebServer(elsewhere) as server:
        bring_in(server)
        Component.objects.filter(name="Ferry").delete()
        elsewhere.components = [component(name="Fast ferry")]
        elsewhere.incidents = [open_incident("i1", MORE)]
        run = bring_in(server)
    assert said(run, "c1") == "skipped: The component was deleted here; it stays deleted."
    assert made().status == "monitoring"


def test_a_window_follows_its_source() -> None:
    elsewhere = Elsewhere()
    elsewhere.maintenances = [maintenance()]
    with WebServer(elsewhere) as server:
        bring_in(server)
        elsewhere.maintenances = [maintenance(scheduled_until="2098-01-01T06:00:00Z")]
        assert bring_in(server).totals["maintenance"] == {"updated": 1}
        assert made().scheduled_until == datetime(2098, 1, 1, 6, tzinfo=UTC)
        assert bring_in(server).totals["maintenance"] == {"unchanged": 1}


def test_a_post_mortem_that_comes_later_comes_too() -> None:
    record = incident()
    record["incident_updates"].insert(0, update("p", "postmortem", "A rope was torn.", 90))
    record["status"] = "postmortem"
    run = twice(Elsewhere(incident()), record)
    assert run.totals["incident"] == {"updated": 1}
    assert made().post_mortem.body == "A rope was torn."
    assert made().updates.count() == 2


def test_the_same_page_under_another_address_is_the_same_page() -> None:
    with WebServer(Elsewhere(incident())) as one, WebServer(Elsewhere(incident())) as other:
        bring_in(one)
        assert bring_in(other).totals["incident"] == {"unchanged": 1}


def test_another_page_with_the_same_ids_is_another() -> None:
    bring_in(Elsewhere(incident()))
    run = bring_in(Elsewhere(incident(), page_id="elsewhere2"))
    assert run.totals["incident"] == {"made": 1}
    assert Incident.objects.count() == 2
