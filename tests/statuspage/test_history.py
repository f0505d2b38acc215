import re
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


@pytest.fixture
def two_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("statuspage.reading.history.STORIES_A_PART", 2)


def links(text: str) -> dict[str, str]:
    return dict(re.findall(r'<a rel="(next|prev)" href="([^"]+)">', text))


@pytest.mark.usefixtures("two_a_part")
def test_a_busy_month_goes_on_on_further_parts(visitor: Client) -> None:
    days = (20, 15, 10, 5, 1)
    for day in days:
        past(f"On {day}. November", datetime(2026, 11, day, 9, tzinfo=UTC))
    past("In September", datetime(2026, 9, 9, 9, tzinfo=UTC))
    past("In August", datetime(2026, 8, 9, 9, tzinfo=UTC))
    way, shown = ["/history"], []
    while True:
        text = visitor.get(way[-1]).content.decode()
        assert re.search(rf'rel="canonical" href="http[^"/]+//[^"/]+{re.escape(way[-1])}"', text)
        assert links(text).get("prev", "").replace("&amp;", "&") == "".join(way[-2:-1])
        shown.append(re.findall(r"<h2>(\w+) 2026|>(On \d+|In \w+)|(No incidents)", text))
        if len(way) == 4:
            break
        way.append(links(text)["next"].replace("&amp;", "&"))
    assert way == ["/history", "/history?part=2", "/history?part=3", "/history?page=2"]
    assert [["".join(found) for found in part] for part in shown] == [
        ["November", "On 20", "On 15"],
        ["November", "On 10", "On 5"],
        ["November", "On 1", "October", "No incidents", "September", "In September"],
        ["August", "In August", "July", "No incidents", "June", "No incidents"],
    ]
    assert visitor.get("/history?part=4").status_code == 404
    assert visitor.get("/history?page=2&part=2").status_code == 404


@pytest.mark.usefixtures("two_a_part")
def test_a_month_in_which_nothing_was_is_told_of_between_two_parts(visitor: Client) -> None:
    for month, day in ((11, 9), (11, 2), (9, 9)):
        past(f"In month {month}", datetime(2026, month, day, 9, tzinfo=UTC))
    first, second = (visitor.get(f"/history?part={n}").content.decode() for n in (1, 2))
    assert "October 2026" in first
    assert "September 2026" not in first
    assert "October 2026" not in second
    assert "September 2026" in second


@pytest.mark.parametrize("part", ["0", "2", "-1", "x", "999", "99999999999", "²"])
def test_an_odd_part_is_not_found(visitor: Client, part: str) -> None:
    assert visitor.get("/history", {"part": part}).status_code == 404


def test_work_begun_the_month_before_its_plan_is_not_lost(visitor: Client) -> None:
    start = datetime(2026, 9, 1, 1, tzinfo=UTC)
    work = open_incident(
        "New machines",
        by=STAFF,
        kind=Kind.MAINTENANCE,
        facts=Facts(components=[component()], pages=[default_page()], scheduled_for=start),
        at=datetime(2026, 8, 20, tzinfo=UTC),
    )
    post_update(work, by=STAFF, saying=Saying(status="in_progress"), at=start - timedelta(hours=6))
    post_update(work, by=STAFF, saying=Saying(status="completed"), at=start)
    assert "New machines" in read(visitor)
