"""A wave is raised by several customers, grows, is dismissed, goes by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assist.models import Complaint, Conversation, Message, Wave, WaveState
from assist.waves import showing, watching
from assist.waves.deciding import WaveDecided, dismiss_wave, open_from_wave
from assist.waves.noting import MOST_OF_ONE, WATCHING, note_asked
from assist.waves.showing import LONGEST_EXAMPLE, open_waves
from assist.waves.watching import KEPT, LOOKED_AT_ONCE, WAVES_KEPT, look, watch
from atender.due.models import Due
from atender.staff.models import User
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.catalogue.components import add_component
from incidents.models import AuditEntry, Incident
from tests.assist.waves.making import LOGIN, have_all_complain, say
from tests.factories import default_page, make_incident

pytestmark = pytest.mark.usefixtures("acme")


def test_the_same_complaint_in_many_languages_is_one_wave() -> None:
    have_all_complain()
    (seen,) = open_waves()
    assert seen.title == "Login is not working"
    assert seen.customers == 8
    assert len(seen.languages) >= 6
    assert seen.headline == "8 customers in 7 minutes"
    assert set(seen.examples) <= set(LOGIN)
    assert len(seen.examples) == 3


def test_it_is_raised_by_the_third_and_grows() -> None:
    have_all_complain(2)
    assert open_waves() == []
    say(LOGIN[2], 2)
    say(LOGIN[3], 3)
    look(timezone.now())
    assert open_waves()[0].customers == 4
    say(LOGIN[4], 4)
    look(timezone.now())
    assert open_waves()[0].customers == 5
    assert Wave.objects.count() == 1


def test_the_same_customer_counts_once() -> None:
    for _ in range(9):
        say(LOGIN[0], 1)
    look(timezone.now())
    assert open_waves() == []
    assert Complaint.objects.values("person").distinct().count() == 1


def test_a_program_that_repeats_itself_hides_no_wave() -> None:
    """A look considers the newest complaints; what one address says again is not among them."""
    first = timezone.now() - timedelta(minutes=5)
    for second in range(MOST_OF_ONE + 20):
        say("the app is very slow", 99, at=first + timedelta(seconds=second))
    assert Complaint.objects.count() == MOST_OF_ONE
    for person in range(4):
        say(LOGIN[person], person)
    look(timezone.now())
    assert [seen.title for seen in open_waves()] == ["Login is not working"]
    say("the app is very slow", 99, at=first + timedelta(minutes=30))
    assert Complaint.objects.filter(subjects__contains=["webapp"]).count() == MOST_OF_ONE + 1


def test_questions_and_the_untelling_leave_no_row() -> None:
    for person, text in enumerate(
        (
            "how do I change my avatar?",
            "I am not comfortable being asked for my identity documents",
            "is it mandatory to enter a verification code? I do not have one",
            "it does nothing",
            "🙂" * 900,
            "",
        )
    ):
        say(text, person)
    assert not Complaint.objects.exists()


def test_who_asks_why_they_must_and_names_a_fault_complains() -> None:
    say("why do I really need to log in? The login page shows an error", 1)
    assert Complaint.objects.count() == 1


def test_who_says_that_a_limit_or_a_price_is_wrong_complains() -> None:
    say("my top-up was declined for a limit, and I have not topped up this month", 1)
    assert Complaint.objects.count() == 1
    say("what is the limit of card top-ups?", 2)
    assert Complaint.objects.count() == 1


def test_what_is_known_already_is_no_complaint() -> None:
    make_incident("Customers cannot log in")
    say(LOGIN[0], 1)
    assert not Complaint.objects.exists()


def test_different_complaints_are_no_wave() -> None:
    for person, text in enumerate(
        ("my card was declined", "exports never finish", "the map is blank", LOGIN[0])
    ):
        say(text, person)
    look(timezone.now())
    assert open_waves() == []


def test_those_long_ago_do_not_count() -> None:
    now = timezone.now()
    for person in range(2):
        say(LOGIN[person], person, at=now - timedelta(minutes=40 + person))
    say(LOGIN[3], 3, at=now)
    look(now)
    assert open_waves() == []


def test_what_is_said_all_day_is_no_wave() -> None:
    now = timezone.now()
    for person in range(60):
        say(LOGIN[0], person, at=now - timedelta(minutes=300 - 4 * person))
    Complaint.objects.update(is_new=False)
    for person in range(60, 64):
        say(LOGIN[1], person, at=now)
    look(now)
    assert open_waves() == []


def test_it_goes_by_itself() -> None:
    have_all_complain(5)
    later = timezone.now() + timedelta(minutes=31)
    assert open_waves(later) == []


def test_dismissed_it_stays_so_for_the_same_complaint(alice: User) -> None:
    have_all_complain(5)
    wave = dismiss_wave(Wave.objects.get(), by=alice.actor)
    assert wave.state == WaveState.DISMISSED
    later = timezone.now() + timedelta(hours=5)
    for person in range(10, 18):
        say(LOGIN[0], person, at=later)
    look(later)
    assert open_waves(later) == []
    assert Wave.objects.count() == 1
    assert AuditEntry.objects.filter(action="wave.dismissed").count() == 1
    dismiss_wave(wave, by=alice.actor)
    assert AuditEntry.objects.filter(action="wave.dismissed").count() == 1


UNFINISHED = ("exports never finish", "my export never finishes", "the export is still pending")
EMPTY = (
    "the CSV export is empty",
    "when I export to CSV the file is empty",
    "our CSV export gives an empty file",
    "CSV exports are empty since this morning",
)


def test_another_fault_of_what_was_dismissed_is_a_wave_of_its_own(alice: User) -> None:
    now = timezone.now()
    for person in range(6):
        say(UNFINISHED[person % 3], person, at=now - timedelta(minutes=6 - person))
    look(now)
    dismissed = dismiss_wave(Wave.objects.get(), by=alice.actor, at=now)
    for minute, text in enumerate((*EMPTY, UNFINISHED[0]), start=1):
        say(text, 20 + minute, at=now + timedelta(minutes=minute))
    look(now + timedelta(minutes=6))
    (seen,) = open_waves(now + timedelta(minutes=6))
    assert (seen.customers, set(seen.examples) <= set(EMPTY)) == (4, True)
    # Who says the same as before is taken in by what was dismissed, silently.
    assert dismissed.complaints.count() == 7


def test_it_is_seen_anew_when_more_than_twice_as_many_write(alice: User) -> None:
    have_all_complain(4)
    first = dismiss_wave(Wave.objects.get(), by=alice.actor)
    now = timezone.now() + timedelta(hours=1)
    for person in range(20, 28):
        say(LOGIN[0], person, at=now)
    look(now)
    assert open_waves(now) == []
    say(LOGIN[1], 28, at=now)
    say(LOGIN[1], 29, at=now)
    look(now)
    (seen,) = open_waves(now)
    assert (seen.customers, first.complaints.count()) == (10, 4)
    # Dismissed again, it stays so for as many as twice these.
    dismiss_wave(seen.wave, by=alice.actor, at=now)
    later = now + timedelta(minutes=20)
    for person in range(40, 60):
        say(LOGIN[person % 8], person, at=later)
    look(later)
    assert open_waves(later) == []


def test_a_large_one_is_outgrown_by_more_than_are_compared(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    have_all_complain(4)
    dismiss_wave(Wave.objects.get(), by=alice.actor)
    monkeypatch.setattr(watching, "MOST_RECENT", 6)
    now = timezone.now() + timedelta(hours=1)
    for person in range(20, 29):
        say(LOGIN[0], person, at=now)
    look(now)
    assert [seen.customers for seen in open_waves(now)] == [6]


def test_few_who_repeat_are_no_growth(alice: User) -> None:
    have_all_complain(4)
    dismiss_wave(Wave.objects.get(), by=alice.actor)
    now = timezone.now() + timedelta(hours=1)
    for number in range(12):
        say(LOGIN[0], 50 + number % 3, at=now + timedelta(seconds=number))
    look(now + timedelta(seconds=12))
    assert Complaint.objects.count() == 4 + 12
    assert open_waves(now + timedelta(seconds=12)) == []


def test_an_incident_is_opened_from_it_once(alice: User) -> None:
    add_component("Login", by=alice.actor)
    have_all_complain(5)
    wave = Wave.objects.get()
    incident = open_from_wave(wave, by=alice.actor)
    assert incident.title == "Login is not working for some customers"
    assert [one.name for one in incident.components.all()] == ["Login"]
    assert not incident.pages.exists()
    assert incident.started_at == wave.began_at
    assert incident.conversations.count() == 5
    assert open_from_wave(wave, by=alice.actor) == incident
    assert Incident.objects.filter(title=incident.title).count() == 1
    assert open_waves() == []
    with pytest.raises(WaveDecided):
        dismiss_wave(wave, by=alice.actor)
    # Who writes the same from now on sees the incident beside it, and raises nothing.
    before = Complaint.objects.count()
    say(LOGIN[0], 77)
    assert Complaint.objects.count() == before


def test_all_is_forgotten_in_time() -> None:
    have_all_complain(5)
    now = timezone.now()
    assert watch(now + KEPT) is not None
    assert not Complaint.objects.exists()
    assert watch(now + WAVES_KEPT) is None
    assert not Wave.objects.exists()


def test_complaints_go_with_their_conversations() -> None:
    have_all_complain(5)
    Conversation.objects.all().delete()
    assert not Message.objects.exists()
    assert not Complaint.objects.exists()


def test_a_burst_asks_for_one_look(globex: Tenant) -> None:
    for person in range(5):
        say(LOGIN[0], person)
    assert Due.objects.filter(schema="acme", kind=WATCHING).count() == 1
    assert not Due.objects.filter(schema="globex", kind=WATCHING).exists()
    with in_tenant("globex"):
        look(timezone.now())
        assert not Wave.objects.exists()


def test_dozens_at_once_are_one_wave() -> None:
    now = timezone.now()
    for person in range(60):
        say(LOGIN[person % len(LOGIN)], person, at=now)
    while look(now) == LOOKED_AT_ONCE:
        continue
    assert [seen.customers for seen in open_waves()] == [60]


def test_what_is_asked_on_a_page_names_nobody_and_counts_by_network() -> None:
    now = timezone.now()
    text = "I can't log in as maria@example.com, +49 170 1234567, https://acme.example/x?id=7"
    for _ in range(5):
        assert note_asked(text, page=default_page(), network="192.0.2.7", at=now)
    look(now)
    assert open_waves() == []
    complaint = Complaint.objects.all()[0]
    assert complaint.text == "I can't log in as … …, …"
    assert "192.0.2.7" not in complaint.person
    for last in range(8, 11):
        note_asked(text, page=default_page(), network=f"192.0.2.{last}", at=now)
    look(now)
    assert [(seen.customers, seen.page_asked) for seen in open_waves()] == [(4, 4)]


def test_the_card_counts_all_however_many_and_shows_the_beginning_of_long_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(showing, "MOST_LOOKED_AT", 3)
    now = timezone.now()
    for person in range(6):
        say(f"{LOGIN[0]} {'and again ' * 10_000}", person, at=now)
    note_asked(LOGIN[1], page=default_page(), network="192.0.2.7", at=now)
    look(now)
    (seen,) = open_waves()
    assert (seen.customers, seen.page_asked) == (7, 1)
    assert [len(words) for words in seen.examples] == [LONGEST_EXAMPLE]
