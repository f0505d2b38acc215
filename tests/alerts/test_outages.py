"""From a failing check to a resolved incident, and what stands in between."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from alerts.lifecycle import acknowledge
from alerts.models import Alert, VerdictNote
from alerts.outages.noting import take_notes
from alerts.routing import change_routing
from atender.actors import Actor, ActorKind
from atender.refusals import Refused
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.catalogue.watching import watch_components
from incidents.correcting import change_incident
from incidents.lifecycle import acknowledge as acknowledge_incident
from incidents.lifecycle import post_update
from incidents.models import Incident, Publication
from incidents.transitions import Saying
from monitors.catalogue import add_monitor, change_monitor, delete_monitor
from monitors.models import Monitor, Service, Verdict
from monitors.outcomes import Outcome
from monitors.verdicts.settling import settle
from tests.alerts.making import kinds_of, probe
from tests.factories import STAFF, component, default_page
from tests.incidents.planned import plan
from tests.incidents.test_races import at_once
from tests.subscribers.making import strike

DOWN, UP, DEGRADED = Verdict.DOWN, Verdict.UP, Verdict.DEGRADED
DANA = Actor(ActorKind.PERSON, id="01JD0000000000000000000009", name="Dana")


def turn(monitor: Monitor, verdict: Verdict, *, at: datetime | None = None) -> None:
    """Let a check find something, and what follows happen."""
    found(monitor, verdict, at=at)
    strike()


def found(monitor: Monitor, verdict: Verdict, *, at: datetime | None = None) -> None:
    at = at or timezone.now()
    settle(monitor, outcome=Outcome(verdict, at, error_code="" if verdict == UP else "timeout"))


@pytest.fixture
def watched(acme: Tenant) -> Monitor:
    """A monitor of the API whose outages are published at once."""
    watch_components(probe(), [component()], by=STAFF)
    routed(probe(), auto_incident="on", pages=[default_page()])
    return probe()


def running_work() -> Incident:
    """Planned work on the API that has begun."""
    maintenance = plan()
    post_update(maintenance, by=STAFF, saying=Saying(status="in_progress"))
    return maintenance


def routed(monitor: Monitor, **changes: Any) -> None:
    change_routing(monitor, by=STAFF, **changes)


def test_a_failure_is_an_alert_alone_unless_asked(acme: Tenant) -> None:
    turn(probe(), DOWN)
    alert = Alert.objects.get()
    assert (alert.summary, alert.severity, alert.source, alert.monitor) == (
        "api probe is down",
        "critical",
        "monitor",
        probe(),
    )
    assert alert.details["error_code"] == "timeout"
    assert alert.entries.get().by_kind == "monitor"
    assert not Incident.objects.exists()
    turn(probe(), UP)
    assert kinds_of(alert) == ["triggered", "resolved"]


def test_an_outage_opens_and_resolves_an_incident(watched: Monitor) -> None:
    began_at = timezone.now() - timedelta(seconds=3)
    turn(watched, DOWN, at=began_at)
    incident = Incident.objects.get()
    assert (incident.title, incident.severity, incident.is_auto_created) == (
        "API unavailable",
        "major",
        True,
    )
    assert (incident.status, incident.responder_status) == ("investigating", "triggered")
    assert (incident.started_at, incident.by_kind, incident.by_id) == (
        began_at,
        "monitor",
        watched.pk,
    )
    assert list(incident.pages.all()) == [default_page()]
    assert component().states.get(page=default_page()).state == "partial_outage"
    turn(watched, UP)
    incident.refresh_from_db()
    assert (incident.status, incident.responder_status) == ("resolved", "resolved")
    assert component().states.get(page=default_page()).state == "operational"
    assert Alert.objects.get().incident == incident


def test_a_draft_is_on_no_page(watched: Monitor) -> None:
    routed(watched, auto_incident="draft", severity="critical")
    turn(watched, DOWN)
    assert Incident.objects.get().severity == "critical"
    assert not Publication.objects.exists()


def test_a_failure_after_a_recovery_is_another_outage(watched: Monitor) -> None:
    for verdict in (DOWN, UP, DOWN):
        turn(watched, verdict)
    assert Incident.objects.count() == Alert.objects.count() == 2
    assert Incident.objects.open().count() == 1


def test_who_resolved_it_first_is_not_resolved_again(watched: Monitor) -> None:
    turn(watched, DOWN)
    incident = Incident.objects.get()
    post_update(incident, by=DANA, saying=Saying(status="resolved", body="Fixed."))
    strike()
    assert Alert.objects.get().status == "acknowledged"
    turn(watched, UP)
    assert Alert.objects.get().status == "resolved"
    assert incident.updates.filter(status="resolved").count() == 1


def test_a_hold_keeps_it_open_and_taking_it_does_not(watched: Monitor) -> None:
    turn(watched, DOWN)
    held = Incident.objects.get()
    change_incident(held, by=DANA, holds_auto_resolve=True)
    turn(watched, UP)
    held.refresh_from_db()
    assert held.status == "investigating"
    turn(watched, DOWN)
    taken = Incident.objects.exclude(pk=held.pk).get()
    acknowledge_incident(taken, by=DANA)
    post_update(taken, by=DANA, saying=Saying(status="identified", body="A bad deploy."))
    turn(watched, UP)
    taken.refresh_from_db()
    assert taken.status == "resolved"


def test_later_monitors_of_the_service_join(watched: Monitor) -> None:
    second = add_monitor("web probe", by=STAFF, service=watched.service)
    watch_components(second, [component("Web app")], by=STAFF)
    routed(second, auto_incident="draft")
    turn(watched, DOWN)
    turn(second, DOWN)
    incident = Incident.objects.get()
    assert set(incident.monitors.all()) == {watched, second}
    assert {i.component.name for i in incident.impacts.all()} == {"API", "Web app"}
    joined = Alert.objects.get(monitor=second)
    assert joined.entries.get(kind="incident").incident_id == incident.pk
    turn(watched, UP)
    incident.refresh_from_db()
    assert incident.status == "investigating"
    turn(second, UP)
    incident.refresh_from_db()
    assert incident.status == "resolved"


def test_one_that_publishes_shows_what_it_joins(watched: Monitor) -> None:
    first = add_monitor("web probe", by=STAFF, service=watched.service)
    routed(first, auto_incident="draft")
    turn(first, DOWN)
    turn(watched, DOWN)
    assert list(Incident.objects.get().pages.all()) == [default_page()]


def test_another_service_has_its_own_outage(watched: Monitor) -> None:
    alone = add_monitor("web probe", by=STAFF)
    routed(alone, auto_incident="on")
    turn(watched, DOWN)
    turn(alone, DOWN)
    assert Incident.objects.count() == 2


def test_a_service_speaks_for_monitors_that_have_no_routing(acme: Tenant) -> None:
    change_routing(Service.objects.get(), by=STAFF, auto_incident="draft")
    turn(probe(), DOWN)
    assert Incident.objects.get().is_auto_created


def test_degraded_calls_nobody_unless_asked(acme: Tenant) -> None:
    turn(probe(), DEGRADED)
    assert not Alert.objects.exists()
    turn(probe(), UP)
    routed(probe(), alert_on=["degraded", "down"], auto_incident="on")
    turn(probe(), DEGRADED)
    alert = Alert.objects.get()
    assert (alert.summary, alert.severity) == ("api probe is degraded", "warning")
    assert not Incident.objects.exists()
    acknowledge(alert, by=DANA)
    found(probe(), DOWN)
    strike()
    alert.refresh_from_db()
    assert (alert.summary, alert.severity, alert.status) == (
        "api probe is down",
        "critical",
        "acknowledged",
    )
    assert Incident.objects.get().responder_status == "acknowledged"


def test_what_is_silenced_raises_nothing(acme: Tenant) -> None:
    routed(probe(), alert_on=[])
    turn(probe(), DOWN)
    assert not Alert.objects.exists()
    assert not VerdictNote.objects.exists()


def test_planned_work_covers_it_and_uncovers_it(watched: Monitor) -> None:
    maintenance = running_work()
    turn(watched, DOWN)
    assert not Alert.objects.exists()
    post_update(maintenance, by=STAFF, saying=Saying(status="completed"))
    strike()
    assert Alert.objects.get().monitor == watched
    assert Incident.objects.filter(kind="incident").get().title == "API unavailable"


def test_planned_work_that_ends_well_uncovers_nothing(watched: Monitor) -> None:
    maintenance = running_work()
    turn(watched, DOWN)
    turn(watched, UP)
    post_update(maintenance, by=STAFF, saying=Saying(status="completed"))
    strike()
    assert not Alert.objects.exists()


def test_a_monitor_that_is_deleted_calls_nobody(watched: Monitor) -> None:
    turn(watched, DOWN)
    delete_monitor(watched, by=STAFF)
    strike()
    assert not Alert.objects.open().exists()
    assert not Incident.objects.open().exists()


def test_what_cannot_be_a_title_is_an_alert_all_the_same(acme: Tenant) -> None:
    change_monitor(probe(), by=STAFF, name="probe of {{component}}")
    monitor = Monitor.objects.get()
    routed(monitor, auto_incident="on")
    turn(monitor, DOWN)
    assert kinds_of(Alert.objects.get()) == ["triggered", "note"]
    assert not Incident.objects.exists()


def test_many_at_once_are_one_piece_of_work_and_one_incident(acme: Tenant) -> None:
    service = Service.objects.get()
    change_routing(service, by=STAFF, auto_incident="on", pages=[default_page()])
    monitors = [add_monitor(f"probe {n}", by=STAFF, service=service) for n in range(40)]
    for monitor in monitors:
        found(monitor, DOWN)
    assert [task.task["args"] for task in OrmQ.objects.all()] != []
    assert OrmQ.objects.count() == 1
    strike()
    assert Alert.objects.open().count() == 40
    assert Incident.objects.count() == 1
    for monitor in monitors:
        found(monitor, UP)
    strike()
    assert not Incident.objects.open().exists()


@pytest.mark.usefixtures("fresh_database")
def test_two_workers_at_once_raise_one() -> None:
    with in_tenant("acme"):
        routed(probe(), auto_incident="on")
        found(probe(), DOWN)
    outcomes = at_once(take_notes, take_notes, take_notes)
    assert outcomes == [False] * 3
    with in_tenant("acme"):
        assert kinds_of(Alert.objects.get()) == ["triggered", "incident"]
        assert Incident.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"auto_incident": "always"}, "auto_incident"),
        ({"severity": "maintenance"}, "severity"),
        ({"alert_on": ["up"]}, "alert_on"),
    ],
)
def test_routing_takes_known_words(acme: Tenant, changes: Any, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        routed(probe(), **changes)
    assert refusal.value.field == field
