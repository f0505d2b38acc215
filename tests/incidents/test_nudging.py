"""Staff are told when the public waits: once each, whatever the clock and the workers do."""

from datetime import datetime, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail as outbox
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import OrmQ

from atender.actors import Actor, ActorKind
from atender.due import work
from atender.due.models import Due
from atender.outbound.models import Letter
from atender.refusals import Refused
from atender.roles import Role
from atender.staff.models import User
from atender.staff.zones import choose_zone
from atender.tenants.context import in_tenant
from incidents.correcting import change_incident
from incidents.lifecycle import acknowledge, delete_incident, post_update
from incidents.models import Incident, Nudge
from incidents.nudges.nudging import NUDGE, nudge
from incidents.publishing import publish
from incidents.transitions import Saying
from tests.factories import STAFF, default_page, make_incident

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _inside(request: pytest.FixtureRequest) -> None:
    if "fresh_database" not in request.fixturenames:
        request.getfixturevalue("acme")


def clock_strikes(at: datetime) -> list[str]:
    """The clock and a worker at a time; returns the subjects of the mails that went out."""
    outbox.outbox.clear()
    with time_machine.travel(at, tick=False):
        for _ in range(3):
            work.hand_out()
            for task in list(OrmQ.objects.order_by("id")):
                task.delete()
                work.run(*task.task["args"])
    return [str(message.subject) for message in outbox.outbox]


def say(incident: Incident, at: datetime, body: str = "Still slow.", **words: object) -> None:
    post_update(incident, by=STAFF, saying=Saying(body=body, **words), at=at)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("severity", "minutes"), [("critical", 30), ("major", 60), ("minor", 240), (None, 240)]
)
def test_a_silence_is_told_after_its_time(severity: str | None, minutes: int) -> None:
    incident = make_incident(severity=severity)
    began = incident.started_at
    assert clock_strikes(began + (minutes - 1) * MINUTE) == []
    (subject,) = clock_strikes(began + minutes * MINUTE + timedelta(seconds=1))
    assert subject.startswith("[Acme] Silent for")
    assert incident.title in subject
    assert clock_strikes(began + (minutes + 1) * MINUTE) == []


def test_times_of_a_letter_are_in_the_zone_of_whoever_reads_it(alice: User) -> None:
    choose_zone(alice, "Asia/Tokyo")
    incident = make_incident(severity="critical")
    clock_strikes(incident.started_at + 31 * MINUTE)
    text = str(outbox.outbox[0].body)
    began = incident.started_at.astimezone(ZoneInfo("Asia/Tokyo"))
    assert text.count(f"{began:%H:%M} JST") == 2
    assert "UTC" not in text


def test_the_usual_zone_is_found_once_however_many_are_told(alice: User) -> None:
    User.objects.create_user("edda@acme.example", role=Role.EDITOR, name="Edda")
    incident = make_incident(severity="critical")
    with CaptureQueriesContext(connection) as captured:
        nudge(incident.pk, at=incident.started_at + 31 * MINUTE)
    assert Letter.objects.count() == 2
    assert len([q for q in captured if "time_zone" in q["sql"] and "branding" in q["sql"]]) == 1


def test_the_letter_says_what_to_do() -> None:
    incident = make_incident("Checkout <b>fails</b> & more", severity="critical")
    clock_strikes(incident.started_at + 31 * MINUTE)
    text = str(outbox.outbox[0].body)
    assert "Checkout <b>fails</b> & more" in text
    assert f"http://acme.localhost/admin/incidents/incident/{incident.pk}/change/" in text.replace(
        "https://", "http://"
    )
    assert "still" in text
    assert "the next reminder comes at" in text


def test_it_is_told_again_four_times_at_most() -> None:
    incident = make_incident(severity="critical")
    told = [clock_strikes(incident.started_at + n * 30 * MINUTE) for n in range(1, 9)]
    assert [len(subjects) for subjects in told] == [1, 1, 1, 1, 0, 0, 0, 0]
    assert not Due.objects.filter(kind=NUDGE).exists()


@pytest.mark.parametrize(
    "words", [{}, {"body": "", "status": "identified"}, {"body": "", "severity": "critical"}]
)
def test_any_public_word_ends_a_silence(words: dict[str, str]) -> None:
    incident = make_incident()
    say(incident, incident.started_at + 50 * MINUTE, **words)
    assert clock_strikes(incident.started_at + 61 * MINUTE) == []
    assert len(clock_strikes(incident.started_at + 111 * MINUTE)) == 1


def test_a_private_note_ends_none() -> None:
    incident = make_incident()
    say(incident, incident.started_at + 50 * MINUTE, is_public=False)
    assert len(clock_strikes(incident.started_at + 61 * MINUTE)) == 1


def test_resolving_and_deleting_end_it() -> None:
    resolved, deleted = make_incident(), make_incident()
    say(resolved, resolved.started_at + MINUTE, status="resolved")
    delete_incident(deleted, by=STAFF)
    assert not Due.objects.filter(kind=NUDGE).exists()
    assert clock_strikes(resolved.started_at + 300 * MINUTE) == []


def test_an_internal_incident_is_silent_only_once_it_is_published() -> None:
    incident = make_incident(pages=())
    assert clock_strikes(incident.started_at + 300 * MINUTE) == []
    later = timezone.now() + 300 * MINUTE
    publish(incident, pages=[default_page()], by=STAFF, at=later)
    assert clock_strikes(later + 59 * MINUTE) == []
    assert len(clock_strikes(later + 61 * MINUTE)) == 1


def test_who_has_it_is_told_alone_else_everybody_who_may_post() -> None:
    for name, role in (("Rita", Role.RESPONDER), ("Edda", Role.EDITOR), ("Gone", Role.ADMIN)):
        User.objects.create_user(f"{name.lower()}@acme.example", role=role, name=name)
    User.objects.filter(name="Gone").update(is_active=False)
    incident = make_incident()
    clock_strikes(incident.started_at + 61 * MINUTE)
    told = {message.to[0] for message in outbox.outbox}
    assert told == {f"{name}@acme.example" for name in ("alice", "rita", "edda")}
    acknowledge(incident, by=User.objects.get(name="Rita").actor)
    clock_strikes(incident.started_at + 121 * MINUTE)
    assert [message.to for message in outbox.outbox] == [["rita@acme.example"]]
    assert "because you have the incident" in str(outbox.outbox[0].body)


def test_an_incident_that_a_key_acknowledged_is_everybodys() -> None:
    incident = make_incident()
    acknowledge(incident, by=Actor(ActorKind.KEY, "01JD0000000000000000000000", "Pager"))
    assert len(clock_strikes(incident.started_at + 61 * MINUTE)) == 1


def test_a_promise_is_told_five_minutes_before_it_breaks() -> None:
    incident = make_incident(severity="minor")
    promised = incident.started_at + 30 * MINUTE
    say(incident, incident.started_at + MINUTE, next_update_by=promised)
    assert clock_strikes(promised - 6 * MINUTE) == []
    (subject,) = clock_strikes(promised - 5 * MINUTE)
    assert subject == f"[Acme] Update due in 5 min: {incident.title}"
    assert clock_strikes(promised + MINUTE) == []


def test_a_kept_promise_is_not_told() -> None:
    incident = make_incident(severity="minor")
    promised = incident.started_at + 30 * MINUTE
    say(incident, incident.started_at + MINUTE, next_update_by=promised)
    say(incident, incident.started_at + 20 * MINUTE)
    assert clock_strikes(promised) == []


def test_a_moved_promise_is_told_for_its_new_time_alone() -> None:
    incident = make_incident(severity="minor")
    first, second = (incident.started_at + n * MINUTE for n in (30, 90))
    say(incident, incident.started_at + MINUTE, next_update_by=first)
    for minute, promised in ((2, second), (3, first + 180 * MINUTE), (4, second)):
        at = incident.started_at + minute * MINUTE
        change_incident(incident, by=STAFF, next_update_by=promised, at=at)
    assert clock_strikes(first) == []
    assert len(clock_strikes(second - 4 * MINUTE)) == 1
    assert clock_strikes(second) == []


def test_a_clock_that_comes_late_tells_each_once() -> None:
    incident = make_incident(severity="critical")
    promised = incident.started_at + 30 * MINUTE
    say(incident, incident.started_at + MINUTE, next_update_by=promised)
    subjects = clock_strikes(incident.started_at + 200 * MINUTE)
    assert sorted(subject.split(":")[0] for subject in subjects) == [
        "[Acme] Silent for 3 h 19 min",
        "[Acme] Update 2 h 50 min late",
    ]
    assert clock_strikes(incident.started_at + 205 * MINUTE) == []
    assert Nudge.objects.count() == 2


def test_a_worker_that_died_after_its_work_tells_nothing_twice() -> None:
    incident = make_incident(severity="critical")
    due_at = incident.started_at + 30 * MINUTE
    for _ in range(2):
        nudge(incident.pk, at=due_at)
    assert Letter.objects.count() == 1


def test_a_letter_that_cannot_be_written_leaves_the_incident_and_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    incident = make_incident(severity="critical")
    with monkeypatch.context() as broken:
        broken.setattr("incidents.nudges.nudging.post_letters", lambda *_: 1 / 0)
        assert clock_strikes(incident.started_at + 31 * MINUTE) == []
    assert not Nudge.objects.exists()
    assert len(clock_strikes(incident.started_at + 40 * MINUTE)) == 1


def test_nobody_to_tell_is_no_failure() -> None:
    User.objects.update(role=Role.VIEWER)
    incident = make_incident(severity="critical")
    assert clock_strikes(incident.started_at + 31 * MINUTE) == []
    assert Nudge.objects.get().told == 0


def test_two_workers_tell_once(fresh_database: str) -> None:
    with in_tenant("acme"):
        incident = make_incident(severity="critical")
    together = Barrier(2)

    def work_at_once() -> None:
        with in_tenant("acme"):
            together.wait()
            nudge(incident.pk, at=incident.started_at + 30 * MINUTE)
        connection.close()

    threads = [Thread(target=work_at_once) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with in_tenant("acme"):
        assert Nudge.objects.count() == Letter.objects.count() == 1


def test_a_promise_for_the_past_is_refused() -> None:
    incident = make_incident()
    with pytest.raises(Refused, match="which has passed"):
        say(incident, timezone.now(), next_update_by=timezone.now() - MINUTE)
    assert incident.updates.count() == 1
