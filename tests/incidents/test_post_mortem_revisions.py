"""What visitors could read of a post-mortem is kept, and nothing of what they never could."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from atender.tenants.models import Tenant
from incidents.afterwards.post_mortems import (
    QuotesWhatIsGone,
    change_post_mortem,
    delete_post_mortem,
    publish_post_mortem,
    withdraw_post_mortem,
)
from incidents.models import PostMortem, PostMortemRevision
from incidents.timeline import edit_update
from tests.factories import STAFF
from tests.incidents.admin.conftest import at
from tests.incidents.test_post_mortems import make_draft

NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)


def kept() -> list[tuple[str, str]]:
    revisions = PostMortemRevision.objects.order_by("id")
    return list(revisions.values_list("body_before", "body_after"))


def make_published(body: str = "It was slow.") -> PostMortem:
    return publish_post_mortem(make_draft(body), by=STAFF)


def test_a_draft_leaves_none(acme: Tenant) -> None:
    draft = change_post_mortem(make_draft("First thoughts."), by=STAFF, body="Second thoughts.")
    delete_post_mortem(draft, by=STAFF)
    assert kept() == []


def test_each_text_that_visitors_read_is_kept(acme: Tenant) -> None:
    published = make_published("A")
    change_post_mortem(published, by=STAFF, body="B", at=NOON)
    change_post_mortem(published, by=STAFF, body="B")
    withdrawn = withdraw_post_mortem(published, by=STAFF)
    change_post_mortem(withdrawn, by=STAFF, body="never read")
    change_post_mortem(withdrawn, by=STAFF, body="C")
    publish_post_mortem(withdrawn, by=STAFF)
    publish_post_mortem(withdrawn, by=STAFF, notifies=True)
    delete_post_mortem(withdrawn, by=STAFF)
    assert kept() == [("", "A"), ("A", "B"), ("B", ""), ("", "C"), ("C", "")]
    second = PostMortemRevision.objects.order_by("id")[1]
    assert (second.revised_at, second.by_name) == (NOON, STAFF.name)
    assert second.post_mortem_id == published.pk


def test_a_refused_change_leaves_none(acme: Tenant) -> None:
    published = make_published()
    said = published.incident.updates.exclude(body="").order_by("posted_at")[0]
    gone = said.body
    edit_update(said, by=STAFF, body="Said otherwise.")
    with pytest.raises(QuotesWhatIsGone):
        change_post_mortem(published, by=STAFF, body=f"It began so: {gone}")
    assert kept() == [("", "It was slow.")]


def test_staff_see_what_was_different(console: Client) -> None:
    published = make_published("It was slow <b>today</b>.")
    incident = published.incident
    address = at(incident, "postmortem/")
    change_post_mortem(published, by=STAFF, body="It was slow <b>yesterday</b>.")
    text = console.get(address).content.decode()
    assert "<del>&lt;b&gt;today&lt;/b&gt;.</del>" in text
    assert "<ins>&lt;b&gt;yesterday&lt;/b&gt;.</ins>" in text
    assert "changed while it was published" in text
    asked = console.get(at(incident, "postmortem/delete/")).content.decode()
    assert "What visitors could read stays on record" in asked
    delete_post_mortem(published, by=STAFF)
    assert "taken off the pages" in console.get(address).content.decode()


def test_viewers_see_it_and_visitors_only_that_there_was_a_change(
    bobs_console: Client, visitor: Client
) -> None:
    published = make_published("It was zqslow.")
    change_post_mortem(published, by=STAFF, body="It was late.")
    answer = bobs_console.get(at(published.incident, "postmortem/"))
    assert "<del>zqslow.</del>" in answer.content.decode()
    page = visitor.get(f"/incidents/{published.incident_id}").content.decode()
    assert "· changed" in page
    assert "zqslow" not in page
