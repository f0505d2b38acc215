from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from incidents.lifecycle import Facts, open_incident, post_update
from incidents.models import Kind
from incidents.transitions import Saying
from statuspage.models import Branding
from tests.factories import STAFF, component, default_page, make_incident, partner_page

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today(visitor: Client):
    with time_machine.travel(NOW, tick=False):
        yield


def past(title: str, at: datetime, **kwargs):
    incident = make_incident(title, at=at, **kwargs)
    post_update(incident, by=STAFF, saying=Saying(status="resolved"), at=at + timedelta(minutes=30))


def read(visitor: Client, number: int = 1) -> str:
    answer = visitor.get("/history", {"page": number})
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_is_told_by_month_newest_first(visitor: Client) -> None:
    past("In October", datetime(2026, 10, 3, 9, tzinfo=UTC))
    past("In November", datetime(2026, 11, 3, 9, tzinfo=UTC))
    text = read(visitor)
    places = [
        text.index(part)
        for part in ("November 2026", "In November", "October 2026", "In October", "September 2026")
    ]
    assert places == sorted(places)
    assert "No incidents." in text


def test_older_months_are_on_further_pages(visitor: Client) -> None:
    past("In August", datetime(2026, 8, 31, 23, tzinfo=UTC))
    assert "In August" not in read(visitor)
    assert 'href="/history?page=2"' in read(visitor)
    assert "In August" in read(visitor, 2)
    assert 'rel="prev" href="/history"' in read(visitor, 2)


def test_a_month_is_the_zones_own(visitor: Client) -> None:
    past("On the eve", datetime(2026, 8, 31, 23, tzinfo=UTC))
    Branding.objects.update(time_zone="Europe/Berlin")
    assert "On the eve" in read(visitor)


def test_it_ends_with_what_is_kept(visitor: Client) -> None:
    past("Still kept", NOW - timedelta(days=29))
    past("No longer kept", NOW - timedelta(days=31))
    Branding.objects.update(history_days=30)
    text = read(visitor)
    assert "Still kept" in text
    assert "No longer kept" not in text
    assert 'rel="next"' not in text
    assert visitor.get("/history", {"page": 2}).status_code == 404


def test_what_is_open_or_elsewhere_is_no_history(visitor: Client) -> None:
    make_incident("Still open")
    past("Internal", NOW - timedelta(days=2), pages=())
    past("Among partners", NOW - timedelta(days=2), pages=(partner_page(),))
    text = read(visitor)
    assert not {"Still open", "Internal", "Among partners"} & {*text.splitlines()}
    for title in ("Still open", "Internal", "Among partners"):
        assert title not in text


def test_a_maintenance_belongs_to_the_month_of_its_window(visitor: Client) -> None:
    start = datetime(2026, 11, 2, 1, tzinfo=UTC)
    work = open_incident(
        "New machines",
        by=STAFF,
        kind=Kind.MAINTENANCE,
        facts=Facts(components=[component()], pages=[default_page()], scheduled_for=start),
        at=datetime(2026, 10, 20, tzinfo=UTC),
    )
    post_update(work, by=STAFF, saying=Saying(status="completed"), at=start)
    text = read(visitor)
    assert text.index("November 2026") < text.index("New machines") < text.index("October 2026")


@pytest.mark.parametrize("number", ["0", "99", "-1", "x", "99999999999", "²"])
def test_an_odd_page_number_is_not_found(visitor: Client, number: str) -> None:
    assert visitor.get("/history", {"page": number}).status_code == 404
