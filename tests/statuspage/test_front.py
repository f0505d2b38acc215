from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from incidents.lifecycle import Facts, delete_incident, open_incident, post_update
from incidents.models import Component, Kind
from incidents.timeline import delete_update, edit_update
from incidents.transitions import Saying
from statuspage.models import Branding
from tests.factories import STAFF, component, default_page, make_incident, partner_page

PRIVATE = "The password of the old router was wrong"


def shown(visitor: Client, path: str = "/") -> str:
    answer = visitor.get(path)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def say(incident, body="", **kwargs):
    return post_update(incident, by=STAFF, saying=Saying(body=body, **kwargs))


def test_a_quiet_page_says_that_all_is_well(visitor: Client) -> None:
    text = shown(visitor)
    assert "All Systems Operational" in text
    assert "Open incidents" not in text
    assert text.count("Operational</p>") == 3


def test_an_incident_shows_whole_and_first(visitor: Client) -> None:
    incident = make_incident()
    say(incident, "We replaced the faulty server.", status="monitoring")
    text = shown(visitor)
    assert "Partial System Disruption" in text
    assert text.count("Partial outage</p>") == 1
    for part in (
        incident.title,
        "affects <bdi>API</bdi>",
        "We replaced the faulty server.",
        "Investigating",
    ):
        assert part in text
    assert text.index(incident.title) < text.index('id="components"') < text.index("Recent")


def test_the_newest_updated_incident_comes_first(visitor: Client) -> None:
    first, _second = make_incident("First of two"), make_incident("Second of two")
    say(first, "Still working on it.")
    text = shown(visitor)
    assert text.index("First of two") < text.index("Second of two")


def test_a_private_text_never_leaves_the_console(visitor: Client) -> None:
    incident = make_incident()
    say(incident, PRIVATE, is_public=False)
    say(incident, PRIVATE, is_public=False, status="identified")
    for path in ("/", f"/incidents/{incident.id}"):
        text = shown(visitor, path)
        assert PRIVATE not in text
        assert STAFF.name not in text
        assert "Identified" in text


def test_a_deleted_text_is_gone_but_its_transition_stays(visitor: Client) -> None:
    incident = make_incident()
    delete_update(say(incident, "Wrong words", status="identified"), by=STAFF)
    assert "Wrong words" not in shown(visitor)
    assert "Identified" in shown(visitor)


def test_an_edited_text_says_so(visitor: Client) -> None:
    incident = make_incident()
    update = say(incident, "12 customers are affected.")
    assert "(edited)" not in shown(visitor)
    edit_update(update, by=STAFF, body="21 customers are affected.")
    assert "(edited)" in shown(visitor)
    assert "12 customers" not in shown(visitor)


def test_text_is_never_markup(visitor: Client) -> None:
    make_incident("<i>Title</i>", body="<script>alert(1)</script> {{ site }} {% now %}")
    text = shown(visitor)
    assert "<i>Title" not in text
    assert "<script>alert" not in text
    assert escape("<script>alert(1)</script> {{ site }} {% now %}") in text


@pytest.mark.parametrize(
    "hide",
    [
        lambda: make_incident("Hidden trouble", pages=()),
        lambda: make_incident("Hidden trouble", pages=(partner_page(),)),
        lambda: delete_incident(make_incident("Hidden trouble"), by=STAFF),
    ],
    ids=["internal", "partners", "deleted"],
)
def test_what_is_not_published_here_leaves_no_trace(
    visitor: Client, hide: Callable[[], object]
) -> None:
    hide()
    text = shown(visitor)
    assert "Hidden trouble" not in text
    assert "All Systems Operational" in text
    assert text.count("Operational</p>") == 3


def test_a_component_of_another_page_is_not_named(visitor: Client) -> None:
    secret = Component.objects.create(name="Partner ledger")
    make_incident(components=("API", secret.name))
    text = shown(visitor)
    assert "affects <bdi>API</bdi>" in text
    assert secret.name not in text


def test_promises_stand_out_while_it_lasts(visitor: Client) -> None:
    incident = make_incident()
    soon = timezone.now() + timedelta(minutes=30)
    say(incident, "More soon.", next_update_by=soon, eta=soon + timedelta(hours=2))
    assert "Next update by" in shown(visitor)
    assert "Expected to be over by" in shown(visitor)
    say(incident, status="resolved")
    assert "Next update by" not in shown(visitor)
    assert "Expected to be over by" not in shown(visitor)


def test_the_expected_end_moves_without_a_word(visitor: Client) -> None:
    incident, until = make_incident(), timezone.now().replace(microsecond=0) + timedelta(hours=2)
    say(incident, "More soon.", eta=until)
    lines = shown(visitor).count('class="said"')
    say(incident, eta=until + timedelta(hours=1))
    say(incident, "Perhaps sooner.", is_public=False, eta=until - timedelta(hours=1))
    assert f'over by</dt><dd><time datetime="{until + timedelta(hours=1):%Y-%m-%dT%H:%M}' in shown(
        visitor
    )
    assert shown(visitor).count('class="said"') == lines


def test_a_long_history_folds_but_not_the_last_update(visitor: Client) -> None:
    incident = make_incident()
    for number in range(1, 5):
        say(incident, f"Word number {number}.")
    text = shown(visitor)
    assert "2 earlier updates" in text
    assert text.index("Word number 4.") < text.index("<details") < text.index("Word number 1.")


def test_of_a_bad_week_the_newest_stand_here_and_all_in_the_history(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("statuspage.reading.front.MOST_RECENT", 2)
    now = timezone.now()
    make_incident("Still open", at=now - timedelta(days=6))
    for hours in (4, 3, 2):
        at = now - timedelta(hours=hours)
        incident = make_incident(f"Over for {hours} hours", at=at - timedelta(minutes=5))
        post_update(incident, by=STAFF, saying=Saying(status="resolved"), at=at)
    text = shown(visitor)
    places = [text.index(t) for t in ("Still open", "Over for 2", "Over for 3", "All past")]
    assert places == sorted(places)
    assert "Over for 4" not in text
    assert "Over for 4" in shown(visitor, "/history")


def test_resolved_incidents_stay_for_the_recency_window(visitor: Client) -> None:
    now = timezone.now()
    for days in (6, 8):
        incident = make_incident(f"Over for {days} days", at=now - timedelta(days=days, hours=1))
        post_update(
            incident, by=STAFF, saying=Saying(status="resolved"), at=now - timedelta(days=days)
        )
    text = shown(visitor)
    assert "Over for 6 days" in text
    assert "Over for 8 days" not in text
    Branding.objects.filter(page=default_page()).update(recency_days=9)
    assert "Over for 8 days" in shown(visitor)


def test_maintenance_is_announced_then_runs_then_is_over(visitor: Client) -> None:
    start = timezone.now() + timedelta(days=2)
    work = open_incident(
        "Move to new machines",
        by=STAFF,
        kind=Kind.MAINTENANCE,
        severity="maintenance",
        facts=Facts(
            components=[component()],
            pages=[default_page()],
            scheduled_for=start,
            scheduled_until=start + timedelta(hours=1),
        ),
    )
    text = shown(visitor)
    assert "All Systems Operational" in text
    assert "Scheduled" in text
    say(work, status="in_progress")
    text = shown(visitor)
    assert "Under Maintenance" in text
    assert "Maintenance</p>" in text
    say(work, status="completed")
    assert "All Systems Operational" in shown(visitor)


def test_a_day_leads_to_its_incident(visitor: Client) -> None:
    start = timezone.now() - timedelta(days=4)
    Component.objects.update(started_at=start - timedelta(days=100))
    incident = make_incident(at=start)
    post_update(
        incident, by=STAFF, saying=Saying(status="resolved"), at=start + timedelta(minutes=42)
    )
    text = shown(visitor)
    assert f'<a href="/incidents/{incident.id}" tabindex="-1"><g class="partial">' in text
    assert "Partial outage, 42 min" in text
    assert "99.990 %" in text


def test_times_are_those_of_the_pages_zone(visitor: Client) -> None:
    Branding.objects.filter(page=default_page()).update(time_zone="Asia/Tokyo")
    text = shown(visitor)
    assert "JST</time>" in text
    assert "Times are in Asia/Tokyo." in text
    Branding.objects.filter(page=default_page()).update(time_zone="America/Port_of_Spain")
    assert "Times are in America/Port of Spain." in shown(visitor)
    Branding.objects.filter(page=default_page()).update(time_zone="America/Sao_Paulo")
    assert " UTC-03</time>" in shown(visitor)


def test_a_page_without_components_says_so(visitor: Client) -> None:
    Component.objects.all().delete()
    assert "No components are listed here yet." in shown(visitor)


def test_the_form_needs_only_an_address(visitor: Client) -> None:
    text = shown(visitor)
    assert '<form method="post" action="/subscribe">' in text
    assert f'name="component" value="{component().id}"' in text
    assert "csrf" not in text
