"""A published post-mortem, wherever the page tells of its incident."""

from datetime import timedelta
from typing import Any

import feedparser
import pytest
from django.test import Client
from django.utils import timezone

from incidents.afterwards.follow_ups import add_follow_up, change_follow_up
from incidents.afterwards.post_mortems import (
    change_post_mortem,
    publish_post_mortem,
    start_post_mortem,
    withdraw_post_mortem,
)
from incidents.lifecycle import post_update
from incidents.models import PostMortem
from incidents.transitions import Saying
from tests.factories import STAFF, default_page, make_incident, partner_page

BODY = "## Root cause\n\nThe **pool** was too small. [More](javascript:alert(1)) <b>x</b>"


def make_published(body: str = BODY, **kwargs: Any) -> PostMortem:
    incident = make_incident(**kwargs)
    post_update(incident, by=STAFF, saying=Saying(body="Fixed.", status="resolved"))
    draft = start_post_mortem(incident, by=STAFF, body=body)
    return publish_post_mortem(draft, by=STAFF)


def text_of(visitor: Client, post_mortem: PostMortem) -> str:
    return visitor.get(f"/incidents/{post_mortem.incident_id}").content.decode()


def read(visitor: Client) -> dict[str, Any]:
    (incident,) = visitor.get("/api/v2/incidents.json").json()["incidents"]
    return dict(incident)


def test_it_stands_below_the_timeline(visitor: Client) -> None:
    text = text_of(visitor, make_published())
    assert text.index("Fixed.") < text.index('id="post-mortem"') < text.index("<h3>Root cause</h3>")
    assert "<strong>pool</strong>" in text
    assert "&lt;b&gt;x&lt;/b&gt;" in text
    assert 'href="javascript' not in text


def test_a_draft_does_not(visitor: Client) -> None:
    published = make_published("Quokka.")
    withdraw_post_mortem(published, by=STAFF)
    assert "Quokka" not in text_of(visitor, published)
    assert "post-mortem" not in text_of(visitor, published)
    assert read(visitor)["status"] == "resolved"


def test_lists_lead_to_it(visitor: Client) -> None:
    link = f'href="/incidents/{make_published().incident_id}#post-mortem"'
    assert link in visitor.get("/").content.decode()
    assert link in visitor.get("/history").content.decode()


def test_a_change_says_so(visitor: Client) -> None:
    published = make_published()
    assert "changed" not in text_of(visitor, published)
    at = timezone.now() + timedelta(minutes=5)
    change_post_mortem(published, by=STAFF, body="Said better.", at=at)
    text = text_of(visitor, published)
    assert "Said better." in text
    assert "changed" in text


def test_follow_ups_show_what_and_whether_and_not_whose(visitor: Client) -> None:
    published = make_published()
    add_follow_up(published, "Warn earlier", by=STAFF, owner="Zebediah")
    done = add_follow_up(published, "Grow the <pool>", by=STAFF)
    change_follow_up(done, by=STAFF, is_done=True)
    add_follow_up(published, "Ask the supplier for money", by=STAFF, is_public=False)
    text = text_of(visitor, published)
    assert 'Warn earlier <span class="tag">planned</span>' in text
    assert 'Grow the &lt;pool&gt; <span class="tag ok">done</span>' in text
    assert "Zebediah" not in text
    assert "supplier" not in text


def test_while_the_incident_is_open_again_it_is_hidden(visitor: Client) -> None:
    published = make_published("Quokka.")
    post_update(published.incident, by=STAFF, saying=Saying(status="investigating"))
    assert "Quokka" not in text_of(visitor, published)
    assert read(visitor)["status"] == "investigating"
    assert "Quokka" not in str(read(visitor))


def test_programs_read_it_in_the_conventions_words(visitor: Client) -> None:
    published = make_published()
    record = read(visitor)
    assert record["status"] == "postmortem"
    assert record["postmortem_body"] == BODY
    assert record["postmortem_published_at"].endswith("Z")
    assert record["postmortem_notified_subscribers"] is False
    newest, resolved, *_ = record["incident_updates"]
    assert (newest["id"], newest["status"], newest["body"]) == (published.pk, "postmortem", BODY)
    assert set(newest) == set(resolved)
    assert resolved["status"] == "resolved"


def test_a_later_word_stands_above_it(visitor: Client) -> None:
    published = make_published()
    post_update(published.incident, by=STAFF, saying=Saying(body="One more thing."))
    statuses = [update["status"] for update in read(visitor)["incident_updates"]]
    assert statuses == ["resolved", "postmortem", "resolved", "investigating"]
    assert read(visitor)["status"] == "postmortem"


def test_without_one_a_record_is_as_before(visitor: Client) -> None:
    make_incident()
    assert not [name for name in read(visitor) if name.startswith("postmortem")]


@pytest.mark.parametrize("path", ["/history.atom", "/history.rss"])
def test_feeds_point_to_it(visitor: Client, path: str) -> None:
    published = make_published()
    feed = feedparser.parse(visitor.get(path).content)
    assert not feed.bozo
    html = feed.entries[0].get("content", [{"value": feed.entries[0].summary}])[0]["value"]
    assert html.index("<strong>Postmortem</strong>") < html.index("<strong>Resolved</strong>")
    assert f"/incidents/{published.incident_id}#post-mortem" in html


def test_it_shows_where_its_incident_shows(visitor: Client) -> None:
    published = make_published("Quokka.", pages=(partner_page(),))
    assert visitor.get(f"/incidents/{published.incident_id}").status_code == 404
    for path in ("/", "/history", "/api/v2/incidents.json", "/history.atom"):
        assert b"Quokka" not in visitor.get(path).content
    partners = Client(HTTP_HOST="partners.acme.localhost")
    assert "Quokka" in text_of(partners, published)
    both = make_published("Numbat.", pages=(default_page(), partner_page()))
    assert "Numbat" in text_of(visitor, both)
    assert "Numbat" in text_of(partners, both)
