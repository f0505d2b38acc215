from datetime import timedelta

import pytest
from django.utils import timezone

from atender.refusals import Refused
from incidents.lifecycle import open_incident
from incidents.models import AuditEntry, Incident, IncidentUpdate, StateInterval
from incidents.transitions import IllegalTransition, Saying
from tests.factories import STAFF, component, default_page, make_incident, partner_page

pytestmark = pytest.mark.usefixtures("acme")


def test_takes_the_component_out_of_operational() -> None:
    incident = make_incident()
    assert incident.status == "investigating"
    assert component().states.get(page=None).state == "partial_outage"
    assert component("Payments").states.count() == 0


def test_its_first_update_is_the_first_transition() -> None:
    update = make_incident().updates.get()
    assert update.is_transition
    assert (update.status, update.severity) == ("investigating", "major")


def test_its_first_update_counts_as_a_public_word_and_its_promise_stands() -> None:
    promised = timezone.now() + timedelta(minutes=30)
    saying = Saying(body="We are looking.", next_update_by=promised)
    incident = open_incident("API slow", by=STAFF, first=saying)
    assert incident.last_public_update_at == incident.updates.get().posted_at
    assert incident.next_update_by == promised


def test_leaves_one_audit_row_that_says_who() -> None:
    incident = make_incident()
    entry = AuditEntry.objects.get(subject_id=incident.id)
    assert (entry.action, entry.by_kind, entry.by_name) == ("incident.opened", "person", "Alice")


def test_without_severity_degrades() -> None:
    make_incident(severity=None)
    assert component().states.get(page=None).state == "degraded"


def test_shows_only_on_its_pages() -> None:
    make_incident(pages=(partner_page(),))
    assert component().states.get(page=partner_page()).state == "partial_outage"
    assert not component().states.filter(page=default_page()).exists()


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("", "A title is empty; it has 1 to 255 characters."),
        (" \t\n ", "A title is empty; it has 1 to 255 characters."),
        ("\u202e\u200b", "A title is empty; it has 1 to 255 characters."),
        ("x" * 256, "A title has at most 255 characters; this one has 256."),
    ],
)
def test_a_bad_title_leaves_nothing_behind(title: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        make_incident(title)
    assert refused.value.sentence == sentence
    assert refused.value.field == "title"
    assert not Incident.objects.exists()
    assert not StateInterval.objects.exists()


def test_a_title_of_255_characters_is_fine() -> None:
    assert len(make_incident("x" * 255).title) == 255


def test_control_characters_never_reach_the_record() -> None:
    incident = make_incident("API\x00 is\u0007 slow", body="a\x00b\r\nc")
    assert incident.title == "API is slow"
    assert incident.updates.get().body == "ab\nc"


def test_refuses_a_severity_that_is_none() -> None:
    with pytest.raises(Refused, match="minor, major, critical, or null"):
        make_incident(severity="catastrophic")


def test_refuses_a_start_in_the_future() -> None:
    with pytest.raises(Refused, match="now or earlier"):
        make_incident(started_at=timezone.now() + timedelta(hours=1))


def test_backfilled_intervals_begin_at_its_start() -> None:
    started_at = timezone.now() - timedelta(hours=3)
    make_incident(started_at=started_at)
    assert StateInterval.objects.get(page=None).started_at == started_at


def test_the_same_submission_opens_one() -> None:
    submission = "01JD0000000000000000000000"
    first = make_incident(submission_id=submission)
    assert make_incident(submission_id=submission).id == first.id
    assert IncidentUpdate.objects.count() == 1


def test_a_status_of_maintenance_is_none_of_an_incident() -> None:
    with pytest.raises(IllegalTransition, match="investigating, identified, monitoring, resolved"):
        open_incident("API slow", by=STAFF, first=Saying(status="verifying"))
