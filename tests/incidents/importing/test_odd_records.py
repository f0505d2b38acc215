"""Records that are not as they should be: brought in with a sentence, or left out with one."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from atender.tenants.models import Tenant
from incidents.models import Component, ComponentGroup, ImportItem, Incident
from tests.factories import default_page
from tests.incidents.importing.making import (
    BEGIN,
    Elsewhere,
    Record,
    bring_in,
    component,
    incident,
    iso,
    maintenance,
    open_incident,
    said,
    update,
)


@pytest.fixture(autouse=True)
def inside(acme: Tenant, settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True


def brought(record: Record) -> str:
    """Bring one incident in; what is said of it."""
    elsewhere = Elsewhere(record)
    return said(bring_in(elsewhere), str(record.get("id")))


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"name": None}, "The incident has no title."),
        ({"name": "  <b></b> "}, "The incident has no title."),
        ({"name": ["x"]}, "The incident has no title."),
        (
            {"created_at": None, "started_at": "yesterday", "incident_updates": []},
            "The incident has no date that can be read.",
        ),
        (
            {"created_at": "0001-01-01T00:00:00Z", "incident_updates": []},
            "The incident has no date that can be read.",
        ),
        (
            {"status": "on_fire", "incident_updates": []},
            "Its status 'on_fire' is none that is known here",
        ),
        ({"status": None, "incident_updates": []}, "Its status '' is none that is known here"),
    ],
)
def test_some_cannot_be_brought_in(facts: Record, sentence: str) -> None:
    text = brought(incident(**facts))
    assert text.startswith(f"skipped: {sentence}")
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"name": "x" * 256}, "The title had 256 characters; the first 255 were kept"),
        ({"impact": "catastrophic"}, "'catastrophic' is no severity that is known here"),
        ({"status": "on_fire"}, "that of the latest update was taken"),
        ({"started_at": "2099-01-01T00:00:00Z", "incident_updates": []}, "lay in the future"),
        ({"status": "investigating"}, "Its record says investigating and no update of it does"),
        (
            {"components": [{"id": "c9", "name": "<i>Fax</i>"}]},
            "Its component “Fax” is not among those brought in",
        ),
    ],
)
def test_others_are_brought_in_with_a_word_about_it(facts: Record, sentence: str) -> None:
    text = brought(incident(**facts))
    assert text.startswith("made: ")
    assert sentence in text


def test_a_long_title_is_cut_where_it_has_to_be() -> None:
    brought(incident("i1", name="x" * 255))
    bring_in(Elsewhere(incident("i2", name="y" * 256)))
    titles = Incident.objects.order_by("title").values_list("title", flat=True)
    assert list(titles) == ["x" * 255, "y" * 254 + "…"]


@pytest.mark.parametrize("value", [None, "", {}, "x", 7, [None], [7], [[]], [{}], [{"id": None}]])
def test_lists_that_are_none_are_empty(value: Any) -> None:
    brought(incident(incident_updates=value, components=value, status="resolved"))
    closed = Incident.objects.get()
    assert (closed.status, closed.resolved_at) == ("resolved", BEGIN)


@pytest.mark.parametrize("value", [None, "x", 7, {}, [None, 7, "x", []]])
def test_whole_lists_may_be_nonsense(value: Any) -> None:
    elsewhere = Elsewhere()
    elsewhere.components = value
    document = elsewhere.document
    elsewhere.document = lambda name, part=1: {  # type: ignore[method-assign]
        **document(name, part),
        "incidents": value,
        "scheduled_maintenances": value,
    }
    run = bring_in(elsewhere)
    assert (run.state, run.totals) == ("done", {})


def test_a_record_without_an_id_cannot_come_twice() -> None:
    run = bring_in(Elsewhere({**incident(), "id": None}, {**incident(), "id": "x" * 101}))
    assert run.totals == {"component": {"made": 1}, "incident": {"skipped": 1}}
    assert "has no id" in said(run, "(The ferry is late)")


def test_updates_out_of_order_fall_into_place() -> None:
    updates = [
        update("u1", "investigating", "one", 0),
        update("u3", "resolved", "three", 60),
        update("u2", "identified", "two", 30),
    ]
    brought(incident(incident_updates=updates, status="resolved"))
    told = Incident.objects.get().updates.order_by("posted_at")
    assert [u.body for u in told] == ["one", "two", "three"]


def test_updates_of_one_moment_keep_the_order_of_the_source() -> None:
    updates = [
        update("u3", "resolved", "three", 0),
        update("u2", "identified", "two", 0),
        update("u1", "investigating", "one", 0),
    ]
    assert brought(incident(incident_updates=updates)) == ""
    closed = Incident.objects.get()
    assert [u.body for u in closed.updates.all()] == ["one", "two", "three"]
    assert closed.status == "resolved"


def test_odd_updates_are_kept_or_left_out_with_a_word() -> None:
    updates = [
        update("u7", "resolved", "It is over.", 60),
        update("u6", "resolved", "It is over, we said.", 70),
        {"id": "u5", "status": "monitoring", "body": "no date"},
        update("u4", "monitoring", "", 40),
        update("u3", "monitoring", "", 45),
        update("u2", "exploding", "A word of its own.", 20),
        update("u1", "investigating", "x" * 20_001, 0),
    ]
    text = brought(incident(incident_updates=updates, status="resolved"))
    assert "Update u5 has no date and was left out." in text
    assert "'exploding' is no status that is known here; the text of its update was kept" in text
    assert "An update had 20,001 characters; the first 20,000 were kept" in text
    told = [(u.status, len(u.body)) for u in Incident.objects.get().updates.all()]
    assert told == [
        ("investigating", 20_000),
        ("investigating", 18),
        ("monitoring", 0),
        ("resolved", 11),
        ("resolved", 20),
    ]


def test_hostile_words_are_only_words() -> None:
    name = "<script>alert(1)</script>Ferry \u202elate\u0000 <b>now</b> 🚢"
    body = "<img src=x onerror=alert(1)>{{ settings }} {% debug %} \ud800\u0000"
    body += " <a href='javascript:x'>y</a>"
    elsewhere = Elsewhere(open_incident(name=name, impact="none"))
    elsewhere.incidents[0]["incident_updates"][0]["body"] = body
    elsewhere.components = [component(name=name, description=body)]
    assert said(bring_in(elsewhere)) == ""
    made = Incident.objects.get()
    assert made.title == "Ferry \u202elate now 🚢"
    assert made.updates.get().body == "{{ settings }} {% debug %} \ufffd y"
    assert Component.objects.filter(name="Ferry \u202elate now 🚢").exists()


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("2026-09-01T10:00:00.123456789Z", BEGIN + timedelta(microseconds=123456)),
        ("2026-09-01T10:00:00.1Z", BEGIN + timedelta(milliseconds=100)),
        ("2026-09-01T12:00:00+02:00", BEGIN),
        ("2026-09-01 10:00:00", BEGIN),
        ("2026-09-01T10:00", BEGIN),
    ],
)
def test_moments_are_read_as_they_are_written(written: str, means: object) -> None:
    brought(incident(created_at=written, incident_updates=[], status="resolved"))
    assert Incident.objects.get().started_at == means


@pytest.mark.parametrize("value", [0, 1788256800, True, [], {}, "1969-12-31T00:00:00Z", "9999999"])
def test_what_is_no_moment_is_none(value: Any) -> None:
    assert "has no date" in brought(incident(created_at=value, incident_updates=[]))


def test_planned_work_in_the_list_of_incidents_is_planned_work() -> None:
    brought(maintenance("m1"))
    assert Incident.objects.get().kind == "maintenance"


@pytest.mark.parametrize(
    ("facts", "status", "sentence"),
    [
        (
            {"scheduled_for": iso(60), "scheduled_until": iso(120)},
            "completed",
            "the source still says scheduled; it was brought in as completed",
        ),
        (
            {"scheduled_for": iso(60), "scheduled_until": "2098-01-01T00:00:00Z"},
            "in_progress",
            "it was brought in as in progress",
        ),
        (
            {"scheduled_for": iso(60), "scheduled_until": iso(30)},
            "in_progress",
            "The window ended before it began; its end was left out.",
        ),
        ({"scheduled_for": None}, "scheduled", "The window had an end and no start"),
    ],
)
def test_windows_that_time_has_passed(facts: Record, status: str, sentence: str) -> None:
    """The clock would move them now, and tell everybody of what is long known."""
    assert sentence in brought(maintenance("m1", **facts))
    made = Incident.objects.get()
    assert made.status == status
    assert not made.updates.filter(notifies=True).exists()
    if status == "completed":
        assert made.resolved_at == BEGIN + timedelta(minutes=120)


def test_a_clock_that_runs_ahead_writes_nothing_into_the_future() -> None:
    ahead = (timezone.now() + timedelta(hours=5)).isoformat()
    record = open_incident()
    record["incident_updates"][0].update(created_at=ahead, display_at=ahead)
    assert "the present was taken instead" in brought(record)
    assert Incident.objects.get().updates.get().posted_at <= timezone.now()


def test_names_that_stand_there_twice_are_told_apart() -> None:
    elsewhere = Elsewhere()
    elsewhere.components = [
        component("g1", "Pier", group=True, components=["c1", "c2"]),
        component("c1", "Crane", group_id="g1"),
        component("c2", "Crane"),
        component("c3", "Crane"),
    ]
    run = bring_in(elsewhere)
    assert "Two components there are called “Crane”; this one is “Crane (2)” here." in said(
        run, "c2"
    )
    assert said(run, "c3") == ""
    pier = ComponentGroup.objects.get(name="Pier")
    assert [c.name for c in pier.components.order_by("position")] == ["Crane", "Crane (2)"]


def test_components_that_are_here_already_are_the_same() -> None:
    elsewhere = Elsewhere(incident())
    elsewhere.components = [
        component("g1", "Core", group=True, components=["c1"]),
        component("c1", "API", start_date="2024-01-01"),
    ]
    run = bring_in(elsewhere)
    assert "There was a component of this name here already" in said(run, "c1")
    assert run.totals["component"] == {"updated": 1}
    api = Component.objects.get(name="API")
    assert api.started_at.year == 2024
    assert default_page().entries.filter(component=api).count() == 1
    assert Incident.objects.get().components.get() == api


def test_what_fails_unforeseen_is_left_out_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(record: Record, **_: Any) -> Any:
        raise ZeroDivisionError(record["name"])

    monkeypatch.setitem(
        __import__("incidents.importing.bringing", fromlist=["BRINGERS"]).BRINGERS,
        "maintenance",
        broken,
    )
    elsewhere = Elsewhere(incident())
    elsewhere.maintenances = [maintenance()]
    run = bring_in(elsewhere)
    assert run.state == "done"
    assert "the log of the server says why" in said(run, "m1")
    assert Incident.objects.get().kind == "incident"
    assert not ImportItem.objects.filter(run=run).exclude(text="").exists()


def test_what_is_nested_without_end_is_left_out() -> None:
    deep: list[Any] = []
    for _ in range(200):
        deep = [deep]
    elsewhere = Elsewhere(incident(), incident("i2", oddity=deep))
    run = bring_in(elsewhere)
    assert said(run, "i2") == "skipped: The incident is nested deeper than 50 levels."
    assert run.totals["incident"] == {"made": 1, "skipped": 1}
