"""Times in the zone of whoever reads them."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from atender.refusals import Refused
from atender.staff.models import User
from atender.staff.zones import choose_zone, with_zones, zone_of
from incidents import words
from incidents.models import Incident
from incidents.texts.placeholders import moment_words
from monitors.models import Service
from monitors.runbooks import runbooks_of, write_runbook
from statuspage.models import Branding
from tests.factories import STAFF, make_incident

HOUSE = Path(__file__).parents[2]
ACCOUNT = "/account/"
MOMENT = "2026-01-05T10:00:00+00:00"


def workspace(client: Client) -> str:
    incident = Incident.objects.first() or make_incident()
    Incident.objects.update(started_at=MOMENT)
    return client.get(f"/admin/incidents/incident/{incident.pk}/change/").content.decode()


def test_the_pages_zone_is_the_usual_one(console: Client) -> None:
    assert "10:00 UTC" in workspace(console)
    Branding.objects.filter(page__is_default=True).update(time_zone="Asia/Tokyo")
    page = workspace(console)
    assert "19:00 JST" in page
    assert "Expected to be fixed at, JST" in page


def test_a_person_may_choose_another(console: Client, bobs_console: Client) -> None:
    response = console.post(ACCOUNT, {"time_zone": "Europe/Lisbon"}, follow=True)
    assert "Saved." in response.content.decode()
    assert "10:00 WET" in workspace(console)
    assert "10:00 UTC" in workspace(bobs_console)
    console.post(ACCOUNT, {"time_zone": ""})
    assert "10:00 UTC" in workspace(console)


def test_a_zone_without_letters_is_told_as_a_distance(console: Client, alice: User) -> None:
    choose_zone(alice, "America/Sao_Paulo")
    assert "07:00 UTC-03" in workspace(console)


def test_so_it_is_where_only_words_are_made_of_it(alice: User) -> None:
    """Hours from Greenwich alone would be read as a number: `14:00 -03`."""
    start = datetime(2093, 6, 1, 17, tzinfo=UTC)
    there = ZoneInfo("America/Sao_Paulo")
    planned = Incident(scheduled_for=start, scheduled_until=start + timedelta(hours=2))
    with timezone.override(there):
        assert words.window_words(planned) == "Mon 1 Jun 2093 14:00 to 16:00 UTC-03"
    assert words.date_words(start.astimezone(there)) == "Mon 1 Jun 2093, 14:00 UTC-03"
    assert moment_words(start, there) == "14:00 UTC-03 on 1 June 2093"
    assert moment_words(start, ZoneInfo("Europe/Berlin")) == "19:00 CEST on 1 June 2093"


def test_no_template_writes_a_zone_by_itself() -> None:
    by_hand = re.compile(r"""date:["'][^"']*[TeO]["']""")
    rooms = [HOUSE / "templates", HOUSE / "atender"]
    found = [one for room in rooms for one in room.rglob("*.html")]
    assert found
    assert [str(one) for one in found if by_hand.search(one.read_text())] == []


def test_when_a_runbook_was_written(console: Client, alice: User) -> None:
    choose_zone(alice, "Asia/Tokyo")
    service = Service.objects.create(name="Shop")
    write_runbook(service.pk, "## Contacts", by=STAFF, name=service.name)
    written_at = runbooks_of([service.pk])[service.pk].written_at
    page = f"/admin/monitors/service/{service.pk}/change/"
    assert f"{written_at.astimezone(ZoneInfo('Asia/Tokyo')):%H:%M} JST" in console.get(page).text
    choose_zone(alice, "America/Sao_Paulo")
    there = written_at.astimezone(ZoneInfo("America/Sao_Paulo"))
    assert f"{there:%H:%M} UTC-03" in console.get(page).text


def test_of_many_people_the_usual_zone_is_found_once(
    alice: User, bob: User, django_assert_num_queries: Any
) -> None:
    Branding.objects.filter(page__is_default=True).update(time_zone="Asia/Tokyo")
    choose_zone(bob, "Europe/Lisbon")
    people = [alice, *User.objects.exclude(pk__in=[alice.pk, bob.pk]), alice, bob]
    with django_assert_num_queries(1):
        found = list(with_zones(people))
    assert found == [(person, zone_of(person)) for person in people]
    with django_assert_num_queries(0):
        assert list(with_zones([bob])) == [(bob, ZoneInfo("Europe/Lisbon"))]


def test_what_is_typed_is_meant_in_the_same_zone(console: Client, alice: User) -> None:
    choose_zone(alice, "Asia/Tokyo")
    incident = make_incident()
    path = f"/admin/incidents/incident/{incident.pk}/post/"
    console.post(path, {"body": "Slow.", "status": "", "eta": "2031-05-01T09:00"})
    eta = incident.updates.latest("id").eta
    assert eta is not None
    assert eta.isoformat() == "2031-05-01T00:00:00+00:00"


@pytest.mark.parametrize("name", ["Mars/Base", "../../etc/passwd", "\x00", "x" * 256])
def test_what_is_no_zone_is_refused(console: Client, alice: User, name: str) -> None:
    response = console.post(ACCOUNT, {"time_zone": name})
    assert response.status_code == 422
    with pytest.raises(Refused):
        choose_zone(alice, name)
    alice.refresh_from_db()
    assert alice.time_zone == ""


def test_the_account_is_for_those_who_are_signed_in(acme: object) -> None:
    response = Client(HTTP_HOST="acme.localhost").get(ACCOUNT)
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


def test_programs_read_utc_whatever_the_page_says(api: Client) -> None:
    Branding.objects.filter(page__is_default=True).update(time_zone="Asia/Tokyo")
    incident = make_incident()
    document = api.get(f"/api/v1/incidents/{incident.pk}").json()
    assert document["started_at"].endswith("Z")
