"""The slash command: who may, what it does, and that Slack itself sent it."""

import time
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client
from slack_sdk.signature import SignatureVerifier

from alerts.lifecycle import acknowledge
from alerts.models import Alert, SlackAnswer, SlackApp
from alerts.slack.keeping import set_up, take_down
from alerts.slack.reading import read, reference_of
from alerts.slack.signing import signature_of
from atender.refusals import Refused
from atender.roles import Role
from atender.staff.models import User
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import Incident
from tests.alerts.making import make_alert
from tests.factories import STAFF, make_incident
from tests.incidents.test_races import at_once
from tests.meeting import Other

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
ALICE = "U024BE7LH"
URL = "/alerts/slack"


def body_of(text: str, **about: str) -> bytes:
    typed = {"command": "/incident", "text": text, "user_id": ALICE, "trigger_id": f"{text}.1"}
    return urlencode(typed | about).encode()


def sent(
    text: str,
    *,
    secret: str = SECRET,
    age_s: int = 0,
    host: str = "acme.localhost",
    retry: str = "",
    **about: str,
) -> Any:
    """Post a command as Slack does, signed by its own library."""
    body, at = body_of(text, **about), str(int(time.time()) - age_s)
    signature = SignatureVerifier(secret).generate_signature(timestamp=at, body=body)
    headers = {"x-slack-request-timestamp": at, "x-slack-signature": str(signature)}
    if retry:
        headers |= {"x-slack-retry-num": retry, "x-slack-retry-reason": "http_timeout"}
    form = "application/x-www-form-urlencoded"
    return Client(HTTP_HOST=host).post(URL, body, content_type=form, headers=headers)


def said(text: str, **about: Any) -> str:
    response = sent(text, **about)
    assert response.status_code == 200, response.content
    assert response.json()["response_type"] == "ephemeral"
    return str(response.json()["text"])


@pytest.fixture
def bob(acme: Tenant) -> User:
    """A responder, whose Slack user the command knows."""
    person = User.objects.create_user("b@acme.example", None, role=Role.RESPONDER, name="Bob")
    set_up(by=STAFF, signing_secret=SECRET, people={ALICE: person})
    return person


def test_the_signature_is_slacks(bob: User) -> None:
    at, body = "1531420618", body_of("list")
    assert signature_of(SECRET, at, body) == SignatureVerifier(SECRET).generate_signature(
        timestamp=at, body=body
    )


@pytest.mark.parametrize("wrong", [{"secret": "x" * 32}, {"age_s": 301}, {"age_s": -301}])
def test_what_slack_did_not_sign_just_now_is_refused(bob: User, wrong: dict[str, Any]) -> None:
    assert sent("open major Checkout fails", **wrong).status_code == 401
    assert not Incident.objects.exists()


@pytest.mark.parametrize("at", ["", "soon", "٣", "9" * 30])
def test_a_timestamp_that_is_none_is_refused(bob: User, at: str) -> None:
    client, form = Client(HTTP_HOST="acme.localhost"), "application/x-www-form-urlencoded"
    headers = {"x-slack-request-timestamp": at, "x-slack-signature": "v0=é"}
    response = client.post(URL, body_of("list"), content_type=form, headers=headers)
    assert response.status_code == 401


def test_another_tenant_takes_none_of_it(bob: User, globex: Tenant) -> None:
    assert sent("list", host="globex.localhost").status_code == 404
    with in_tenant("globex"):
        set_up(by=STAFF, signing_secret="y" * 32, people={})
    assert sent("list", host="globex.localhost").status_code == 401


def test_it_opens_updates_takes_and_resolves(bob: User) -> None:
    assert "It is internal" in said("open major Checkout &lt;fails&gt; &amp; hangs")
    incident = Incident.objects.get()
    assert (incident.title, incident.severity) == ("Checkout <fails> & hangs", "major")
    assert (incident.by.name, incident.pages.count()) == ("Bob", 0)
    reference = reference_of(incident.pk)
    assert f"`{reference}`" in said("list")
    assert "&lt;fails&gt; &amp; hangs" in said("list")

    assert "identified, internal" in said("update identified The release of 3 pm.\nRolling back.")
    update = incident.updates.latest("id")
    assert (update.status, update.body) == ("identified", "The release of 3 pm.\nRolling back.")
    assert "You have it" in said(f"ack {reference.lower()}")
    assert "resolved" in said(f"resolve {reference} Rolled back.")
    incident.refresh_from_db()
    assert (incident.status, incident.acknowledged_by_id) == ("resolved", bob.pk)
    assert said("list", trigger_id="later") == "Nothing is open."


def test_what_is_posted_to_a_published_incident_says_that_it_is_public(bob: User) -> None:
    incident = make_incident()
    assert "public on Acme" in said("update We are rolling back.")
    assert incident.updates.latest("id").is_public


def test_sent_again_it_is_done_once_and_answered_the_same(bob: User) -> None:
    first = said("open Checkout fails")
    assert said("open Checkout fails", retry="1") == first
    assert said("open Checkout fails", retry="2", age_s=20) == first
    assert Incident.objects.count() == 1


@pytest.mark.usefixtures("fresh_database")
def test_sent_at_the_same_moment_it_is_done_once() -> None:
    with in_tenant("acme"):
        person = User.objects.create_user("b@acme.example", None, role=Role.EDITOR, name="Bob")
        set_up(by=STAFF, signing_secret=SECRET, people={ALICE: person})
    answers: list[str] = []
    at_once(*[lambda: answers.append(said("open Checkout fails"))] * 3)
    with in_tenant("acme"):
        assert Incident.objects.count() == 1
    assert len(answers) == 3
    assert len(set(answers)) == 1


@pytest.mark.usefixtures("fresh_database")
def test_somebody_elses_lock_is_not_waited_for_until_slack_gives_up() -> None:
    with in_tenant("acme"):
        person = User.objects.create_user("b@acme.example", None, role=Role.EDITOR, name="Bob")
        set_up(by=STAFF, signing_secret=SECRET, people={ALICE: person})
        incident = make_incident()
        with transaction.atomic():
            Incident.objects.select_for_update().get(pk=incident.pk)
            answers: list[str] = []
            at_once(lambda: answers.append(said("ack")))
        assert answers == ["Somebody is changing it just now; try again in a moment."]
        assert connection.in_atomic_block is False
    assert "You have it" in said("ack")


@pytest.mark.usefixtures("fresh_database")
def test_a_database_that_goes_away_is_not_called_somebody() -> None:
    with in_tenant("acme"):
        person = User.objects.create_user("b@acme.example", None, role=Role.EDITOR, name="Bob")
        set_up(by=STAFF, signing_secret=SECRET, people={ALICE: person})
        incident = make_incident()
        answers: list[str] = []
        with transaction.atomic():
            Incident.objects.select_for_update().get(pk=incident.pk)
            asking = Other(lambda: answers.append(said("ack")))
            asking.wait_until_blocked()
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
                )
            asking.result()
    assert answers == ["Our database does not answer. Nothing was done; try again in a minute."]
    assert "You have it" in said("ack")


def test_an_alert_is_taken_by_its_reference(bob: User) -> None:
    make_incident()
    alert = make_alert("Disk full")
    assert "Say which incident or alert you mean" in said("ack")
    assert "You have it" in said(f"ack {reference_of(alert.pk)}")
    assert Alert.objects.get().acknowledged_by_id == bob.pk


def test_what_somebody_else_has_is_said(bob: User) -> None:
    acknowledge(make_alert("Disk full"), by=STAFF)
    assert f"{STAFF.name} has it already: Disk full" in said("ack")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("dance now", "'dance' is no command; /incident help lists them."),
        ("open", "An incident has a title"),
        ("open major", "An incident has a title"),
        ("update identified Found it.", "Nothing is open."),
        ("update K3M9Q2 Found it.", "No open incident is called K3M9Q2."),
        ("", "*/incident list*"),
    ],
)
def test_what_makes_no_sense_is_answered_with_a_sentence(
    bob: User, text: str, sentence: str
) -> None:
    assert sentence in said(text)
    assert not Incident.objects.exists()


def test_strangers_and_viewers_are_refused_with_a_sentence(bob: User) -> None:
    assert "name your Slack member ID (U99)" in said("open Mischief", user_id="U99")
    bob.role = Role.VIEWER
    bob.save()
    assert said("open Mischief", trigger_id="2") == "Your role does not open incidents."
    bob.is_active = False
    bob.save()
    assert "You are nobody here yet" in said("list")
    assert not Incident.objects.exists()


def test_old_answers_are_forgotten(bob: User) -> None:
    said("list")
    SlackAnswer.objects.update(at="2020-01-01T00:00Z")
    said("help")
    assert SlackAnswer.objects.count() == 1


def test_slack_asks_whether_the_certificate_is_good(bob: User) -> None:
    assert sent("", ssl_check="1").content == b""


def test_it_is_set_up_over_the_api(acme: Tenant, api: Client, bob: User) -> None:
    take_down(by=STAFF)
    assert sent("list").status_code == 404
    body: dict[str, Any] = {"people": [{"slack_user_id": ALICE, "person": bob.email}]}
    refused = api.put("/api/v1/slack", body, content_type="application/json")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "signing_secret")
    body |= {"signing_secret": SECRET}
    answer = api.put("/api/v1/slack", body, content_type="application/json")
    assert (answer.status_code, SECRET in answer.content.decode()) == (200, False)
    assert answer.json()["url"].endswith(URL)
    assert said("list") == "Nothing is open."
    known = api.get("/api/v1/slack").json()
    assert known["people"] == [{"slack_user_id": ALICE, "person_id": bob.pk}]
    assert known["last_used_at"]
    assert api.delete("/api/v1/slack").status_code == 204
    assert sent("list").status_code == 404


def test_a_member_id_that_is_none_is_refused(bob: User) -> None:
    with pytest.raises(Refused, match="Copy member ID"):
        set_up(by=STAFF, signing_secret=None, people={"@bob": bob})


def test_words_are_read_as_slack_writes_them() -> None:
    wish = read(" ACK  a&lt;b &amp;amp; c ")
    assert (wish.verb, wish.rest) == ("ack", "a<b &amp; c")


def test_a_process_of_the_version_before_may_set_it_up_while_deploying(acme: Tenant) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO alerts_slackapp (is_the_one, signing_secret, created_at)"
            " VALUES (true, '', now())"
        )
    app = SlackApp.objects.get()
    assert (app.stranger_id, app.stranger_name) == ("", "")
