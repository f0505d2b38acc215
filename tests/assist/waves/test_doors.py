"""The console's card and the API: who sees a wave, who decides about it."""

from typing import Any

import pytest
from django.test import Client

from assist.models import Wave, WaveState
from atender.api.keys import issue_key
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import AuditEntry, Incident
from tests.assist.waves.making import LOGIN, have_all_complain
from tests.conftest import api_client
from tests.factories import STAFF, make_key, partner_page

URL = "/api/v1/waves"


def test_the_first_screen_shows_it_with_customers_words(console: Client) -> None:
    have_all_complain(5)
    page = console.get("/admin/").content.decode()
    assert "5 customers in 4 minutes: Login is not working" in page
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
    incident = Incident.objects.get(title="Login is not working for some customers")
    assert answer["Location"] == f"/admin/incidents/incident/{incident.pk}/change/"
    again = console.post(f"/assist/waves/{wave.pk}/open/")
    assert again["Location"] == answer["Location"]
    assert "New complaints" not in console.get("/admin/").content.decode()


def test_one_click_dismisses_it(console: Client) -> None:
    have_all_complain(5)
    wave = Wave.objects.get()
    assert console.get(f"/assist/waves/{wave.pk}/dismiss/").status_code == 405
    answer = console.post(f"/assist/waves/{wave.pk}/dismiss/")
    wave.refresh_from_db()
    assert wave.state == WaveState.DISMISSED
    page = console.get(answer["Location"]).content.decode()
    assert "Dismissed: 5 customers in 4 minutes, Login is not working." in page
    assert "New complaints" not in page
    assert "Dismissed:" not in console.get("/admin/").content.decode()


def test_a_dismissal_is_undone_once_however_often_it_is_clicked(console: Client) -> None:
    have_all_complain(5)
    wave = Wave.objects.get()
    gone = console.post(f"/assist/waves/{wave.pk}/dismiss/")["Location"]
    assert f"/assist/waves/{wave.pk}/restore/" in console.get(gone).content.decode()
    for _ in range(2):
        answer = console.post(f"/assist/waves/{wave.pk}/restore/", follow=True)
        assert "5 customers in 4 minutes: Login is not working" in answer.content.decode()
    assert AuditEntry.objects.filter(action="wave.restored").count() == 1
    # The address that offered it is of no use any more.
    assert "Dismissed:" not in console.get(gone).content.decode()
    console.post(f"/assist/waves/{wave.pk}/open/")
    late = console.post(f"/assist/waves/{wave.pk}/restore/", follow=True).content.decode()
    assert "An incident was opened from this wave" in late


@pytest.mark.parametrize("odd", ["", "x", "0" * 26, "%00"])
def test_an_odd_address_offers_no_undo(console: Client, odd: str) -> None:
    assert "Dismissed:" not in console.get(f"/admin/?dismissed={odd}").content.decode()


def test_who_may_only_read_decides_nothing(bobs_console: Client) -> None:
    have_all_complain(5)
    wave = Wave.objects.get()
    page = bobs_console.get("/admin/").content.decode()
    assert "Login is not working" in page
    assert "Open incident" not in page
    for act in ("dismiss", "open", "restore"):
        assert bobs_console.post(f"/assist/waves/{wave.pk}/{act}/").status_code == 403


def test_the_api_lists_them(api: Client, post: Any) -> None:
    have_all_complain(5)
    (document,) = api.get(URL).json()["data"]
    assert document["title"] == "Login is not working for some customers"
    assert (document["customers"], document["state"]) == (5, "open")
    assert set(document["examples"]) <= set(LOGIN)
    answer = post(f"{URL}/{document['id']}/dismiss")
    assert answer.json()["state"] == "dismissed"
    assert api.get(URL).json()["data"] == []
    for _ in range(2):
        undone = api.delete(f"{URL}/{document['id']}/dismiss")
        assert (undone.status_code, undone.json()["state"]) == (200, "open")
    assert api.get(URL).json()["data"] == [document]


def test_the_api_opens_an_incident_in_other_words(api: Client, post: Any) -> None:
    have_all_complain(5)
    wave = Wave.objects.get()
    long = post(f"{URL}/{wave.pk}/create-incident", initial_update={"body": "x" * 20_001})
    assert long.json()["errors"][0]["field"] == "initial_update.body"
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
    assert client.delete(f"{URL}/{wave.pk}/dismiss").status_code == 404
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
