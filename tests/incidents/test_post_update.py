from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from atender.refusals import Refused
from incidents.lifecycle import acknowledge, post_update
from incidents.models import Incident, IncidentUpdate
from incidents.transitions import AlreadyClosed, IllegalTransition, NothingSaid, Saying
from tests.factories import STAFF, component, make_incident

pytestmark = pytest.mark.usefixtures("acme")


def say(incident: Incident, **words: Any) -> IncidentUpdate:
    return post_update(incident, by=STAFF, saying=Saying(**words))


def test_moves_the_incident_along() -> None:
    incident = make_incident()
    assert incident.next_status == "identified"
    say(incident, status="identified", body="A bad deploy; we are rolling back.")
    incident.refresh_from_db()
    assert (incident.status, incident.next_status) == ("identified", "monitoring")


def test_a_status_alone_is_enough() -> None:
    update = say(make_incident(), status="monitoring")
    assert (update.body, update.is_transition) == ("", True)


def test_a_severity_alone_moves_the_components_too() -> None:
    incident = make_incident()
    update = say(incident, severity="critical")
    assert update.changes_severity
    assert not update.changes_status
    assert component().states.get(page=None).state == "major_outage"


def test_severity_may_be_taken_away() -> None:
    incident = make_incident()
    say(incident, severity=None)
    incident.refresh_from_db()
    assert incident.severity is None


def test_saying_nothing_is_refused() -> None:
    incident = make_incident()
    with pytest.raises(NothingSaid, match="write a text"):
        say(incident)
    with pytest.raises(NothingSaid):
        say(incident, status="investigating")
    assert incident.updates.count() == 1


def test_an_unknown_status_is_refused_with_the_known_ones() -> None:
    incident = make_incident()
    with pytest.raises(IllegalTransition) as refused:
        say(incident, status="fixed")
    assert refused.value.sentence == (
        "'fixed' is no status of an incident; "
        "it is one of investigating, identified, monitoring, resolved."
    )
    assert incident.updates.count() == 1


def test_going_back_is_legal_and_on_the_timeline() -> None:
    incident = make_incident()
    say(incident, status="monitoring")
    say(incident, status="investigating", body="It is slow again.")
    incident.refresh_from_db()
    assert incident.status == "investigating"
    assert incident.updates.count() == 3


def test_resolving_closes_and_restores() -> None:
    incident = make_incident()
    update = say(incident, status="resolved", body="Fixed.")
    incident.refresh_from_db()
    assert incident.is_closed
    assert incident.resolved_at == update.posted_at
    assert incident.responder_status == "resolved"
    assert component().states.get(page=None).state == "operational"


def test_resolving_restores_what_the_other_facts_say() -> None:
    first, _ = make_incident(severity="critical"), make_incident("Slow sign-in", severity="minor")
    say(first, status="resolved")
    assert component().states.get(page=None).state == "degraded"


def test_resolving_again_is_refused_and_writes_nothing() -> None:
    incident = make_incident()
    say(incident, status="resolved")
    with pytest.raises(AlreadyClosed, match="resolved already"):
        say(incident, status="resolved", body="Really.")
    assert incident.updates.count() == 2


def test_reopening_clears_the_resolution() -> None:
    incident = make_incident()
    acknowledge(incident, by=STAFF)
    say(incident, status="resolved")
    say(incident, status="investigating", body="It is back.")
    incident.refresh_from_db()
    assert incident.resolved_at is None
    assert (incident.responder_status, incident.acknowledged_at) == ("triggered", None)
    assert component().states.get(page=None).state == "partial_outage"


def test_a_text_after_the_resolution_is_not_mailed_unless_asked() -> None:
    incident = make_incident()
    say(incident, status="resolved")
    assert not say(incident, body="A report follows.").notifies
    assert say(incident, body="The report is out.", notifies=True).notifies


def test_a_backdated_update_never_changes_the_status() -> None:
    incident = make_incident()
    say(incident, status="monitoring")
    earlier = timezone.now() - timedelta(minutes=30)
    update = post_update(incident, by=STAFF, saying=Saying(status="identified"), at=earlier)
    incident.refresh_from_db()
    assert incident.status == "monitoring"
    assert update.is_backdated


def test_the_same_submission_posts_one() -> None:
    incident, submission = make_incident(), "01JD0000000000000000000000"
    saying = Saying(body="Still looking.")
    first = post_update(incident, by=STAFF, saying=saying, submission_id=submission)
    again = post_update(incident, by=STAFF, saying=saying, submission_id=submission)
    assert first.id == again.id


@pytest.mark.parametrize("field", ["eta", "next_update_by"])
@pytest.mark.parametrize("year", [1, 1969, 2101, 9999])
def test_a_moment_that_no_mail_could_name_is_refused(field: str, year: int) -> None:
    incident = make_incident()
    moment: Any = {field: datetime(year, 12, 31, 23, 59, tzinfo=UTC)}
    count = incident.updates.count()
    with pytest.raises(Refused, match=f"{field} lies outside"):
        post_update(incident, by=STAFF, saying=Saying(body="Soon.", **moment))
    assert incident.updates.count() == count


def test_a_promise_stands_until_the_next_public_word() -> None:
    incident, promised = make_incident(), timezone.now() + timedelta(minutes=30)
    say(incident, body="More soon.", next_update_by=promised)
    incident.refresh_from_db()
    assert incident.next_update_by == promised
    say(incident, body="internal", is_public=False)
    incident.refresh_from_db()
    assert incident.next_update_by == promised
    say(incident, body="Found it.")
    incident.refresh_from_db()
    assert incident.next_update_by is None


def test_acknowledging_resolves_nothing_and_stays_with_the_first() -> None:
    incident = acknowledge(make_incident(), by=STAFF)
    assert (incident.status, incident.responder_status) == ("investigating", "acknowledged")
    assert acknowledge(incident, by=STAFF).acknowledged_at == incident.acknowledged_at


@pytest.mark.parametrize("name", ["eta", "next_update_by"])
def test_a_promise_for_the_year_9999_is_a_slip(name: str) -> None:
    incident = make_incident()
    with pytest.raises(Refused, match="1970 to 2100"):
        say(incident, body="Soon.", **{name: datetime(9999, 12, 31, tzinfo=UTC)})
    assert incident.updates.count() == 1
