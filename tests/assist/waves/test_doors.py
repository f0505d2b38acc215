"""The console's card and the API: who sees a wave, who decides about it."""

from typing import Any

import pytest
from django.test import Client

from assist.models import Wave, WaveState
from atender.api.keys import issue_key
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import Incident
from tests.assist.waves.making import LOGIN, have_all_complain
from tests.conftest import api_client
from tests.factories import STAFF, make_key, partner_page

URL = "/api/v1/waves"


def test_the_first_screen_shows_it_with_customers_words(console: Client) -> None:
    have_all_complain(5)
    page = console.get("/admin/").content.decode()
    assert "5 customers in 4 minutes: Login: not working" in page
    assert "ich kann mich nicht mehr anmelden" not in page
    assert LOGIN[2] in page


def test_words_are_escaped(console: Client) -> None:
    have_all_complain(4)
    wave = Wave.objects.get()
    for complaint in wave.complaints.all():
        assert complaint.message is not None
        complaint.message.text = f"<script>alert(1)</script> {complaint.pk}"
        complaint.message.save()
    assert "<script>alert" not in console.get("/admin/").content.decode()


def test_one_click_opens_the_incident(console: Client) -> None:
    have_all_complain(5)
    wave = Wave.objects.get()
    answer = console.post(f"/assist/waves/{wave.pk}/open/")
    incident = Incident.objects.get(title="Login: not working")
    assert answer["Location"] == f"/admin/incidents/incident/{incident.pk}/change/"
    again = console.post(f"/assist/waves/{wave.pk}/open/")
    assert again["Location"] == answer["Location"]
    assert "New complaints" not in console.get("/admin/").content.decode()


def test_one_click_dismisses_it(console: Client) -> None:
    have_all_complain(5)
    wave = Wave.objects.get()
    assert console.get(f"/assist/waves/{wave.pk}/dismiss/").status_code == 405
    console.post(f"/assist/waves/{wave.pk}/dismiss/")
    wave.refresh_from_db()
    assert wave.state == WaveState.DISMISSED


def test_who_may_only_read_decides_nothing(bobs_console: Client) -> None:
    have_all_complain(5)
    wave = Wave.objects.get()
    page = bobs_console.get("/admin/").content.decode()
    assert "Login: not working" in page
    assert "Open incident" not in page
    for act in ("dismiss", "open"):
        assert bobs_console.post(f"/assist/waves/{wave.pk}/{act}/").status_code == 403


def test_the_api_lists_them(api: Client, post: Any) -> None:
    have_all_complain(5)
    (document,) = api.get(URL).json()["data"]
    assert document["title"] == "Login: not working"
    assert (document["customers"], document["state"]) == (5, "open")
    assert set(document["examples"]) <= set(LOGIN)
    answer = post(f"{URL}/{document['id']}/dismiss")
    assert answer.json()["state"] == "dismissed"
    assert api.get(URL).json()["data"] == []


def test_the_api_opens_an_incident_in_other_words(api: Client, post: Any) -> None:
    have_all_complain(5)
    wave = Wave.objects.get()
    answer = post(
        f"{URL}/{wave.pk}/create-incident",
        title="Some customers cannot log in",
        initial_update={"body": "We are looking into it."},
    )
    assert answer.status_code == 201, answer.content
    assert answer.json()["title"] == "Some customers cannot log in"
    assert post(f"{URL}/{wave.pk}/dismiss").status_code == 409


def test_a_key_of_another_door_sees_nothing(acme: Tenant) -> None:
    have_all_complain(5)
    wave = Wave.objects.get()
    partners = [partner_page().pk]
    _, text = issue_key("partners", scopes=["assist", "incidents"], page_ids=partners, by=STAFF)
    client = api_client(text)
    assert client.get(URL).json()["data"] == []
    assert client.post(f"{URL}/{wave.pk}/dismiss").status_code == 404
    assert client.post(f"{URL}/{wave.pk}/create-incident", {}).status_code == 404


@pytest.mark.usefixtures("acme")
def test_a_stranger_sees_nothing(globex: Tenant) -> None:
    have_all_complain(5)
    wave = Wave.objects.get()
    with in_tenant("globex"):
        client = api_client(make_key(), host="globex.localhost")
    assert client.get(URL).json()["data"] == []
    assert client.post(f"{URL}/{wave.pk}/dismiss").status_code == 404


def test_a_reading_key_decides_nothing(acme: Tenant) -> None:
    have_all_complain(5)
    reader = api_client(make_key("read"))
    assert reader.post(f"{URL}/{Wave.objects.get().pk}/dismiss").status_code == 403
