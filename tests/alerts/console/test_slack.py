"""Slack's command in the console: what is pasted where, whether it arrives, and who is who."""

import pytest
import yaml
from django.test import Client

from alerts.models import SlackApp, SlackPerson
from alerts.slack.keeping import REFUSAL_NOTED_EVERY, set_up
from alerts.slack.manifest import manifest
from atender.staff.models import User
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from tests.alerts.test_slack_command import ALICE, SECRET, said, sent
from tests.factories import STAFF

PLACE = "/on-call/slack/"


def shown(console: Client) -> str:
    return console.get(PLACE).content.decode()


def test_a_newcomer_sets_it_up_from_the_screen_alone(console: Client, bob: User) -> None:
    first = shown(console)
    assert "not set up" in first
    assert "/alerts/slack" in first
    wrong = console.post(f"{PLACE}secret/", {"signing_secret": "xoxb-1-2"})
    assert (wrong.status_code, b"signing secret: letters" in wrong.content) == (422, True)
    kept = console.post(f"{PLACE}secret/", {"signing_secret": f" {SECRET} "}, follow=True)
    assert "Never typed yet" in kept.content.decode()
    assert SECRET not in kept.content.decode()

    assert "You are nobody here yet" in said("list", user_name="bobby")
    assert f"bobby</bdi> ({ALICE})" in shown(console)
    assert f'value="{ALICE}"' in shown(console)
    named = {"person": bob.pk, "slack_user_id": ALICE}
    page = console.post(f"{PLACE}people/", named, follow=True).content.decode()
    assert "Bob may type commands as their role allows." in page
    assert "bobby" not in page
    assert said("list", trigger_id="2") == "Nothing is open."
    assert "Last typed" in shown(console)

    row = SlackPerson.objects.get()
    console.post(f"{PLACE}people/{row.pk}/remove/")
    assert "You are nobody here yet" in said("list", trigger_id="3")


def test_a_secret_of_another_app_shows(console: Client, bob: User) -> None:
    set_up(by=STAFF, signing_secret="y" * 32, people={ALICE: bob})
    assert "was refused" not in shown(console)
    assert sent("list").status_code == 401
    noted = SlackApp.objects.get().refused_at
    assert noted is not None
    assert "it was not signed with this secret" in shown(console)
    assert sent("list").status_code == 401
    assert SlackApp.objects.get().refused_at == noted
    SlackApp.objects.update(refused_at=noted - 2 * REFUSAL_NOTED_EVERY)
    assert sent("list").status_code == 401
    assert (SlackApp.objects.get().refused_at or noted) > noted

    console.post(f"{PLACE}secret/", {"signing_secret": SECRET})
    assert "was refused" not in shown(console)
    assert said("list") == "Nothing is open."


@pytest.mark.parametrize("user_id", ["@bob", "u024be7lh", "", "U1" * 20])
def test_an_id_that_is_none_is_refused_beside_its_field(
    console: Client, bob: User, user_id: str
) -> None:
    set_up(by=STAFF, signing_secret=SECRET, people=None)
    sent_form = {"person": bob.pk, "slack_user_id": user_id}
    answer = console.post(f"{PLACE}people/", sent_form)
    assert answer.status_code == 422
    assert not SlackPerson.objects.exists()


def test_nobody_is_named_before_there_is_an_app(console: Client, bob: User) -> None:
    sent_form = {"person": bob.pk, "slack_user_id": ALICE}
    page = console.post(f"{PLACE}people/", sent_form, follow=True).content.decode()
    assert "signing secret first" in page
    assert console.get(f"{PLACE}delete/").status_code == 404


def test_an_id_is_one_person(console: Client, bob: User) -> None:
    set_up(by=STAFF, signing_secret=SECRET, people={ALICE: bob})
    alice = User.objects.get(name="Alice")
    for _click in range(2):
        console.post(f"{PLACE}people/", {"person": alice.pk, "slack_user_id": ALICE})
    assert SlackPerson.objects.get().person == alice


def test_it_is_taken_down_after_one_question(console: Client, bob: User) -> None:
    set_up(by=STAFF, signing_secret=SECRET, people={ALICE: bob})
    assert "of 1 person." in console.get(f"{PLACE}delete/").content.decode()
    assert SlackApp.objects.exists()
    console.post(f"{PLACE}delete/")
    assert not SlackPerson.objects.exists()
    assert sent("list").status_code == 404


def test_only_admins_lend_rights(bobs_console: Client, bob: User, globex: Tenant) -> None:
    set_up(by=STAFF, signing_secret=SECRET, people={ALICE: bob})
    page = bobs_console.get(PLACE).content.decode()
    assert ALICE in page
    assert '<form method="post" action="/on-call/slack' not in page
    row = SlackPerson.objects.get()
    for path in ("secret/", "people/", f"people/{row.pk}/remove/", "delete/"):
        assert bobs_console.post(f"{PLACE}{path}").status_code == 403
    with in_tenant("globex"):
        assert not SlackApp.objects.exists()


def test_the_manifest_names_the_one_address() -> None:
    app = yaml.safe_load(manifest("https://console.example.com/alerts/slack"))
    (command,) = app["features"]["slash_commands"]
    assert (command["command"], command["url"]) == (
        "/incident",
        "https://console.example.com/alerts/slack",
    )
    assert app["oauth_config"]["scopes"]["bot"] == ["commands"]
