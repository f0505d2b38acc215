"""/conversations: opened once, read, changed, deleted; only by those who may."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from assist.models import Conversation
from atender.api.keys import issue_key
from atender.tenants.models import Tenant
from tests.assist.conversations.making import MARIA, hear, make_conversation
from tests.conftest import api_client
from tests.factories import STAFF, make_incident, make_key, partner_page

Post = Callable[..., Any]
URL = "/api/v1/conversations"


def patch(api: Client, path: str, **body: Any) -> Any:
    return api.patch(path, body, content_type="application/json")


def test_opening_answers_what_is_there(post: Post, api: Client) -> None:
    answer = post(
        URL,
        external_id="chat-1",
        channel="chat",
        customer_email="Maria@EXAMPLE.com",
        address_proved=True,
        language="pt-BR",
        handled_by="ai",
    )
    assert answer.status_code == 201
    document = answer.json()
    assert document["customer_email"] == "Maria@example.com"
    assert document["language"] == "pt"
    assert document["incident_ids"] == []
    assert answer["Location"] == f"{URL}/{document['id']}"
    assert api.get(answer["Location"]).json() == document


def test_the_same_id_again_is_the_same_one(post: Post) -> None:
    first = post(URL, external_id="chat-1", channel="chat", handled_by="ai")
    again = post(URL, external_id="chat-1", channel="mail", handled_by="human")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"customer_email": "nobody"}, "customer_email"),
        ({"address_proved": True}, "address_proved"),
        ({"external_id": "a\nb"}, "external_id"),
        ({"external_id": " "}, "external_id"),
        ({"channel": " "}, "channel"),
    ],
)
def test_what_makes_no_sense_is_refused(post: Post, wrong: dict[str, Any], field: str) -> None:
    body = {"external_id": "chat-1", "channel": "chat", "handled_by": "ai", **wrong}
    answer = post(URL, **body)
    assert answer.status_code in (400, 422)
    assert answer.json()["errors"][0]["field"] == field
    assert not Conversation.objects.exists()


def test_a_wrong_shape_is_a_400(post: Post) -> None:
    answer = post(URL, external_id="chat-1", channel="chat", handled_by="parrot")
    assert answer.status_code == 400


def test_lists_newest_first_page_by_page(api: Client) -> None:
    for number in range(5):
        make_conversation(f"chat-{number}")
    page = api.get(f"{URL}?limit=3").json()
    rest = api.get(f"{URL}?limit=3&cursor={page['next_cursor']}").json()
    seen = [row["external_id"] for row in page["data"] + rest["data"]]
    assert seen == [f"chat-{number}" for number in (4, 3, 2, 1, 0)]
    assert rest["next_cursor"] is None


def test_lists_what_is_asked_for(api: Client) -> None:
    make_conversation("chat-1", handled_by="ai", address="other@example.com")
    make_conversation("chat-2")
    for asked, found in (
        ("external_id=chat-1", ["chat-1"]),
        ("email=MARIA@example.com", ["chat-2"]),
        ("handled_by=ai", ["chat-1"]),
        ("open=false", []),
    ):
        rows = api.get(f"{URL}?{asked}").json()["data"]
        assert [row["external_id"] for row in rows] == found, asked


def test_a_list_costs_as_much_for_one_as_for_many(
    api: Client, django_assert_num_queries: Any
) -> None:
    incident = make_incident()
    hear(make_conversation("chat-0"))
    api.get(URL)
    with django_assert_num_queries(6):
        assert api.get(URL).json()["data"][0]["cards"][0]["incident_id"] == incident.id
    for number in range(1, 8):
        hear(make_conversation(f"chat-{number}"))
    with django_assert_num_queries(6):
        assert len(api.get(URL).json()["data"]) == 8


def test_what_is_known_better_is_changed(api: Client) -> None:
    conversation = make_conversation(is_proved=True)
    path = f"{URL}/{conversation.id}"
    assert patch(api, path, handled_by="ai", open=False).json()["open"] is False
    assert patch(api, path, customer_email=MARIA.upper()).json()["address_proved"] is True
    changed = patch(api, path, customer_email="other@example.com").json()
    assert (changed["handled_by"], changed["address_proved"]) == ("ai", False)
    assert patch(api, path, customer_email="", address_proved=True).status_code == 422


def test_one_is_deleted_with_all_that_was_said(api: Client) -> None:
    conversation = make_conversation()
    hear(conversation)
    assert api.delete(f"{URL}/{conversation.id}").status_code == 204
    assert api.get(f"{URL}/{conversation.id}").status_code == 404


def test_a_reading_key_reads(acme: Tenant) -> None:
    conversation = make_conversation()
    reader = api_client(make_key("read"))
    assert reader.get(f"{URL}/{conversation.id}").status_code == 200
    assert reader.delete(f"{URL}/{conversation.id}").status_code == 403


def test_doors_of_other_pages_do_not_see_it(post: Post, api: Client) -> None:
    """Ids of a partners' help desk and of the public one never meet."""
    own = make_conversation()
    _, text = issue_key("partners", scopes=["assist"], by=STAFF, page_ids=[partner_page().id])
    partners = api_client(text)
    assert partners.get(f"{URL}/{own.id}").status_code == 404
    assert partners.get(URL).json()["data"] == []
    body = {"external_id": "chat-1", "channel": "chat", "handled_by": "ai"}
    answer = partners.post(URL, body, content_type="application/json")
    assert answer.status_code == 201
    assert api.get(f"{URL}/{answer.json()['id']}").status_code == 404
