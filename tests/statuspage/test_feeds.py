"""Feeds and calendar, read by independent readers."""

from datetime import timedelta
from typing import Any

import feedparser
import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from incidents.lifecycle import Facts, delete_incident, open_incident, post_update
from incidents.models import Incident, Kind
from incidents.timeline import edit_update
from incidents.transitions import Saying
from tests.factories import STAFF, component, default_page, make_incident, partner_page

HOSTILE = 'Payments "fail" <script>alert(1)</script> & ]]> \u202e\U0001f525 ümläut'
FEEDS = ["/history.atom", "/history.rss"]


def read(visitor: Client, path: str) -> Any:
    answer = visitor.get(path)
    assert answer.status_code == 200, answer.content
    feed = feedparser.parse(
        answer.content, response_headers={"content-type": answer["Content-Type"]}
    )
    assert feed.bozo is False, feed.get("bozo_exception")
    return feed


def events(visitor: Client) -> list[Any]:
    answer = visitor.get("/history.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def say(incident: Incident, body: str = "", **kwargs: Any) -> None:
    post_update(incident, by=STAFF, saying=Saying(body=body, **kwargs))


def plan(title: str = "New machines", *, starts_in: int = 24, lasts: int | None = 2) -> Incident:
    start = timezone.now() + timedelta(hours=starts_in)
    return open_incident(
        title,
        by=STAFF,
        kind=Kind.MAINTENANCE,
        first=Saying(body="Expect short interruptions."),
        facts=Facts(
            components=[component()],
            pages=[default_page()],
            scheduled_for=start,
            scheduled_until=start + timedelta(hours=lasts) if lasts else None,
        ),
    )


@pytest.mark.parametrize("path", FEEDS)
def test_an_empty_feed_is_a_feed(visitor: Client, path: str) -> None:
    feed = read(visitor, path)
    assert feed.entries == []
    assert feed.feed.title == "Acme status"
    assert feed.feed.updated_parsed


@pytest.mark.parametrize("path", FEEDS)
def test_a_quiet_feed_keeps_its_bytes(visitor: Client, path: str) -> None:
    make_incident()
    assert visitor.get(path).content == visitor.get(path).content


def test_atom_tells_an_incident_newest_update_first(visitor: Client) -> None:
    incident = make_incident()
    say(incident, "A bad deploy.\nWe roll back.", status="identified")
    feed = read(visitor, "/history.atom")
    entry = feed.entries[0]
    assert feed.feed.id == "tag:status.acme.localhost,2005:/history"
    assert entry.id == f"tag:status.acme.localhost,2005:Incident/{incident.id}"
    assert entry.link.endswith(f"/incidents/{incident.id}")
    text = entry.content[0].value
    assert text.index("<strong>Identified</strong> - A bad deploy.") < text.index("Investigating")
    assert "A bad deploy.<br />We roll back." in text
    assert entry.published_parsed <= entry.updated_parsed


def test_a_text_keeps_its_empty_lines(visitor: Client) -> None:
    make_incident(body="One\ntwo\n\nthree")
    (entry,) = feedparser.parse(visitor.get("/history.atom").content).entries
    assert "One<br />two<br /><br />three" in entry.content[0].value.replace("<br>", "<br />")


def test_rss_tells_the_same(visitor: Client) -> None:
    incident = make_incident()
    answer = visitor.get("/history.rss")
    entry = read(visitor, "/history.rss").entries[0]
    assert answer["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert entry.title == incident.title
    assert entry.guidislink is False
    assert "<strong>Investigating</strong>" in entry.summary


@pytest.mark.parametrize("path", FEEDS)
def test_hostile_text_stays_text(visitor: Client, path: str) -> None:
    make_incident(HOSTILE, body=HOSTILE)
    feed = feedparser.parse(visitor.get(path).content, sanitize_html=False)
    entry = feed.entries[0]
    text = entry.content[0].value if "content" in entry else entry.summary
    assert feed.bozo is False
    assert "&lt;script&gt;" in text
    assert "<script" not in text


@pytest.mark.parametrize("path", FEEDS)
def test_the_latest_update_comes_first_never_a_future_date(visitor: Client, path: str) -> None:
    first = make_incident("First of two")
    plan("Planned for next month", starts_in=24 * 30)
    make_incident("Second of two")
    say(first, "Still working on it.")
    titles = [entry.title for entry in read(visitor, path).entries]
    assert titles == ["First of two", "Second of two", "Planned for next month"]


@pytest.mark.parametrize("path", [*FEEDS, "/history.ics"])
def test_what_is_private_internal_deleted_or_elsewhere_is_not_told(
    visitor: Client, path: str
) -> None:
    secret = "The password of the old router"
    say(plan(), secret, is_public=False)
    say(make_incident(), secret, is_public=False)
    make_incident(secret, pages=())
    make_incident(secret, pages=(partner_page(),))
    delete_incident(make_incident(secret), by=STAFF)
    rewritten = make_incident(body=secret)
    edit_update(rewritten.updates.get(), by=STAFF, body="Better words.")
    assert secret not in visitor.get(path).content.decode()
    assert STAFF.name not in visitor.get(path).content.decode()


def test_the_calendar_holds_planned_work_alone(visitor: Client) -> None:
    make_incident()
    planned = plan()
    assert planned.scheduled_for
    assert planned.scheduled_until
    (event,) = events(visitor)
    assert event["summary"] == planned.title
    assert event["dtstart"].dt == planned.scheduled_for.replace(microsecond=0)
    assert event["dtend"].dt == planned.scheduled_until.replace(microsecond=0)
    assert event["uid"] == f"{planned.id}@status.acme.localhost"
    assert "Expect short interruptions." in event["description"]
    assert event["url"].endswith(f"/maintenance/{planned.id}")


def test_open_ended_work_is_said_to_last_a_day(visitor: Client) -> None:
    plan(lasts=None)
    (event,) = events(visitor)
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(hours=24)


def test_cancelled_work_leaves_the_calendar(visitor: Client) -> None:
    planned = plan()
    assert len(events(visitor)) == 1
    say(planned, status="cancelled")
    assert events(visitor) == []


@pytest.mark.parametrize("path", [*FEEDS, "/history.ics"])
def test_only_reading_is_allowed(visitor: Client, path: str) -> None:
    assert visitor.post(path).status_code == 405
    assert visitor.head(path).status_code == 200
    assert Client(HTTP_HOST="acme.localhost").get(path).status_code == 404


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_costs_the_same_with_one_and_with_many(
    visitor: Client, path: str, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_incident(f"Incident {number}")
    with django_assert_max_num_queries(12):
        assert len(read(visitor, path).entries) == 25
