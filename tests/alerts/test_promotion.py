import pytest

from alerts.lifecycle import acknowledge
from alerts.models import Alert
from alerts.promotion import HasIncident, create_incident
from atender.actors import Actor, ActorKind
from atender.refusals import Refused
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.catalogue.watching import watch_components
from incidents.lifecycle import acknowledge as acknowledge_incident
from incidents.lifecycle import post_update
from incidents.models import Incident
from incidents.transitions import Saying
from monitors.models import Monitor, Verdict
from tests.alerts.making import kinds_of, make_alert, probe
from tests.factories import STAFF, component
from tests.incidents.test_races import at_once
from tests.subscribers.making import strike

DANA = Actor(ActorKind.PERSON, id="01JD0000000000000000000009", name="Dana")


def test_an_incident_is_filled_in_from_its_alert(acme: Tenant) -> None:
    watch_components(probe(), [component()], by=STAFF)
    alert = make_alert(monitor=probe())
    incident = create_incident(alert, by=STAFF, severity="minor")
    assert (incident.title, incident.severity, incident.status) == (
        alert.summary,
        "minor",
        "investigating",
    )
    assert incident.started_at == alert.triggered_at
    assert list(incident.monitors.all()) == [probe()]
    assert incident.impacts.get().component == component()
    assert (incident.service, incident.is_auto_created) == (probe().service, False)


def test_both_timelines_name_each_other(acme: Tenant) -> None:
    alert = make_alert()
    incident = create_incident(alert, by=STAFF)
    entry = alert.entries.get(kind="incident")
    assert (entry.incident_id, incident.title in entry.text) == (incident.pk, True)
    link = incident.updates.get(is_public=False)
    assert alert.pk in link.body
    assert not link.public_body


def test_an_alert_has_one_incident(acme: Tenant) -> None:
    alert = make_alert()
    create_incident(alert, by=STAFF)
    with pytest.raises(HasIncident, match="already"):
        create_incident(alert, by=STAFF)
    assert Incident.objects.count() == 1


def test_a_refused_incident_leaves_the_alert_alone(acme: Tenant) -> None:
    alert = make_alert()
    with pytest.raises(Refused, match="severity"):
        create_incident(alert, by=STAFF, severity="catastrophic")
    assert kinds_of(alert) == ["triggered"]
    assert not Incident.objects.exists()


def test_who_has_the_alert_has_the_incident(acme: Tenant) -> None:
    alert = make_alert()
    acknowledge(alert, by=DANA)
    create_incident(alert, by=STAFF)
    incident = Incident.objects.get()
    assert (incident.responder_status, incident.acknowledged_by_name) == ("acknowledged", "Dana")


def test_taking_the_alert_takes_the_incident_and_resolves_nothing(acme: Tenant) -> None:
    alert = make_alert()
    create_incident(alert, by=STAFF)
    acknowledge(alert, by=DANA)
    incident = Incident.objects.get()
    assert (incident.responder_status, incident.status) == ("acknowledged", "investigating")
    assert incident.acknowledged_by_id == DANA.id


def test_taking_the_incident_takes_its_alerts(acme: Tenant) -> None:
    alert = make_alert()
    incident = create_incident(alert, by=STAFF)
    acknowledge_incident(incident, by=DANA)
    strike()
    alert.refresh_from_db()
    assert (alert.status, alert.acknowledged_by_name) == ("acknowledged", "Dana")
    assert alert.entries.get(kind="acknowledged").by == DANA


def test_resolving_the_incident_ends_its_alerts(acme: Tenant) -> None:
    alert = make_alert()
    incident = create_incident(alert, by=STAFF)
    post_update(incident, by=DANA, saying=Saying(status="resolved"))
    strike()
    alert.refresh_from_db()
    assert alert.status == "resolved"
    assert alert.entries.get(kind="resolved").by == DANA


def test_what_still_fails_stays_open_in_the_hands_of_who_resolved(acme: Tenant) -> None:
    Monitor.objects.filter(pk=probe().pk).update(verdict=Verdict.DOWN)
    alert = make_alert(monitor=probe())
    incident = create_incident(alert, by=STAFF)
    post_update(incident, by=DANA, saying=Saying(status="resolved"))
    strike()
    alert.refresh_from_db()
    assert (alert.status, alert.acknowledged_by_name) == ("acknowledged", "Dana")


def test_an_incident_without_alerts_leaves_no_work(acme: Tenant) -> None:
    incident = create_incident(make_alert(), by=STAFF)
    other = create_incident(make_alert("Another"), by=STAFF)
    Alert.objects.filter(incident=other).update(incident=incident)
    strike()
    acknowledge_incident(other, by=DANA)
    assert strike() == 0


@pytest.mark.usefixtures("fresh_database")
def test_alert_and_incident_are_taken_at_once_without_waiting_for_each_other() -> None:
    with in_tenant("acme"):
        alert = make_alert()
        incident = create_incident(alert, by=STAFF)
    for _ in range(3):
        outcomes = at_once(
            lambda: acknowledge(alert, by=DANA), lambda: acknowledge_incident(incident, by=STAFF)
        )
        assert not [o for o in outcomes if isinstance(o, Exception)]


@pytest.mark.usefixtures("fresh_database")
def test_a_double_click_makes_one_incident_of_an_alert() -> None:
    with in_tenant("acme"):
        alert = make_alert()
    outcomes = at_once(*[lambda: create_incident(alert, by=STAFF)] * 3)
    assert sum(isinstance(outcome, HasIncident) for outcome in outcomes) == 2
    with in_tenant("acme"):
        assert kinds_of(alert).count("incident") == 1
        assert Incident.objects.count() == 1
