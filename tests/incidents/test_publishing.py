"""Scheduled publishing: at its time, as its author, once, or kept with the reason."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone
from django_q.models import OrmQ

from atender.actors import Actor, ActorKind
from atender.api.keys import issue_key, revoke_key
from atender.due import work
from atender.due.models import Due
from atender.outbound.models import Letter
from atender.refusals import Refused
from atender.roles import Role
from atender.staff.models import User
from atender.staff.zones import choose_zone
from incidents.drafts.keeping import Written, discard_draft, save_draft
from incidents.drafts.publishing import publish_draft
from incidents.lifecycle import delete_incident, post_update
from incidents.models import AuditEntry, Component, Draft, Incident, IncidentUpdate
from incidents.transitions import Saying
from tests.factories import STAFF, component, default_page, make_incident

HOUR = timedelta(hours=1)
BEN = Actor(ActorKind.PERSON, name="Ben")
pytestmark = pytest.mark.usefixtures("acme")


@pytest.fixture
def edda(acme: object) -> User:
    return User.objects.create_user("edda@acme.example", role=Role.EDITOR, name="Edda")


def in_an_hour() -> datetime:
    return timezone.now() + HOUR


def scheduled(by: Actor, incident: Incident | None = None, **written: Any) -> Draft:
    given = {"body": "We know why.", **written}
    return save_draft(Written(**given), by=by, incident=incident, publish_at=in_an_hour())


def new_incident(by: Actor, **written: Any) -> Draft:
    given = {
        "title": "{{component}} is slow",
        "body": "{{component}} has been slow since {{started_at}}.",
        "severity": "minor",
        "impacts": {component().pk: ""},
        "page_ids": [default_page().pk],
        **written,
    }
    return scheduled(by, **given)


def at_its_time(draft: Draft, late: timedelta = timedelta(0)) -> None:
    assert draft.publish_at
    publish_draft(draft.pk, now=draft.publish_at + late)


def refused(draft: Draft) -> str:
    draft.refresh_from_db()
    assert draft.publish_at is None
    assert draft.refused_at is not None
    return draft.refusal


def test_an_update_is_posted_as_its_author(edda: User) -> None:
    incident = make_incident()
    draft = scheduled(edda.actor, incident, status="identified", promise_min=30)
    assert Due.objects.get(kind="incidents.draft", key=draft.pk).due_at == draft.publish_at
    assert publish_draft(draft.pk, now=timezone.now()) == draft.publish_at
    assert incident.updates.count() == 1
    at_its_time(draft)
    update = incident.updates.latest("id")
    assert (update.body, update.by_name, update.status) == ("We know why.", "Edda", "identified")
    assert (update.submission_id, update.held_until) == (draft.pk, None)
    assert not Draft.objects.exists()
    assert not Due.objects.filter(kind="incidents.draft").exists()


def test_a_new_incident_is_opened_with_its_placeholders_filled_in(edda: User) -> None:
    draft = new_incident(edda.actor)
    assert not Incident.objects.exists()
    at_its_time(draft)
    incident = Incident.objects.get()
    assert (incident.title, incident.by_name) == ("API is slow", "Edda")
    assert incident.updates.get().body.startswith("API has been slow since ")
    assert list(incident.pages.all()) == [default_page()]
    assert not Draft.objects.exists()


def test_the_clock_brings_it(edda: User) -> None:
    draft = new_incident(edda.actor)
    assert work.hand_out() == 0
    with time_machine.travel(in_an_hour() + timedelta(seconds=1), tick=True):
        assert work.hand_out() == 1
        task = OrmQ.objects.latest("id").task
        work.run(*task["args"])
    assert Incident.objects.get().submission_id == draft.pk


def test_again_after_a_crash_it_is_not_doubled(edda: User) -> None:
    incident = make_incident()
    draft = scheduled(edda.actor, incident)
    kept = Draft.objects.filter(pk=draft.pk).values().get()
    at_its_time(draft)
    # The worker died before it had forgotten the draft: everything comes once more.
    Draft.objects.create(**kept)
    at_its_time(draft)
    assert incident.updates.count() == 2
    assert not Draft.objects.exists()


@pytest.mark.parametrize("hours", [-1, 0])
def test_a_time_that_has_passed_is_refused(hours: int) -> None:
    at = timezone.now() + hours * HOUR
    with pytest.raises(Refused, match=r"has passed, it is .* choose a time to come") as refusal:
        save_draft(Written(body="x"), by=STAFF, incident=make_incident(), publish_at=at)
    assert refusal.value.field == "publish_at"
    assert not Draft.objects.exists()
    assert not Due.objects.filter(kind="incidents.draft").exists()


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ({"body": "By {{next_update_by}}"}, "{{next_update_by}} is not filled in"),
        ({"status": "in_progress"}, "is no status of an incident"),
        ({"body": "", "status": "investigating"}, "write a text"),
        ({"next_update_by": timedelta(minutes=30)}, "a promise lies ahead of that"),
    ],
)
def test_what_would_be_refused_is_refused_when_the_time_is_chosen(
    written: dict[str, Any], sentence: str
) -> None:
    incident = make_incident()
    if isinstance(written.get("next_update_by"), timedelta):
        written = {"next_update_by": timezone.now() + written["next_update_by"]}
    with pytest.raises(Refused, match=sentence):
        scheduled(STAFF, incident, **written)
    assert not Draft.objects.exists()
    assert incident.updates.count() == 1


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ({"title": ""}, "A title is empty"),
        ({"severity": ""}, r"“None” \(over the API null\) is one, for a mere notice\.$"),
        ({"impacts": {}}, "{{component}} is not filled in"),
        ({"impacts": {"01JD0000000000000000000000": ""}}, "not there any more"),
        ({"page_ids": ["01JD0000000000000000000000"]}, "not there any more"),
    ],
)
def test_an_incident_that_could_not_be_opened_gets_no_time(
    written: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        new_incident(STAFF, **written)
    assert not Draft.objects.exists()
    assert not Incident.objects.exists()


def test_resolved_meanwhile_it_stays_a_draft_and_the_author_is_written_to(edda: User) -> None:
    incident = make_incident()
    draft = scheduled(edda.actor, incident, status="identified")
    post_update(incident, by=BEN, saying=Saying(status="resolved"))
    at_its_time(draft)
    incident.refresh_from_db()
    assert incident.status == "resolved"
    reason = refused(draft)
    assert reason.startswith("It is resolved by now")
    assert "Ben posted “Resolved” at" in reason
    letter = Letter.objects.get()
    assert letter.to == edda.email
    assert "Ben posted “Resolved”" in letter.text
    assert f"/admin/incidents/incident/{incident.pk}/change/" in letter.text
    assert AuditEntry.objects.filter(action="draft.refused", subject_id=incident.pk).exists()
    at = timezone.now() + 2 * HOUR
    assert publish_draft(draft.pk, now=at) is None
    assert Letter.objects.count() == 1


def test_a_text_does_not_follow_a_resolution(edda: User) -> None:
    incident = make_incident()
    draft = scheduled(edda.actor, incident, body="We are still working on it.")
    post_update(incident, by=BEN, saying=Saying(status="identified"))
    post_update(incident, by=BEN, saying=Saying(status="resolved"))
    at_its_time(draft)
    assert "It is resolved by now" in refused(draft)


def test_a_text_stands_while_the_incident_stays_open(edda: User) -> None:
    incident = make_incident()
    draft = scheduled(edda.actor, incident, body="We are still working on it.")
    post_update(incident, by=BEN, saying=Saying(status="monitoring"))
    at_its_time(draft)
    incident.refresh_from_db()
    assert (incident.status, incident.updates.count()) == ("monitoring", 3)


def test_a_step_does_not_go_past_another(edda: User) -> None:
    incident = make_incident()
    draft = scheduled(edda.actor, incident, status="identified")
    post_update(incident, by=BEN, saying=Saying(status="monitoring"))
    at_its_time(draft)
    assert "It is monitoring by now" in refused(draft)


def test_of_a_deleted_incident(edda: User) -> None:
    incident = make_incident()
    draft = scheduled(edda.actor, incident)
    delete_incident(incident, by=STAFF)
    at_its_time(draft)
    assert refused(draft) == "Its incident was deleted."


def test_a_chosen_component_that_is_gone(edda: User) -> None:
    draft = new_incident(edda.actor)
    Component.objects.filter(name="API").delete()
    at_its_time(draft)
    assert "A chosen component is not there any more" in refused(draft)
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"is_active": False}, "Edda has no access any more."),
        ({"role": Role.RESPONDER}, "Edda may not publish incidents and maintenance any more."),
    ],
)
def test_whoever_lost_access_or_ability_publishes_nothing(
    edda: User, alice: User, change: dict[str, Any], sentence: str
) -> None:
    draft = new_incident(edda.actor)
    User.objects.filter(pk=edda.pk).update(**change)
    at_its_time(draft)
    assert refused(draft) == sentence
    told = alice if "is_active" in change else edda
    assert Letter.objects.get().to == told.email
    assert not Incident.objects.exists()


def test_a_keys_draft_ends_with_the_key(alice: User) -> None:
    key, _ = issue_key("robot", scopes=["incidents"], by=alice.actor)
    at_its_time(new_incident(key.actor))
    assert Incident.objects.get().by_name == "robot"
    draft = new_incident(key.actor)
    revoke_key(key, by=STAFF)
    at_its_time(draft)
    assert refused(draft) == "robot has no access any more."
    assert Letter.objects.get().to == alice.email


def test_long_after_its_time_nothing_is_published(edda: User) -> None:
    draft = new_incident(edda.actor)
    at_its_time(draft, late=HOUR + timedelta(seconds=1))
    assert "more than an hour late" in refused(draft)


def test_edited_it_has_another_time_or_none(edda: User) -> None:
    draft = new_incident(edda.actor)
    was = draft.publish_at
    assert was
    written = Written(title="Other words", severity="minor")
    later = save_draft(written, by=edda.actor, draft_id=draft.pk, publish_at=was + HOUR)
    assert (later.pk, publish_draft(draft.pk, now=was)) == (draft.pk, was + HOUR)
    save_draft(written, by=edda.actor, draft_id=draft.pk)
    assert not Due.objects.filter(kind="incidents.draft").exists()
    assert publish_draft(draft.pk, now=was + HOUR) is None
    assert not Incident.objects.exists()


def test_whoever_chooses_the_time_is_who_publishes(edda: User) -> None:
    kept = save_draft(Written(title="Slow", severity="minor"), by=BEN)
    draft = save_draft(
        Written(title="Slow", severity="minor"),
        by=edda.actor,
        draft_id=kept.pk,
        version=kept.version,
        publish_at=in_an_hour(),
    )
    assert (draft.pk, draft.by_name) == (kept.pk, "Edda")


def test_discarded_before_its_time(edda: User) -> None:
    draft = new_incident(edda.actor)
    discard_draft(draft, by=edda.actor)
    assert not Due.objects.filter(kind="incidents.draft").exists()
    at_its_time(draft)
    assert not Incident.objects.exists()


def test_private_words_stay_private(edda: User) -> None:
    incident = make_incident()
    at_its_time(scheduled(edda.actor, incident, body="Ask {{title}}", is_public=False))
    update = IncidentUpdate.objects.latest("id")
    assert (update.is_public, update.public_body) == (False, "")


def test_the_mail_says_the_time_that_was_chosen_in_the_authors_zone(edda: User) -> None:
    choose_zone(edda, "America/Sao_Paulo")
    incident = make_incident()
    draft = scheduled(edda.actor, incident, status="identified")
    assert draft.publish_at
    post_update(incident, by=STAFF, saying=Saying(status="resolved"))
    at_its_time(draft)
    chosen = draft.publish_at.astimezone(ZoneInfo("America/Sao_Paulo"))
    letter = Letter.objects.get(to=edda.email)
    assert f"{chosen:%H:%M} UTC-03 was not:" in letter.text
