"""On call now: one screen that says what is wrong, and lets somebody do something about it."""

from datetime import time, timedelta

from django.test import Client
from django.utils import timezone

from alerts.escalation.upcoming import called_next
from alerts.lifecycle import acknowledge
from alerts.models import Alert
from alerts.people.arranging import save_group, save_policy, save_schedule
from alerts.people.reachable import add_method
from atender.staff.models import User
from monitors.models import Service
from monitors.runbooks import write_runbook
from tests.alerts.calling import in_seconds, person, policy
from tests.alerts.making import kinds_of, make_alert, probe
from tests.costs import queries_of
from tests.factories import STAFF

NOW = "/on-call/"


def deed_of(alert: Alert, deed: str) -> str:
    return f"/admin/alerts/alert/{alert.pk}/{deed}/"


def test_a_newcomer_is_told_that_nobody_is_called(console: Client) -> None:
    shown = console.get(NOW).content.decode()
    for words in ("Nobody is called yet", "You cannot be called yet", "No open alert<"):
        assert words in shown
    console.post("/on-call/start/")
    shown = console.get(NOW).content.decode()
    assert "Nobody is called yet" not in shown
    assert "You cannot be called yet" not in shown


def test_it_says_what_is_wrong_who_has_it_and_who_is_next(
    console: Client, mailoutbox: list[object]
) -> None:
    write_runbook(probe().pk, "Restart **the pool**.", by=STAFF, name="api probe")
    policy([person("Dana")], [person("Eli")])
    alert = make_alert(monitor=probe(), details={"cause": "All time out."})
    in_seconds(0)
    shown = console.get(NOW).content.decode()
    for words in (
        "Who has it: <strong>nobody</strong>",
        "Next is called <strong>Eli</strong>",
        "All time out.",
        "<strong>the pool</strong>",
        "Create an incident",
    ):
        assert words in shown, words
    assert "<strong>Eli</strong>" in console.get(f"{deed_of(alert, 'change')}").content.decode()
    acknowledge(alert, by=STAFF)
    shown = console.get(NOW).content.decode()
    assert "Who has it: <strong>Alice</strong>" in shown
    assert "Next is called" not in shown


def test_a_services_runbook_stands_once(console: Client) -> None:
    service = Service.objects.get()
    write_runbook(service.pk, "Restart **the pool**.", by=STAFF, name=service.name)
    for summary in ("Checkout fails", "Search fails"):
        make_alert(summary, service=service)
    shown = console.get(NOW).content.decode()
    assert shown.count("<strong>the pool</strong>") == 1
    assert shown.count("stands with its first alert, above") == 1


def test_one_click_does_it_and_returns(console: Client) -> None:
    alert = make_alert()
    for deed, sent in (
        ("snooze", {"minutes": "30"}),
        ("acknowledge", {}),
        ("note", {"text": "Restarted it."}),
        ("resolve", {}),
    ):
        answer = console.post(deed_of(alert, deed), {**sent, "next": NOW})
        assert answer.headers["Location"] == NOW
    assert kinds_of(alert) == ["triggered", "snoozed", "acknowledged", "note", "resolved"]
    away = console.post(deed_of(alert, "note"), {"text": "x", "next": "//evil.example/"})
    assert away.headers["Location"] == deed_of(alert, "change")


def test_who_has_the_duty_stands_beside_it_all(console: Client, alice: User) -> None:
    schedule = save_schedule(
        None,
        by=STAFF,
        name="Shop",
        starts_on=timezone.localdate() - timedelta(days=1),
        handover_at=time(0),
        people=[alice, person("Dana")],
    )
    shown = console.get(NOW).content.decode()
    assert "You have the duty." in shown
    assert "But you cannot be called" in shown
    add_method(alice, "email", alice.email, by=STAFF)
    assert "But you cannot be called" not in console.get(NOW).content.decode()
    first = console.get("/admin/").content.decode()
    assert schedule.pk in first
    assert "then Dana" in first


def test_who_is_next_when_all_steps_are_gone(acme: object, mailoutbox: list[object]) -> None:
    group = save_group(None, by=STAFF, name="All", people=[person("Fay")])
    policy([person("Dana")], last_resort=group)
    alert = make_alert(monitor=probe())
    at = in_seconds(0)
    alert.refresh_from_db()
    assert called_next(alert.escalation) == "the last resort, Fay"
    in_seconds(300, at)
    alert.refresh_from_db()
    assert called_next(alert.escalation) == ""


def test_a_viewer_reads_and_has_no_buttons(bobs_console: Client) -> None:
    make_alert()
    save_policy(None, by=STAFF, name="Shop", is_fallback=True)
    shown = bobs_console.get(NOW).content.decode()
    assert "api probe is down" in shown
    assert "Acknowledge" not in shown
    assert bobs_console.post(NOW).status_code == 405


def test_it_costs_little_for_each(console: Client) -> None:
    """A runbook's place and who is next are looked up for each; nothing else is."""
    counts = []
    for size in (2, 12):
        for number in range(size):
            make_alert(f"Number {number} of {size}")
        counts.append(queries_of(console, NOW))
    assert counts[0] == counts[1]
