from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from atender.locking import Gone
from atender.refusals import Refused
from atender.tenants.models import Tenant
from incidents.backfill import History, Told, continue_history, record_history
from incidents.lifecycle import delete_incident
from incidents.models import (
    AuditEntry,
    Component,
    ComponentState,
    Incident,
    IncidentUpdate,
    Kind,
    Severity,
    StateInterval,
    Status,
)
from incidents.models.vocabulary import ComponentStateName as State
from statuspage.uptime import Interval, Window, uptime
from subscribers.models import Notice
from tests.factories import STAFF, component, default_page, make_incident, partner_page

BEGIN = datetime(2026, 9, 1, 10, tzinfo=UTC)
UNTIL = BEGIN + timedelta(days=1)

pytestmark = pytest.mark.usefixtures("acme")


def at(minutes: float) -> datetime:
    return BEGIN + timedelta(minutes=minutes)


def told(minutes: float, status: str | None, text: str = "", **states: str) -> Told:
    ids = {component(name).id: State(state) for name, state in states.items()}
    return Told(str(minutes), Status(status) if status else None, text, at(minutes), ids)


def history(*entries: Told, **facts: object) -> History:
    given: dict[str, object] = {
        "kind": Kind.INCIDENT,
        "title": "The API answered slowly",
        "severity": Severity.MAJOR,
        "started_at": BEGIN,
        "told": entries,
        "components": [component("API")],
        "pages": [default_page()],
        **facts,
    }
    return History(**given)  # type: ignore[arg-type]


CLOSED = ((0, "investigating", "Slow."), (60, "resolved", "Quick."))


def closed(**facts: object) -> History:
    return history(*(told(*entry) for entry in CLOSED), **facts)


def intervals(name: str = "API", *, on_page: bool = True) -> list[tuple[str, float, float | None]]:
    page = default_page() if on_page else None
    rows = StateInterval.objects.filter(component__name=name, page=page)
    return [
        (
            row.state,
            (row.started_at - BEGIN) / timedelta(minutes=1),
            (row.ended_at - BEGIN) / timedelta(minutes=1) if row.ended_at else None,
        )
        for row in rows.order_by("started_at", "ended_at")
    ]


def share(name: str = "API") -> float:
    """What the page says of a component's uptime, looked at a day later."""
    rows = StateInterval.objects.filter(component__name=name, page=default_page())
    past = [Interval(row.state, row.started_at, row.ended_at) for row in rows]
    window = Window.ending(UNTIL, default_page().branding.zone)
    found = uptime(past, since=BEGIN - timedelta(days=1), window=window).share
    assert found is not None
    return found


def test_a_past_is_written_with_its_own_times() -> None:
    incident, written = record_history(closed(), by=STAFF)
    assert [key for key, _ in written] == ["0", "60"]
    assert (incident.status, incident.resolved_at) == ("resolved", at(60))
    assert incident.responder_status == "resolved"
    assert incident.last_public_update_at == at(60)
    assert intervals() == intervals(on_page=False) == [("partial_outage", 0, 60)]
    assert not ComponentState.objects.exclude(state="operational").exists()
    entry = AuditEntry.objects.get(subject_id=incident.id)
    assert (entry.action, entry.by_name) == ("incident.imported", "Alice")
    assert entry.details == {"title": "The API answered slowly", "updates": 2}


def test_nobody_hears_of_it() -> None:
    record_history(history(told(0, "investigating", "Slow.")), by=STAFF)
    assert not Notice.objects.exists()
    assert not IncidentUpdate.objects.filter(notifies=True).exists()


def test_pages_that_do_not_show_it_do_not_feel_it() -> None:
    record_history(closed(pages=[partner_page()]), by=STAFF)
    assert intervals() == []
    assert StateInterval.objects.filter(page=partner_page()).count() == 1


def test_the_past_leaves_the_present_alone() -> None:
    """What is wrong now stays so, and began when it began."""
    open_now = make_incident(severity="critical")
    before = ComponentState.objects.get(page=default_page(), component=component("API"))
    record_history(closed(), by=STAFF)
    now = ComponentState.objects.get(page=default_page(), component=component("API"))
    assert (now.state, now.since) == (before.state, before.since) == ("major_outage", before.since)
    assert intervals()[0] == ("partial_outage", 0, 60)
    assert Incident.objects.open().get() == open_now


def test_a_past_that_lasts_is_felt_until_now_and_from_now_on() -> None:
    incident, _ = record_history(history(told(0, "investigating", "Slow.")), by=STAFF, at=at(30))
    assert intervals() == [("partial_outage", 0, 30), ("partial_outage", 30, None)]
    assert (incident.resolved_at, incident.responder_status) == (None, "triggered")


def test_a_past_that_lasts_beside_a_worse_present() -> None:
    make_incident(severity="critical")
    record_history(history(told(0, "investigating", "Slow.")), by=STAFF)
    state = ComponentState.objects.get(page=default_page(), component=component("API"))
    assert state.state == "major_outage"
    assert intervals()[0][:2] == ("partial_outage", 0)


def test_uptime_is_the_same_in_one_go_and_in_two() -> None:
    entries = (
        told(0, "investigating", "Down.", API="major_outage"),
        told(20, "identified", "Half.", API="degraded"),
        told(40, "monitoring", "Worse.", API="partial_outage"),
        told(60, "resolved", "Quick.", API="operational"),
    )
    record_history(history(*entries), by=STAFF, at=at(90))
    expected = 1 - (20 + 0.3 * 20) / (2 * 24 * 60)
    assert share() == pytest.approx(expected)
    Incident.objects.all().delete()
    StateInterval.objects.all().delete()
    ComponentState.objects.all().delete()

    incident, _ = record_history(history(*entries[:1]), by=STAFF, at=at(10))
    assert len(continue_history(incident, entries[1:2], by=STAFF, at=at(30))) == 1
    assert len(continue_history(incident, entries[2:], by=STAFF, at=at(90))) == 2
    assert share() == pytest.approx(expected)
    assert intervals()[-1] == ("partial_outage", 40, 60)


def test_what_is_told_anew_continues_silently() -> None:
    incident, _ = record_history(history(told(0, "investigating", "Slow.")), by=STAFF)
    written = continue_history(incident, [told(60, "resolved", "Quick.")], by=STAFF)
    incident.refresh_from_db()
    assert [update.body for _, update in written] == ["Quick."]
    assert (incident.status, incident.resolved_at) == ("resolved", at(60))
    assert not Notice.objects.exists()
    assert not ComponentState.objects.exclude(state="operational").exists()


def test_entries_that_say_nothing_are_left_out() -> None:
    entries = (
        told(0, "investigating"),
        told(10, "investigating"),
        told(20, None),
        told(60, "resolved", "Over."),
        told(70, "resolved"),
        told(80, "resolved", "Really."),
    )
    incident, written = record_history(history(*entries), by=STAFF)
    assert [key for key, _ in written] == ["0", "60", "80"]
    assert incident.resolved_at == at(60)
    assert continue_history(incident, [told(90, "resolved")], by=STAFF) == []


def test_what_is_told_late_of_an_earlier_moment_changes_no_status() -> None:
    incident, _ = record_history(closed(), by=STAFF)
    continue_history(incident, [told(30, "identified", "In between.")], by=STAFF)
    incident.refresh_from_db()
    assert (incident.status, incident.resolved_at) == ("resolved", at(60))
    assert incident.updates.get(posted_at=at(30)).is_backdated


def test_ids_sort_as_the_incidents_began() -> None:
    now = make_incident()
    older, _ = record_history(closed(), by=STAFF)
    oldest, _ = record_history(closed(started_at=BEGIN - timedelta(days=700)), by=STAFF)
    assert list(Incident.objects.order_by("-id")) == [now, older, oldest]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"title": "   "}, "A title is empty"),
        ({"title": "x" * 256}, "at most 255"),
        ({"started_at": timezone.now() + timedelta(days=1)}, "lies in the future"),
        ({"started_at": datetime(1066, 10, 14, tzinfo=UTC)}, "outside the years"),
        ({"severity": Severity.MAINTENANCE}, "no severity of an incident; it is minor"),
        ({"scheduled_for": at(10), "scheduled_until": at(5)}, "ends before it starts"),
    ],
)
def test_a_refused_past_leaves_nothing(facts: dict[str, object], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        record_history(closed(**facts), by=STAFF)
    assert not Incident.objects.exists()
    assert not StateInterval.objects.exists()
    assert not AuditEntry.objects.filter(action="incident.imported").exists()


def test_a_deleted_incident_is_not_continued() -> None:
    incident, _ = record_history(closed(), by=STAFF)
    delete_incident(incident, by=STAFF)
    with pytest.raises(Gone):
        continue_history(incident, [told(90, None, "More.")], by=STAFF)


def test_components_that_are_told_of_but_not_here_are_passed_over(acme: Tenant) -> None:
    gone = component("Web app").id
    entry = Told("0", Status.INVESTIGATING, "Slow.", BEGIN, {gone: State.MAJOR_OUTAGE})
    Component.objects.filter(pk=gone).delete()
    incident, _ = record_history(history(entry), by=STAFF)
    assert [impact.component.name for impact in incident.impacts.all()] == ["API"]
