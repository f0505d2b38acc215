"""POST /api/v1/assist/status_check: what agents ask."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assist.facts import urls_of
from assist.knowledge import knowledge_of
from atender.api.keys import issue_key
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.lifecycle import post_update
from incidents.planned.planning import start_maintenance
from incidents.transitions import Saying
from statuspage.access.closing import change_access
from statuspage.models import Visibility
from tests.assist.conversations.making import hear, make_conversation
from tests.factories import STAFF, default_page, make_incident, partner_page
from tests.incidents.planned import plan

Post = Callable[..., Any]
URL = "/api/v1/assist/status_check"
SLOW = "your api is super slow today"
SAID = {
    "API response times degraded": SLOW,
    "Card payments are declined": "my card was declined",
    "Login is failing": "I can't log in",
}


def test_finds_the_incident_and_says_why(post: Post) -> None:
    incident = make_incident()
    answer = post(URL, message=SLOW).json()
    (found,) = answer["matches"]
    assert found["incident"]["id"] == incident.id
    assert found["incident"]["url"].endswith(f"status.acme.localhost/incidents/{incident.id}")
    assert found["components"][0]["name"] == "API"
    assert 0.5 < found["relevance"] <= 1
    assert found["reasons"]
    assert answer["language"] == "en"


def test_many_addresses_cost_one_query(
    acme: Tenant, django_assert_num_queries: Callable[[int], Any]
) -> None:
    incidents = [make_incident(f"Outage {number}") for number in range(3)]
    known = list(knowledge_of([default_page()]).known.values())
    with django_assert_num_queries(1):
        urls = urls_of(known)
    for one in incidents:
        assert urls[one.id].endswith(f"status.acme.localhost/incidents/{one.id}")


def test_many_cards_cost_as_many_queries_as_one(api: Client) -> None:
    conversation, costs = make_conversation(), []
    cards_url = f"/api/v1/conversations/{conversation.pk}/cards"
    api.get(cards_url)
    for title, said in SAID.items():
        make_incident(title, body=f"{title}.")
        hear(conversation, said)
        with CaptureQueriesContext(connection) as queries:
            cards = api.get(cards_url).json()["data"]
        costs.append((len(cards), len(queries)))
    (fewest, cost), *_, (most, cost_of_most) = costs
    assert (fewest, most) == (1, 3)
    assert cost == cost_of_most


def test_keywords_do_as_well(post: Post) -> None:
    make_incident()
    assert post(URL, keywords=["api", "slow"]).json()["matches"]
    assert post(URL, keywords="api slow").json()["matches"]


def test_words_that_no_database_keeps_are_matched_all_the_same(post: Post) -> None:
    incident = make_incident()
    for words in ({"message": f"{SLOW} \ud83d\0"}, {"keywords": [*SLOW.split(), "\ud83d"]}):
        answer = post(URL, **words).json()
        assert [one["incident"]["id"] for one in answer["matches"]] == [incident.id]


def test_a_question_about_something_else_finds_nothing(post: Post) -> None:
    make_incident()
    assert post(URL, message="how do I change my avatar").json()["matches"] == []


def test_nothing_is_found_once_it_is_resolved(post: Post) -> None:
    incident = make_incident()
    assert post(URL, message=SLOW).json()["matches"]
    post_update(incident, by=STAFF, saying=Saying(status="resolved"))
    assert post(URL, message=SLOW).json()["matches"] == []


def test_an_internal_or_partner_incident_is_never_named(post: Post) -> None:
    make_incident(pages=())
    make_incident(pages=(partner_page(),))
    assert post(URL, message=SLOW).json()["matches"] == []


def test_a_private_pages_incident_is_named_to_keys_bound_to_it_alone(post: Post) -> None:
    make_incident()
    password = "correct horse battery"
    change_access(default_page(), by=STAFF, visibility=Visibility.PASSWORD, password=password)
    assert post(URL, message=SLOW).json()["matches"] == []
    _, text = issue_key("bound", scopes=["assist"], by=STAFF, page_ids=[default_page().id])
    bound = Client(HTTP_HOST="acme.localhost", HTTP_AUTHORIZATION=f"Bearer {text}")
    answer = bound.post(URL, {"message": SLOW}, content_type="application/json").json()
    assert len(answer["matches"]) == 1


def test_a_private_text_is_never_told(post: Post) -> None:
    incident = make_incident()
    secret = "api slow because the quokka cache is gone"
    post_update(incident, by=STAFF, saying=Saying(body=secret, is_public=False))
    assert "quokka" not in post(URL, message=SLOW).content.decode()
    assert post(URL, message="quokka cache gone").json()["matches"] == []


def test_the_neighbours_incident_is_never_found(globex: Tenant, post: Post) -> None:
    with in_tenant("globex"):
        make_incident()
    assert post(URL, message=SLOW).json()["matches"] == []


def test_an_empty_question_is_refused_with_what_would_be_right(post: Post) -> None:
    response = post(URL, message="  ")
    assert response.status_code == 422
    assert "customer's words" in response.json()["detail"]
    assert post(URL).status_code == 422


def test_a_name_that_is_not_known_is_refused(post: Post) -> None:
    make_incident("API slow")
    for name, sentence in (
        ("mesage", "There is no 'mesage' here; did you mean 'message'?"),
        ("page", "There is no 'page' here; the body takes message, keywords, limit, language."),
    ):
        (problem,) = post(URL, message=SLOW, **{name: "x"}).json()["errors"]
        assert (problem["field"], problem["detail"]) == (name, sentence)
    assert post(URL, message=SLOW, language="de").status_code == 200


def test_planned_work_is_named_by_the_address_that_shows_it(post: Post, visitor: Client) -> None:
    maintenance = plan(timedelta(minutes=5))
    start_maintenance(maintenance, by=STAFF)
    (found,) = post(URL, message="is the database upgrade why your api is down?").json()["matches"]
    assert visitor.get(urlsplit(found["incident"]["url"]).path).status_code == 200
