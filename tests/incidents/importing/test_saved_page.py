"""A page whose documents were saved, in the words and shapes of a hosted status page."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from atender.due.models import Due
from atender.tenants.context import in_public
from atender.tenants.models import Tenant
from incidents.models import (
    AuditEntry,
    Component,
    ComponentGroup,
    Incident,
    IncidentUpdate,
    StateInterval,
)
from subscribers.models import Notice
from tests.factories import default_page

SAVED = Path(__file__).parent / "saved"
CERTIFICATE = """Our certificate with the bank ran out.

We are on the line: their help desk (https://bank.example/help)."""


@pytest.fixture
def imported(acme: Tenant) -> None:
    # What the factories made would stand beside it.
    Component.objects.all().delete()
    ComponentGroup.objects.all().delete()
    call_command("import_statuspage", str(SAVED), tenant="acme")


def at(day: str, time: str) -> datetime:
    return datetime.fromisoformat(f"2026-{day}T{time}:00Z")


def one(title: str) -> Incident:
    return Incident.objects.get(title__contains=title)


def spans(name: str) -> list[tuple[str, datetime, datetime | None]]:
    rows = StateInterval.objects.filter(component__name=name, page=default_page())
    return list(rows.order_by("started_at").values_list("state", "started_at", "ended_at"))


@pytest.mark.usefixtures("imported")
def test_components_stand_as_they_stood_there() -> None:
    shown = [entry.component for entry in default_page().entries.all()]
    assert [(c.name, c.group.name if c.group else "") for c in shown] == [
        ("Website", ""),
        ("Booking", "Harbour & berths"),
        ("Tide tables", "Harbour & berths"),
    ]
    booking, tides = shown[1:]
    assert booking.description == "Berths and moorings"
    assert booking.started_at == datetime(2024, 1, 1, tzinfo=UTC)
    assert tides.started_at == datetime(2025, 3, 1, 8, tzinfo=UTC)


@pytest.mark.usefixtures("imported")
def test_an_incident_tells_its_story_at_its_own_times() -> None:
    incident = one("cannot be paid")
    assert (incident.severity, incident.status) == ("critical", "resolved")
    assert incident.started_at == at("10-02", "09:40")
    assert incident.resolved_at == at("10-02", "11:00")
    told = [(u.posted_at, u.status, u.changes_status, u.body) for u in incident.updates.all()]
    assert told == [
        (
            at("10-02", "10:00"),
            "investigating",
            True,
            "No card is taken since 09:40.\nWe look into it.",
        ),
        (
            at("10-02", "10:20"),
            "identified",
            True,
            CERTIFICATE,
        ),
        (
            at("10-02", "10:45"),
            "monitoring",
            True,
            "The certificate is new. Some cards are still refused.",
        ),
        (at("10-02", "11:00"), "resolved", True, "Paid bookings go through again."),
    ]
    assert list(incident.pages.all()) == [default_page()]


@pytest.mark.usefixtures("imported")
def test_what_was_written_afterwards_is_a_post_mortem() -> None:
    written = one("cannot be paid").post_mortem
    assert written.is_published
    assert written.published_at == at("10-05", "09:00")
    assert written.body.startswith("## What happened\n\nA certificate ran out at 09:40.")


@pytest.mark.usefixtures("imported")
def test_states_are_those_that_the_source_told() -> None:
    assert spans("Booking") == [
        ("major_outage", at("10-02", "09:40"), at("10-02", "10:45")),
        ("degraded", at("10-02", "10:45"), at("10-02", "11:00")),
    ]
    assert one("cannot be paid").impacts.get().state == "major_outage"


@pytest.mark.usefixtures("imported")
def test_states_follow_the_severity_where_the_source_tells_none() -> None:
    assert spans("Tide tables") == [
        ("degraded", at("08-14", "06:00"), at("08-14", "07:30")),
    ]


@pytest.mark.usefixtures("imported")
def test_planned_work_keeps_its_window() -> None:
    done, ahead = one("New cables"), one("Dredging")
    assert (done.kind, done.status, done.severity) == ("maintenance", "completed", "maintenance")
    assert (done.scheduled_for, done.scheduled_until) == (
        at("09-05", "02:00"),
        at("09-05", "04:00"),
    )
    assert done.started_at == at("09-01", "12:00")
    assert spans("Website") == [("maintenance", at("09-05", "02:00"), at("09-05", "03:10"))]
    assert (ahead.status, ahead.resolved_at) == ("scheduled", None)
    with in_public():
        promised = Due.objects.get(kind="incidents.window", key=ahead.id)
    assert promised.due_at == ahead.scheduled_for


@pytest.mark.usefixtures("imported")
def test_nobody_is_told_and_the_record_says_who_did_it() -> None:
    assert not Notice.objects.exists()
    assert not IncidentUpdate.objects.filter(notifies=True).exists()
    with in_public():
        assert set(Due.objects.values_list("kind", flat=True)) == {"incidents.window"}
    entries = AuditEntry.objects.filter(action="incident.imported")
    assert {entry.by_kind for entry in entries} == {"operator"}
    assert entries.count() == Incident.objects.count() == 4


@pytest.mark.usefixtures("imported")
def test_ids_are_of_the_incidents_time() -> None:
    newest_first = [incident.title[:8] for incident in Incident.objects.order_by("-id")]
    assert newest_first == ["Dredging", "Bookings", "New cabl", "Tide tab"]


def test_the_summary_says_what_came_of_it(acme: Tenant, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_statuspage", str(SAVED), tenant="acme")
    said = capsys.readouterr().out
    assert "Done: 1 of 1 group, 3 of 3 components, 2 of 2 incidents, 2 of 2 maintenances" in said
    assert "Incidents: 2 made, 0 updated, 0 unchanged, 0 skipped" in said
    assert "incident inctides00001, made: Its component “Fax line” is not among" in said

    call_command("import_statuspage", str(SAVED), tenant="acme")
    said = capsys.readouterr().out
    assert "Components: 0 made, 0 updated, 3 unchanged, 0 skipped" in said
    assert "Maintenances: 0 made, 0 updated, 2 unchanged, 0 skipped" in said
    assert Incident.objects.count() == 4
