"""Asking a page: what it shows is named, what fits nothing is noted, nobody is kept."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assist.models import Complaint
from assist.waves.showing import open_waves
from assist.waves.watching import look
from atender.limits.counting import QUESTIONS_PER_NETWORK
from atender.tenants.models import Tenant
from incidents.lifecycle import post_update
from incidents.models import Incident
from incidents.transitions import Saying
from statuspage.access.closing import change_access
from statuspage.look.branding import change_branding
from statuspage.models import Visibility
from tests.factories import STAFF, default_page, make_incident, partner_page
from tests.statuspage.test_wording import left_in_english

SLOW = "your api is super slow today"
LOGIN = "I can't log in since this morning"
PARTNERS = "partners.acme.localhost"


def from_network(last: int) -> Client:
    return Client(HTTP_HOST="status.acme.localhost", REMOTE_ADDR=f"192.0.2.{last}")


def ask(visitor: Client, text: str, **more: str) -> str:
    answer = visitor.post("/check", {"text": text, **more})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store, private"
    return str(answer.content.decode())


@pytest.fixture
def incident(acme: Tenant) -> Incident:
    return make_incident("API requests are slow")


def test_what_the_page_shows_is_named_with_its_facts(visitor: Client, incident: Incident) -> None:
    promised = Saying(body="We add servers.", eta=timezone.now() + timedelta(hours=2))
    post_update(incident, by=STAFF, saying=promised)
    said = ask(visitor, SLOW)
    assert "Yes, this is known" in said
    assert "API requests are slow" in said
    assert "We add servers." in said
    assert "Since" in said
    assert "Expected to be over by" in said
    assert f'href="/incidents/{incident.id}#subscribe"' in said
    assert not Complaint.objects.exists()


def test_who_says_that_it_is_something_else_counts_as_not_known(
    visitor: Client, incident: Incident
) -> None:
    found = ask(visitor, SLOW)
    assert f'name="text" value="{SLOW}"' in found
    assert "No, that is not it" in found
    said = ask(visitor, SLOW, not_it="1")
    assert "It has been reported" in said
    assert incident.title not in said
    assert Complaint.objects.get().text == SLOW
    for last in (*range(8, 11), 9, 9):
        ask(from_network(last), SLOW, not_it="1")
    look(timezone.now())
    assert [(seen.customers, seen.page_asked) for seen in open_waves()] == [(4, 4)]


def test_saying_no_is_no_way_around_the_form(visitor: Client, incident: Incident) -> None:
    assert "my &lt;i&gt;api" in ask(visitor, "is my <i>api super slow today")
    assert "Say what fails" in ask(visitor, "how do I change my avatar", not_it="1")
    ask(visitor, SLOW, not_it="1", website="https://spam.example")
    foreign = {"Sec-Fetch-Site": "cross-site"}
    data = {"text": SLOW, "not_it": "1"}
    assert visitor.post("/check", data, headers=foreign).status_code == 403
    assert visitor.post("/check", {"not_it": "1"}).status_code == 422
    assert not Complaint.objects.exists()
    for _ in range(QUESTIONS_PER_NETWORK - 2):
        ask(visitor, SLOW, not_it="1")
    assert visitor.post("/check", data).status_code == 429


def test_the_front_leads_to_a_form_that_changes_nothing(visitor: Client) -> None:
    assert 'href="/check"' in visitor.get("/").content.decode()
    answer = visitor.get("/check", {"text": LOGIN})
    assert '<form method="post" action="/check">' in answer.content.decode()
    assert not answer.cookies
    assert not Complaint.objects.exists()
    visitor.head("/check")
    assert not Complaint.objects.exists()


def test_what_fits_nothing_is_a_wave_if_several_networks_say_so(acme: Tenant) -> None:
    for _ in range(5):
        assert "It has been reported" in ask(from_network(7), LOGIN)
    look(timezone.now())
    assert open_waves() == []
    for last in range(8, 11):
        ask(from_network(last), LOGIN)
    look(timezone.now())
    assert [(seen.customers, seen.page_asked) for seen in open_waves()] == [(4, 4)]


def test_a_question_is_not_said_to_be_reported(visitor: Client) -> None:
    said = ask(visitor, "how do I change my <i>avatar</i>")
    assert "Say what fails and how" in said
    assert "It has been reported" not in said
    assert "my &lt;i&gt;avatar" in said
    assert not Complaint.objects.exists()


def test_each_page_knows_its_own_alone(visitor: Client, acme: Tenant) -> None:
    make_incident("API requests are slow", pages=(partner_page(),))
    assert "requests are slow" not in ask(visitor, SLOW)
    assert "requests are slow" in ask(Client(HTTP_HOST=PARTNERS), SLOW)


def test_the_partners_page_does_not_know_the_public_one(incident: Incident) -> None:
    assert incident.title not in ask(Client(HTTP_HOST=PARTNERS), SLOW)


def test_internal_over_and_private_words_are_never_told(visitor: Client, acme: Tenant) -> None:
    make_incident("API requests are slow", pages=())
    over = make_incident("API requests are very slow")
    post_update(over, by=STAFF, saying=Saying(status="resolved"))
    assert "requests are" not in ask(visitor, SLOW)
    shown = make_incident("Exports fail", components=("Web app",))
    secret = "the api is slow because the quokka cache is gone"
    post_update(shown, by=STAFF, saying=Saying(body=secret, is_public=False))
    assert "quokka cache is gone" not in ask(visitor, "exports fail")
    assert "Exports fail" not in ask(visitor, "quokka cache gone")


def test_switched_off_there_is_no_link_and_no_form(visitor: Client, incident: Incident) -> None:
    change_branding(default_page(), by=STAFF, takes_questions=False)
    assert "/check" not in visitor.get("/").content.decode()
    assert visitor.get("/check").status_code == 404
    assert visitor.post("/check", {"text": SLOW}).status_code == 404
    assert not Complaint.objects.exists()
    assert Client(HTTP_HOST=PARTNERS).get("/check").status_code == 200


def test_what_is_too_long_is_said_and_comes_back(visitor: Client) -> None:
    long = f"{SLOW} " * 40
    answer = visitor.post("/check", {"text": long})
    assert answer.status_code == 422
    html = answer.content.decode()
    count = len(long.strip())
    assert f"A question has at most 500 characters; this one has {count}." in html
    assert f">{long.strip()}</textarea>" in html
    assert not Complaint.objects.exists()


def test_of_what_is_far_too_long_a_part_comes_back(visitor: Client) -> None:
    answer = visitor.post("/check", {"text": "<a" * 50_000})
    assert answer.status_code == 422
    assert "this one has 100000" in answer.content.decode()
    assert len(answer.content) < 30_000


def test_one_network_asks_a_page_so_often(visitor: Client, incident: Incident) -> None:
    for _ in range(QUESTIONS_PER_NETWORK):
        ask(visitor, SLOW)
    refused = visitor.post("/check", {"text": SLOW})
    assert refused.status_code == 429
    assert refused["Retry-After"] == "180"
    assert "from your network" in refused.content.decode()
    assert incident.title not in refused.content.decode()
    assert f">{SLOW}</textarea>" in refused.content.decode()
    ask(Client(HTTP_HOST=PARTNERS), SLOW)
    ask(from_network(9), SLOW)
    assert visitor.post("/subscribe", {"email": "new@example.com"}).status_code == 200


def test_a_program_learns_and_leaves_nothing(visitor: Client, incident: Incident) -> None:
    assert incident.title not in ask(visitor, SLOW, website="https://spam.example")
    assert "It has been reported" in ask(visitor, LOGIN, website="https://spam.example")
    assert not Complaint.objects.exists()


def test_a_form_of_another_site_is_refused(visitor: Client, acme: Tenant) -> None:
    answer = visitor.post("/check", {"text": LOGIN}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "a" * 500,
        "🔥" * 500,
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "\0 x",
    ],
)
def test_whatever_is_written_is_read_in_peace(
    visitor: Client, incident: Incident, text: str
) -> None:
    said = ask(visitor, text)
    assert "Not known yet" in said
    assert "<script>alert" not in said
    assert "<img src=x" not in said
    assert len(said) < 30_000


@pytest.mark.parametrize("text", ["", "   ", "\0"])
def test_nothing_written_is_asked_again(visitor: Client, text: str) -> None:
    answer = visitor.post("/check", {"text": text})
    assert answer.status_code == 422
    assert "Write in a few words what goes wrong." in answer.content.decode()


def test_of_the_visitor_nothing_is_kept(visitor: Client, acme: Tenant) -> None:
    text = "I can't log in as maria@example.com, +49 170 1234567, https://acme.example/x?id=7"
    someone = from_network(77)
    said = ask(someone, text)
    assert "maria" not in said
    kept = str(Complaint.objects.values().get())
    for personal in ("maria", "1234567", "acme.example", "192.0.2"):
        assert personal not in kept


def test_a_private_page_guards_it_like_all_else(visitor: Client, incident: Incident) -> None:
    password = "correct horse battery"
    change_access(default_page(), by=STAFF, visibility=Visibility.PASSWORD, password=password)
    for answer in (visitor.get("/check"), visitor.post("/check", {"text": SLOW})):
        assert answer.status_code == 403
        assert incident.title not in answer.content.decode()
    assert not Complaint.objects.exists()
    visitor.post("/unlock", {"password": password})
    assert incident.title in ask(visitor, SLOW)


@pytest.mark.parametrize("code", ["de", "ar"])
@pytest.mark.parametrize("text", [SLOW, LOGIN, "hello"])
def test_it_speaks_the_pages_languages(visitor: Client, acme: Tenant, code: str, text: str) -> None:
    change_branding(default_page(), by=STAFF, title="Ж", further_languages=["de", "ar"])
    make_incident("Ж API slow", body="Ж API slow")

    def answered(lang: str) -> str:
        return str(visitor.post(f"/check?lang={lang}", {"text": text}).content.decode())

    def asked(lang: str) -> str:
        return str(visitor.get(f"/check?lang={lang}").content.decode())

    given = {"Status", "Ж API slow", text}
    assert left_in_english(answered, code) <= given
    assert left_in_english(asked, code) <= given
