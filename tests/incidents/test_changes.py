"""What was deployed or configured, and which of it came before an incident."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ

from atender.due import work
from atender.due.models import Due
from atender.refusals import Refused
from incidents.changes import Source, delete_change, record_change, suspects_of
from incidents.models import AuditEntry, SystemChange
from incidents.tasks import forget_changes
from monitors.models import Service
from tests.factories import STAFF, component, make_incident

pytestmark = pytest.mark.usefixtures("acme")
MINUTE = timedelta(minutes=1)


def test_a_change_is_kept_with_who_reported_it() -> None:
    source = Source(version="9f3c2ab", url="http://ci/builds/42", author="Dana")
    change = record_change("  Checkout\n2026.11 ", by=STAFF, source=source)
    assert (change.summary, change.kind, change.author) == (
        "Checkout 2026.11",
        "deployment",
        "Dana",
    )
    assert (change.by_name, change.url) == ("Alice", "http://ci/builds/42")
    assert timezone.now() - change.happened_at < MINUTE


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"summary": " \u200f\0"}, "empty"),
        ({"summary": "x" * 256}, "at most 255"),
        ({"kind": "party"}, "it is one of deployment"),
        ({"source": Source(url="javascript:alert(1)")}, "web address"),
        ({"source": Source(url="https://")}, "web address"),
        ({"source": Source(url="https://[x")}, "web address"),
        ({"source": Source(version="v" * 121)}, "at most 120"),
        ({"happened_at": datetime(2100, 1, 1, tzinfo=UTC)}, "in the future"),
        ({"happened_at": datetime(1969, 1, 1, tzinfo=UTC)}, "kept for 90 days"),
    ],
)
def test_what_cannot_be_is_refused(fields: dict[str, object], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        record_change(**{"summary": "A release", "by": STAFF, **fields})  # type: ignore[arg-type]
    assert not SystemChange.objects.exists()
    assert not Due.objects.exists()


def test_a_clock_that_is_a_little_ahead_is_believed() -> None:
    ahead = timezone.now() + 4 * MINUTE
    assert record_change("A release", by=STAFF, happened_at=ahead).happened_at == ahead


def test_an_incident_has_those_of_the_two_hours_before_related_ones_first() -> None:
    began = timezone.now() - 30 * MINUTE
    for summary, before in (
        ("too old", 121),
        ("two hours", 120),
        ("just before", 1),
        ("after", -1),
    ):
        record_change(summary, by=STAFF, happened_at=began - before * MINUTE)
    api = component()
    record_change("api", by=STAFF, components=[api], happened_at=began - 90 * MINUTE)
    incident = make_incident(started_at=began)

    suspects = suspects_of(incident)

    assert [s.change.summary for s in suspects] == ["api", "just before", "two hours"]
    assert [s.is_related for s in suspects] == [True, False, False]


def test_a_change_of_the_service_of_a_tagged_monitor_is_related() -> None:
    platform = Service.objects.get()
    record_change("platform", by=STAFF, service=platform)
    incident = make_incident(components=())
    incident.monitors.add(platform.monitors.get())
    assert [suspect.is_related for suspect in suspects_of(incident)] == [True]


def test_a_change_without_a_service_is_not_that_of_an_incident_without_one() -> None:
    record_change("anything", by=STAFF)
    assert [suspect.is_related for suspect in suspects_of(make_incident())] == [False]


def test_changes_are_forgotten_after_ninety_days() -> None:
    now = timezone.now()
    record_change("old", by=STAFF, happened_at=now - timedelta(days=89))
    record_change("old too", by=STAFF, happened_at=now - timedelta(days=89))
    record_change("new", by=STAFF)
    assert Due.objects.filter(kind="incidents.changes").count() == 2
    with time_machine.travel(now + timedelta(days=3), tick=False):
        assert work.hand_out() == 1
        work.run(*OrmQ.objects.get().task["args"])
    assert [change.summary for change in SystemChange.objects.all()] == ["new"]
    assert Due.objects.filter(kind="incidents.changes").count() == 1


def test_forgetting_twice_does_no_harm() -> None:
    record_change("new", by=STAFF)
    for _ in range(2):
        forget_changes("2026-01-01", work.Lease(0, 0))
    assert SystemChange.objects.count() == 1


def test_a_deleted_change_leaves_its_summary_in_the_audit() -> None:
    delete_change(record_change("a mistake", by=STAFF), by=STAFF)
    assert not SystemChange.objects.exists()
    assert AuditEntry.objects.get(action="change.deleted").details == {"name": "a mistake"}


@pytest.mark.parametrize(
    "path", ["/", "/history", "/api/v2/summary.json", "/api/v2/incidents.json"]
)
def test_a_change_is_never_public(path: str, visitor: Client) -> None:
    make_incident()
    marker = Source(version="quokka", author="quokka", url="https://quokka.example")
    record_change("quokka", by=STAFF, source=marker, components=[component()])
    assert b"quokka" not in visitor.get(path).content
