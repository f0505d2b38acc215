"""An incident that is opened otherwise takes a wave's place; staff may say that it does not."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assist.models import Wave, WaveState
from assist.waves.deciding import WaveDecided, dismiss_wave, open_from_wave, restore_wave
from assist.waves.explaining import explain_waves
from assist.waves.noting import note_asked
from assist.waves.showing import explained_waves, open_waves
from assist.waves.watching import look
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.lifecycle import post_update
from incidents.models import AuditEntry, Incident, Page
from incidents.transitions import Saying
from tests.assist.waves.making import LOGIN, have_all_complain, say
from tests.factories import STAFF, default_page, make_incident
from tests.subscribers.making import strike

pytestmark = pytest.mark.usefixtures("acme")


def make_login_incident(pages: tuple[Page, ...] | None = None) -> Incident:
    return make_incident("Customers cannot log in", components=(), pages=pages)


def test_an_incident_that_somebody_opens_explains_it(console: Client) -> None:
    have_all_complain(6)
    incident = make_login_incident()
    strike()
    wave = Wave.objects.get()
    assert (wave.state, wave.incident, open_waves()) == (WaveState.EXPLAINED, incident, [])
    page = console.get("/admin/").content.decode()
    assert "New complaints that match nothing open" not in page
    assert f'Put down to <a href="/admin/incidents/incident/{incident.pk}/change/">' in page
    # Beside each conversation stands a card; whether it is linked staff decide.
    assert (incident.cards.count(), incident.conversations.count()) == (6, 0)
    assert AuditEntry.objects.filter(action="wave.explained", by_kind="schedule").count() == 1
    assert explain_waves() == 0


def test_an_internal_one_explains_it_too() -> None:
    have_all_complain(6)
    make_login_incident(pages=())
    strike()
    assert Wave.objects.get().state == WaveState.EXPLAINED


def test_another_incident_leaves_it_alone() -> None:
    have_all_complain(6)
    make_incident("Exports to CSV are delayed", components=())
    strike()
    assert [seen.customers for seen in open_waves()] == [6]


def test_it_is_explained_when_it_is_raised_after_the_incident() -> None:
    """The complaints were heard before; the worker that sees the wave comes later."""
    for person in range(5):
        say(LOGIN[person], person)
    make_login_incident()
    strike()
    assert Wave.objects.get().state == WaveState.EXPLAINED
    assert open_waves() == []


def test_what_was_asked_on_a_page_is_explained_likewise() -> None:
    for last in range(5):
        note_asked(LOGIN[0], page=default_page(), network=f"192.0.2.{last}", at=timezone.now())
    look(timezone.now())
    make_login_incident()
    assert explain_waves() == 1


def test_few_of_many_do_not_explain_it() -> None:
    have_all_complain(8)
    wave = Wave.objects.get()
    for complaint in wave.complaints.order_by("id")[:5]:
        assert complaint.message is not None
        complaint.message.text = "exports never finish"
        complaint.message.save()
    make_login_incident()
    assert explain_waves() == 0


def test_staff_say_that_it_is_something_else(console: Client) -> None:
    have_all_complain(6)
    incident = make_login_incident()
    strike()
    wave = Wave.objects.get()
    for _ in range(2):
        page = console.post(f"/assist/waves/{wave.pk}/restore/", follow=True).content.decode()
        assert "6 customers in 5 minutes: Login is not working" in page
    # What happens to the incident from then on does not matter to it.
    post_update(incident, by=STAFF, saying=Saying(body="Nobody can log in; login is down."))
    strike()
    wave.refresh_from_db()
    assert (wave.state, wave.incident, wave.is_unexplained) == (WaveState.OPEN, None, True)
    assert AuditEntry.objects.filter(action="wave.restored").count() == 1
    assert open_from_wave(wave, by=STAFF) != incident


def test_stale_buttons_say_what_happened(console: Client) -> None:
    have_all_complain(6)
    make_login_incident()
    strike()
    wave, count = Wave.objects.get(), Incident.objects.count()
    for act in ("open", "dismiss"):
        page = console.post(f"/assist/waves/{wave.pk}/{act}/", follow=True).content.decode()
        assert "It was put down to an open incident by now" in page
    for verb in (dismiss_wave, open_from_wave):
        with pytest.raises(WaveDecided):
            verb(wave, by=STAFF)
    assert Incident.objects.count() == count


def test_once_it_is_over_what_customers_still_complain_of_is_new() -> None:
    have_all_complain(6)
    incident = make_login_incident()
    strike()
    say(LOGIN[0], 20)
    assert Wave.objects.get().complaints.count() == 6
    post_update(incident, by=STAFF, saying=Saying(status="resolved", body="It works again."))
    strike()
    assert (explained_waves(), open_waves()) == ([], [])
    now = timezone.now() + timedelta(minutes=1)
    for person in range(30, 38):
        say(LOGIN[person % 8], person, at=now)
    look(now)
    assert [seen.customers for seen in open_waves(now)] == [8]


def test_another_tenants_incident_explains_nothing(globex: Tenant) -> None:
    have_all_complain(6)
    with in_tenant("globex"):
        make_incident("Customers cannot log in", components=())
        assert explain_waves() == 0
    assert len(open_waves()) == 1


def test_what_is_dismissed_stays_so() -> None:
    have_all_complain(6)
    wave = dismiss_wave(Wave.objects.get(), by=STAFF)
    make_login_incident()
    strike()
    wave.refresh_from_db()
    assert (wave.state, wave.incident) == (WaveState.DISMISSED, None)
    assert restore_wave(wave, by=STAFF).is_unexplained is False


def test_who_writes_while_the_incident_is_opened_gets_its_card_and_raises_nothing() -> None:
    have_all_complain(5)
    late = say(LOGIN[5], 5)
    incident = open_from_wave(Wave.objects.get(), by=STAFF)
    strike()
    look(timezone.now())
    assert incident.cards.filter(message=late).count() == 1
    assert (Wave.objects.count(), open_waves()) == (1, [])
