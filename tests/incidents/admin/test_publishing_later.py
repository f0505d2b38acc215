"""A time is chosen for a draft in the console, and what came of it is read there."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from atender.ids import new_ulid
from incidents.drafts.keeping import Written, save_draft
from incidents.drafts.publishing import publish_draft
from incidents.lifecycle import post_update
from incidents.models import Draft
from incidents.transitions import Saying
from tests.factories import STAFF, make_incident
from tests.incidents.admin.conftest import at
from tests.incidents.admin.test_drafts import BODY, values_of, written


def picked(moment: Any) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


def test_a_time_is_chosen_changed_and_taken_back(console: Client) -> None:
    incident = make_incident()
    later = timezone.localtime() + timedelta(hours=2)
    fields = {"keep": "schedule", "publish_at": picked(later), "later_status": "identified"}
    page = console.post(at(incident, "draft/"), written(**fields), follow=True).content.decode()
    assert "It is published at" in page
    draft = Draft.objects.get()
    assert draft.publish_at == later.replace(second=0, microsecond=0)
    values = values_of(console.get(f"{at(incident)}?draft={draft.pk}"))
    assert values["publish_at"] == timezone.make_naive(later).replace(second=0, microsecond=0)
    console.post(at(incident, "draft/"), written(submission_id=draft.pk, body="Other words"))
    changed = Draft.objects.get(pk=draft.pk)
    assert changed.publish_at is None
    assert changed.body == "Other words"


def test_why_it_was_not_published_stands_where_one_looks(console: Client, alice: Any) -> None:
    incident = make_incident()
    at_time = timezone.now() + timedelta(hours=1)
    draft = save_draft(
        Written(body=BODY, status="identified"),
        by=alice.actor,
        incident=incident,
        publish_at=at_time,
    )
    post_update(incident, by=STAFF, saying=Saying(status="resolved"))
    publish_draft(draft.pk, now=at_time)
    for where in ("/admin/", at(incident), f"{at(incident)}?draft={draft.pk}"):
        page = console.get(where).content.decode()
        assert "It is resolved by now" in page, where


def test_published_while_the_composer_was_open_no_words_are_lost(
    console: Client, alice: Any
) -> None:
    incident = make_incident()
    at_time = timezone.now() + timedelta(hours=1)
    draft = save_draft(Written(body=BODY), by=alice.actor, incident=incident, publish_at=at_time)
    publish_draft(draft.pk, now=at_time)
    form = {"submission_id": draft.pk, "body": "Better words", "status": ""}
    response = console.post(at(incident, "post/"), form)
    assert response.status_code == 409
    assert "This was posted before" in response.content.decode()
    values = values_of(response)
    assert values["body"] == "Better words"
    console.post(at(incident, "post/"), {**form, "submission_id": values["submission_id"]})
    assert incident.updates.latest("id").body == "Better words"
    assert incident.updates.count() == 3


def test_posted_before_and_sent_again_with_more_than_a_text_can_hold(
    console: Client, alice: Any
) -> None:
    incident = make_incident()
    form = {"submission_id": new_ulid(), "body": BODY, "status": ""}
    console.post(at(incident, "post/"), form)
    response = console.post(at(incident, "post/"), {**form, "body": "long " * 5_000})
    assert response.status_code == 409
    assert incident.updates.count() == 2
