"""Follow-up actions beside their post-mortem, in their list and on the first screen."""

from datetime import timedelta

import time_machine
from django.test import Client
from django.utils import timezone

from atender.staff.models import User
from incidents.afterwards.follow_ups import add_follow_up, change_follow_up
from incidents.afterwards.post_mortems import publish_post_mortem, start_post_mortem
from incidents.models import FollowUp
from tests.factories import STAFF
from tests.incidents.admin.conftest import at
from tests.incidents.test_post_mortems import make_draft, make_resolved

HX = {"hx-request": "true"}
ONE = {"title": "Warn earlier", "is_public": "on"}
LIST = "/admin/incidents/followup/"


def test_one_is_added_with_owner_and_day(console: Client, alice: User) -> None:
    draft = make_draft()
    url = at(draft.incident, "follow-ups/")
    response = console.post(url, {**ONE, "owner": alice.pk, "due_date": "2026-12-24"})
    assert response["Location"].endswith("/postmortem/#follow-ups")
    noted = FollowUp.objects.get()
    assert (noted.title, noted.owner_id, noted.is_public) == ("Warn earlier", alice.pk, True)
    text = console.get(response["Location"]).content.decode()
    assert "due 24 Dec 2026" in text


def test_a_second_click_adds_nothing(console: Client) -> None:
    url = at(make_draft().incident, "follow-ups/")
    for _ in range(2):
        console.post(url, ONE)
    assert FollowUp.objects.count() == 1


def test_a_script_gets_the_card_alone(console: Client) -> None:
    draft = make_draft()
    url = at(draft.incident, "follow-ups/")
    card = console.post(url, ONE, headers=HX).content.decode()
    assert card.lstrip().startswith('<section class="card follow-ups" id="follow-ups"')
    assert "Warn earlier" in card
    wrong = console.post(url, {"title": "", "due_date": "soon"}, headers=HX).content.decode()
    assert "A follow-up is empty" in wrong or "A day is written as in" in wrong
    assert FollowUp.objects.count() == 1


def test_what_is_wrong_is_said_beside_its_field(console: Client, alice: User) -> None:
    draft = make_draft()
    noted = add_follow_up(draft, "Warn earlier", by=STAFF)
    url = at(draft.incident, f"follow-ups/{noted.pk}/")
    both = {**ONE, "owner": alice.pk, "owner_name": "Bob"}
    card = console.post(url, both, headers=HX).content.decode()
    assert "Choose a person or write a name, not both." in card
    assert '<details class="edits" open>' in card
    plain = console.post(url, both, follow=True).content.decode()
    assert "Choose a person or write a name, not both." in plain
    assert FollowUp.objects.get().owner_name == ""


def test_one_is_changed_done_and_not_done(console: Client) -> None:
    draft = make_draft()
    noted = add_follow_up(draft, "Warn earlier", by=STAFF)
    url = at(draft.incident, f"follow-ups/{noted.pk}/")
    console.post(url, {"title": "Warn <b>much</b> earlier", "owner_name": "The night shift"})
    changed = FollowUp.objects.get()
    assert (changed.owner_name, changed.is_public) == ("The night shift", False)
    for _ in range(2):
        console.post(f"{url}tick/", {"done": "yes"})
    assert FollowUp.objects.get().done_at
    text = console.get(at(draft.incident, "postmortem/")).content.decode()
    assert "Warn &lt;b&gt;much&lt;/b&gt; earlier" in text
    assert "staff only" in text
    console.post(f"{url}tick/", {"done": "no"})
    assert FollowUp.objects.get().done_at is None


def test_an_owner_who_left_is_still_named(console: Client, alice: User) -> None:
    draft = make_draft()
    leaver = User.objects.create_user("zoe@acme.example", name="Zoe")
    noted = add_follow_up(draft, "Warn earlier", by=STAFF, owner=leaver)
    User.objects.filter(pk=leaver.pk).update(is_active=False)
    text = console.get(at(draft.incident, "postmortem/")).content.decode()
    assert 'value="Zoe"' in text
    gone = {**ONE, "owner": leaver.pk}
    card = console.post(at(draft.incident, f"follow-ups/{noted.pk}/"), gone, headers=HX)
    assert "has no access any more" in card.content.decode()


def test_roles(bobs_console: Client, responder: Client, editor: Client) -> None:
    draft = make_draft()
    noted = add_follow_up(draft, "Warn earlier", by=STAFF)
    add, one = at(draft.incident, "follow-ups/"), at(draft.incident, f"follow-ups/{noted.pk}/")
    for url in (add, one, f"{one}tick/", f"{one}delete/"):
        assert bobs_console.post(url, ONE).status_code == 403
    assert responder.post(add, {"title": "Another"}).status_code == 302
    publish_post_mortem(draft, by=STAFF)
    assert responder.post(add, {"title": "A third"}).status_code == 403
    assert editor.post(add, {"title": "A third"}).status_code == 302
    assert editor.post(f"{one}delete/").status_code == 403
    assert FollowUp.objects.count() == 3


def test_an_admin_deletes(console: Client) -> None:
    draft = make_draft()
    noted = add_follow_up(draft, "Warn earlier", by=STAFF)
    url = at(draft.incident, f"follow-ups/{noted.pk}/delete/")
    assert console.post(url).status_code == 302
    assert not FollowUp.objects.exists()
    assert console.post(url).status_code == 404


def test_another_incidents_follow_up_is_unknown_here(console: Client) -> None:
    noted = add_follow_up(make_draft(), "Warn earlier", by=STAFF)
    other = make_draft()
    assert console.post(at(other.incident, f"follow-ups/{noted.pk}/"), ONE).status_code == 404


def test_the_list_answers_questions(console: Client) -> None:
    draft = make_draft()
    today = timezone.localdate()
    add_follow_up(draft, "Numbat", by=STAFF, due_date=today - timedelta(days=3))
    add_follow_up(draft, "Quokka", by=STAFF)
    done = add_follow_up(draft, "Bilby", by=STAFF, due_date=today - timedelta(days=3))
    change_follow_up(done, by=STAFF, is_done=True)

    def listed(which: str) -> set[str]:
        text = console.get(f"{LIST}?which={which}").content.decode()
        return {name for name in ("Numbat", "Quokka", "Bilby") if name in text}

    assert listed("open") == {"Numbat", "Quokka"}
    assert listed("overdue") == {"Numbat"}
    assert listed("done") == {"Bilby"}
    assert listed("all") == {"Numbat", "Quokka", "Bilby"}
    one = console.get(f"{LIST}{done.pk}/change/")
    assert one["Location"] == at(draft.incident, "postmortem/#follow-ups")


def test_now_shows_what_is_late_and_what_is_due(console: Client) -> None:
    assert "After the incidents" not in console.get("/admin/").content.decode()
    late = add_follow_up(
        make_draft(), "Numbat", by=STAFF, due_date=timezone.localdate() - timedelta(days=3)
    )
    text = console.get("/admin/").content.decode()
    assert "Numbat" in text
    assert "3 days late" in text
    change_follow_up(late, by=STAFF, is_done=True)
    incident = make_resolved()
    assert incident.resolved_at
    with time_machine.travel(incident.resolved_at + timedelta(days=4), tick=True):
        assert "Write the post-mortem" not in console.get("/admin/").content.decode()
    with time_machine.travel(incident.resolved_at + timedelta(days=5, minutes=1), tick=True):
        assert f"Write the post-mortem: {incident}" in console.get("/admin/").content.decode()
        start_post_mortem(incident, by=STAFF)
        assert "Write the post-mortem" not in console.get("/admin/").content.decode()
