"""A schedule at a glance, and two clicks for whoever stands in."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from alerts.models import Override, Schedule
from alerts.people.arranging import add_override, save_schedule
from alerts.people.duty import on_duty
from atender.refusals import Refused
from atender.roles import Role
from atender.staff.models import User
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from tests.alerts.calling import person
from tests.conftest import signed_in
from tests.factories import STAFF

# A Saturday evening in Berlin, in winter.
NOW = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)
LIST = "/on-call/schedules/"


def schedule(*people: User, **changes: Any) -> Schedule:
    parts = {
        "name": "Shop",
        "time_zone": "Europe/Berlin",
        "starts_on": date(2026, 3, 23),
        "handover_at": time(9),
        **changes,
    }
    return save_schedule(None, by=STAFF, people=people, **parts)


def shown(client: Client, made: Schedule, query: str = "") -> str:
    with time_machine.travel(NOW, tick=False):
        return client.get(f"{LIST}{made.pk}/{query}").content.decode()


def take(client: Client, made: Schedule, **sent: str) -> Any:
    with time_machine.travel(NOW, tick=False):
        return client.post(f"{LIST}{made.pk}/stand-in/", sent, follow=True)


def test_it_says_who_has_it_now_and_next_and_where_nobody_has(console: Client) -> None:
    assert "No schedule yet" in console.get(LIST).content.decode()
    made = schedule(person("Dana"), person("Eli"))
    page = shown(console, made)
    assert "<strong>Dana</strong> has the duty until Mon 30 Mar 09:00 CEST" in page
    assert "then Eli" in page
    assert "Dana until 09:00, then Eli" in page
    assert "23 hours: the clock is moved" in page
    assert "Nobody is on duty" not in page
    assert 'class="now-line"' in page
    assert page.count('class="day') > 14
    User.objects.filter(name="Eli").update(is_active=False)
    page = shown(console, made)
    assert "from Mon 30 Mar 09:00 CEST to Mon 6 Apr 09:00 CEST" in page
    assert "Eli has no access any more" in page
    assert "Nobody has the duty now" in shown(console, schedule(name="Empty"))
    with time_machine.travel(NOW, tick=False):
        assert "Nobody has the duty now" in console.get(LIST).content.decode()


def test_it_is_read_in_the_zone_of_the_reader_too(console: Client, alice: User) -> None:
    made = schedule(person("Dana"), person("Eli"))
    alice.time_zone = "Asia/Tokyo"
    alice.save()
    page = shown(console, made)
    assert "Times in Europe/Berlin (CET)" in page
    assert "show them in Asia/Tokyo" in page
    assert "Dana until 16:00, then Eli" in shown(console, made, "?zone=mine")
    assert "From today" in shown(console, made, "?from=2026-04-20")
    assert "Sat 28 Mar" in shown(console, made, "?from=tomorrow")


def test_two_clicks_take_tonight(acme: Tenant) -> None:
    made, eli = schedule(person("Dana")), person("Eli")
    client = signed_in("acme.localhost", eli.email)
    page = shown(client, made)
    assert "I take tonight" in page
    assert 'name="person"' not in page
    for _ in range(2):
        assert "You stand in" in take(client, made, span="tonight").content.decode()
    override = Override.objects.get()
    assert (override.starts_at, override.ends_at) == (NOW, datetime(2026, 3, 29, 7, tzinfo=UTC))
    assert on_duty(made, NOW + timedelta(hours=1)) == eli.pk
    assert "<strong>Eli</strong> has the duty until Sun 29 Mar 09:00 CEST" in shown(client, made)
    take(client, made, span="day")
    assert Override.objects.count() == 2
    back = client.post(f"{LIST}{made.pk}/stand-in/{override.pk}/", follow=True)
    assert "Taken back" in back.content.decode()
    assert Override.objects.count() == 1


def test_times_are_those_of_the_schedule(console: Client) -> None:
    made, dana = schedule(), person("Dana")
    times = {"starts_at": "2026-07-01T18:00", "ends_at": "2026-07-02T09:00"}
    take(console, made, person=dana.pk, **times)
    override = Override.objects.get()
    assert override.person == dana
    assert override.starts_at == datetime(2026, 7, 1, 16, tzinfo=UTC)
    for wrong, said in (
        ({**times, "ends_at": "soon"}, "from when to when"),
        ({**times, "ends_at": "2026-07-01T17:00"}, "ends after it starts"),
        ({"starts_at": "2026-03-01T18:00", "ends_at": "2026-03-02T09:00"}, "is over already"),
        ({**times, "ends_at": "2029-07-01T17:00"}, "at most 366 days"),
    ):
        answer = take(console, made, person=dana.pk, **wrong)
        assert said in answer.content.decode(), said
    assert Override.objects.count() == 1


def test_responders_stand_in_only_themselves(acme: Tenant, bobs_console: Client) -> None:
    dana, eli = person("Dana"), person("Eli")
    made = schedule(dana)
    client = signed_in("acme.localhost", eli.email)
    times = {"starts_at": "2026-07-01T18:00", "ends_at": "2026-07-02T09:00"}
    assert take(client, made, person=dana.pk, **times).status_code == 403
    until = NOW + timedelta(hours=1)
    override = add_override(made, dana, starts_at=NOW, ends_at=until, by=STAFF, at=NOW)
    back = f"{LIST}{made.pk}/stand-in/{override.pk}/"
    assert client.post(back).status_code == 403
    assert take(bobs_console, made, span="tonight").status_code == 403
    assert "I stand in" not in shown(bobs_console, made)
    for path in ("add/", f"{made.pk}/change/", f"{made.pk}/delete/"):
        assert client.get(LIST + path).status_code == 403
    assert client.get(back).status_code == 405
    assert Override.objects.count() == 1


def test_a_rotation_is_made_changed_and_deleted(console: Client) -> None:
    dana, eli = person("Dana"), person("Eli")
    sent = {
        "name": "Shop",
        "time_zone": "Europe/Berlin",
        "starts_on": "2026-03-23",
        "handover_at": "09:00",
        "people": [dana.pk, "", eli.pk, dana.pk],
    }
    more = console.post(f"{LIST}add/", {**sent, "more": "yes"})
    assert more.content.decode().count('name="people"') == 5
    console.post(f"{LIST}add/", sent)
    made = Schedule.objects.get()
    assert [m.person.name for m in made.members.all()] == ["Dana", "Eli", "Dana"]
    assert console.post(f"{LIST}add/", sent).status_code == 422
    path = f"{LIST}{made.pk}/change/"
    for wrong in ({"time_zone": "Mars/Olympus"}, {"handover_at": "9 o'clock"}, {"name": ""}):
        assert console.post(path, {**sent, **wrong}).status_code == 422
    console.post(path, {**sent, "name": "Nights", "people": [eli.pk]})
    made.refresh_from_db()
    assert (made.name, made.members.count()) == ("Nights", 1)
    console.post(f"{LIST}{made.pk}/delete/")
    assert not Schedule.objects.exists()


def test_an_override_that_is_too_long_is_refused(acme: Tenant) -> None:
    made = schedule(person("Dana"))
    with pytest.raises(Refused, match="366 days"):
        add_override(
            made,
            User.objects.get(name="Dana"),
            starts_at=timezone.now(),
            ends_at=timezone.now() + timedelta(days=367),
            by=STAFF,
        )


def test_strangers(console: Client, globex: Tenant) -> None:
    with in_tenant("globex"):
        foreign = schedule(User.objects.create_user("e@globex.example", role=Role.RESPONDER))
    made = schedule()
    assert console.get(f"{LIST}{foreign.pk}/").status_code == 404
    assert console.post(f"{LIST}{foreign.pk}/stand-in/", {"span": "day"}).status_code == 404
    with in_tenant("globex"):
        stranger = User.objects.get(name="Charlie")
    assert take(console, made, person=stranger.pk).status_code == 404
    assert Client(HTTP_HOST="acme.localhost").get(LIST).status_code == 302
