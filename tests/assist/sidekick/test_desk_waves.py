"""Waves at the desk: shown live, decided there, without losing the conversation."""

from django.test import Client

from assist.models import Conversation, Wave
from atender.staff.models import User
from incidents.models import Incident
from tests.assist.waves.making import LOGIN, have_all_complain, say

DESK = "/sidekick/"
PARTS = {"hx-request": "true"}


def test_a_wave_comes_to_an_open_desk(console: Client) -> None:
    say(LOGIN[0], 0)
    here = f"{DESK}{Conversation.objects.get().pk}/"
    whole = console.get(here)
    assert "customers in" not in whole.content.decode()
    have_all_complain()
    news = console.get(here, headers={**PARTS, "if-none-match": whole["ETag"]})
    text = news.content.decode()
    assert (news.status_code, "customers in" in text) == (200, True)
    assert LOGIN[6] in text
    again = console.get(here, headers={**PARTS, "if-none-match": news["ETag"]})
    assert again.status_code == 304


def test_an_incident_is_opened_from_it_beside_the_conversation(console: Client) -> None:
    have_all_complain()
    chosen = Conversation.objects.earliest("id")
    answer = console.post(
        f"{DESK}waves/{Wave.objects.get().pk}/",
        {"deed": "open", "conversation": chosen.pk},
        headers=PARTS,
    )
    text = answer.content.decode()
    incident = Incident.objects.get()
    assert f"/admin/incidents/incident/{incident.pk}/change/" in text
    assert "say nothing of it" in text
    assert "customers in" not in text
    assert incident.conversations.count() == 8
    again = {"deed": "dismiss", "conversation": chosen.pk}
    refused = console.post(f"{DESK}waves/{Wave.objects.get().pk}/", again, headers=PARTS)
    assert "close that instead" in refused.content.decode()


def test_without_scripts_one_goes_to_the_incident_or_back(console: Client) -> None:
    have_all_complain()
    where = f"{DESK}waves/{Wave.objects.get().pk}/"
    chosen = Conversation.objects.earliest("id")
    back = console.post(where, {"deed": "dismiss", "conversation": chosen.pk})
    assert back["Location"].startswith(f"{DESK}{chosen.pk}/")
    assert "stays quiet" in console.get(back["Location"]).content.decode()
    assert console.post(where, {"deed": "dismiss"})["Location"].startswith(f"{DESK}?")
    Wave.objects.update(state="open", decided_at=None)
    opened = console.post(where, {"deed": "open"})
    assert str(Incident.objects.get().pk) in opened["Location"]


def test_a_dismissal_is_taken_back_where_it_is_said(console: Client) -> None:
    have_all_complain()
    wave, chosen = Wave.objects.get(), Conversation.objects.earliest("id")
    where = f"{DESK}waves/{wave.pk}/"
    said = {"conversation": chosen.pk}
    gone = console.post(where, {**said, "deed": "dismiss"}, headers=PARTS).content.decode()
    assert ('value="restore"' in gone, "customers in" in gone) == (True, False)
    back = console.post(where, {**said, "deed": "dismiss"})["Location"]
    assert 'value="restore"' in console.get(back).content.decode()
    for _ in range(2):
        text = console.post(where, {**said, "deed": "restore"}, headers=PARTS).content.decode()
        assert ("is undone" in text, "customers in" in text) == (True, True)
    plain = console.post(where, {"deed": "restore"})["Location"]
    assert "is undone" in console.get(plain).content.decode()


def test_who_only_reads_decides_nothing(bobs_console: Client, alice: User) -> None:
    have_all_complain()
    where = f"{DESK}waves/{Wave.objects.get().pk}/"
    text = bobs_console.get(DESK).content.decode()
    assert "customers in" in text
    assert where not in text
    for deed in ("open", "dismiss", "restore"):
        assert bobs_console.post(where, {"deed": deed}).status_code == 403
    assert bobs_console.post(where, {"deed": "else"}).status_code == 404
    assert bobs_console.get(where).status_code == 405
