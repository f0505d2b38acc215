"""Drafts: kept as they were written, seen by staff alone, gone once they are posted."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from atender.actors import Actor, ActorKind
from atender.due.models import Due
from atender.refusals import Refused
from incidents.drafts.keeping import (
    AlreadyPosted,
    NothingWritten,
    Written,
    being_posted,
    discard_draft,
    moved_since,
    save_draft,
)
from incidents.lifecycle import post_update
from incidents.models import AuditEntry, Draft, Incident
from incidents.transitions import Saying
from tests.factories import STAFF, component, default_page, make_incident

BEN = Actor(ActorKind.PERSON, name="Ben")
ID = "01JD0000000000000000000000"
MARKER = "quokka marker of a draft"
pytestmark = pytest.mark.usefixtures("acme")


def test_what_was_written_is_kept_however_unfinished() -> None:
    draft = save_draft(Written(body="Half a sen"), by=STAFF)
    assert (draft.title, draft.severity, draft.incident) == ("", "", None)
    incident = make_incident()
    update = save_draft(Written(body="Looking", status="identified"), by=STAFF, incident=incident)
    assert (update.seen, update.status) == (incident.updates.get().pk, "identified")
    assert update.publish_at is None
    assert not Due.objects.filter(kind="incidents.draft").exists()


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (Written(), "nothing to keep yet"),
        (Written(body="\x00 \n"), "nothing to keep yet"),
        (Written(title="x" * 256), "at most 255"),
        (Written(body="x" * 20_001), "at most 20,000"),
    ],
)
def test_what_cannot_be_kept_is_refused(written: Written, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        save_draft(written, by=STAFF)
    assert not Draft.objects.exists()


def test_hostile_text_is_kept_as_text() -> None:
    text = "{% debug %} {{ settings.SECRET_KEY }} <b>\u202ertl 🦘"
    assert save_draft(Written(body=text), by=STAFF).body == text


def test_two_peoples_drafts_of_one_incident_both_exist() -> None:
    incident = make_incident()
    for by in (STAFF, BEN):
        save_draft(Written(body=f"{by.name}'s words"), by=by, incident=incident)
    assert {draft.by_name for draft in incident.drafts.all()} == {"Alice", "Ben"}


def test_the_same_form_saved_again_is_the_same_draft() -> None:
    first = save_draft(Written(body="One"), by=STAFF, draft_id=ID)
    again = save_draft(Written(body="One and two"), by=STAFF, draft_id=ID)
    assert (first.pk, again.pk) == (ID, ID)
    assert Draft.objects.get().body == "One and two"
    assert Draft.objects.get().by_name == "Alice"


def test_nobody_overwrites_words_that_he_has_not_read() -> None:
    save_draft(Written(body="Alice's"), by=STAFF, draft_id=ID)
    read = save_draft(Written(body="Alice's, put right"), by=BEN, draft_id=ID, version=1)
    assert (read.pk, read.by_name) == (ID, "Alice")
    unread = save_draft(Written(body="Ben's"), by=BEN, draft_id=ID, version=1)
    assert (unread.pk != ID, unread.by_name) == (True, "Ben")
    assert Draft.objects.get(pk=ID).body == "Alice's, put right"


def test_a_draft_belongs_to_its_incident() -> None:
    save_draft(Written(body="Of the first"), by=STAFF, incident=make_incident(), draft_id=ID)
    other = save_draft(Written(body="Of none"), by=STAFF, draft_id=ID)
    assert other.pk != ID
    assert Draft.objects.count() == 2


def test_discarded_twice_it_stays_so() -> None:
    draft = save_draft(Written(title="Never mind"), by=STAFF)
    discard_draft(draft, by=BEN)
    discard_draft(draft, by=BEN)
    assert not Draft.objects.exists()
    entry = AuditEntry.objects.get(action="draft.discarded")
    assert (entry.by_name, entry.details) == ("Ben", {"name": "Never mind"})


def test_posted_it_is_gone_and_cannot_be_discarded() -> None:
    incident = make_incident()
    draft = save_draft(Written(body="We know why."), by=STAFF, incident=incident)
    with being_posted(draft.pk) as held:
        assert held == draft
        post_update(incident, by=BEN, saying=Saying(body="We know why."), submission_id=draft.pk)
    assert not Draft.objects.exists()
    with pytest.raises(AlreadyPosted, match="Too late"):
        discard_draft(draft, by=STAFF)
    assert save_draft(Written(body="More"), by=STAFF, draft_id=draft.pk).pk != draft.pk


def test_a_refused_post_leaves_the_draft() -> None:
    draft = save_draft(Written(body="We know why."), by=STAFF, incident=make_incident())
    with pytest.raises(NothingWritten), being_posted(draft.pk):
        raise NothingWritten("no")
    assert Draft.objects.get() == draft


def test_what_was_posted_since_is_known() -> None:
    incident = make_incident()
    draft = save_draft(Written(body="We look."), by=STAFF, incident=incident)
    assert not moved_since(draft)
    resolved = post_update(incident, by=BEN, saying=Saying(status="resolved"))
    assert moved_since(draft) == [resolved]


def test_no_visitor_and_no_program_of_the_public_reads_it(visitor: Client, api: Client) -> None:
    incident = make_incident()
    impacts = {component().pk: ""}
    written = Written(title=MARKER, body=MARKER, severity="major", impacts=impacts)
    save_draft(written, by=STAFF)
    save_draft(Written(body=MARKER), by=STAFF, incident=incident)
    later = timezone.now() + timedelta(hours=1)
    pages = [default_page().pk]
    save_draft(
        Written(title=MARKER, body=MARKER, severity="major", page_ids=pages),
        by=STAFF,
        publish_at=later,
    )
    assert Incident.objects.count() == 1
    paths = ["/", f"/incidents/{incident.pk}", "/history", "/history.atom", "/history.rss"]
    paths += [f"/api/v2/{name}.json" for name in ("summary", "incidents", "components")]
    for path in paths:
        response = visitor.get(path)
        assert response.status_code == 200, path
        assert MARKER.encode() not in response.content, path
    listed = api.get("/api/v1/incidents", {"status": "all"})
    assert MARKER not in listed.content.decode()
